"""Small files that stand for enormous ones: refused in words, within little time and memory; sound ones are read."""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geodata.files.streaming import open_tables
from geodata.files.tables import UnreadableTable, read_table
from tests.specimens.saving import workbook

#: Of a process that refuses a bomb; what any of these stands for is at least ten times as much.
MOST_BYTES, MOST_SECONDS = 1_500_000_000, 60


def parquet(table: pa.Table) -> bytes:
    """Return a table as a file."""
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def repeated_text() -> bytes:
    """Return a text of a kilobyte, once in a dictionary, that four million rows mean."""
    meant = pa.DictionaryArray.from_arrays(pa.array(np.zeros(4_000_000, np.int32)), pa.array(["x" * 1_000]))
    return parquet(pa.table({"name": meant}))


def repeated_in_lists() -> bytes:
    """Return the same inside of a list."""
    meant = pa.DictionaryArray.from_arrays(pa.array(np.zeros(4_000_000, np.int32)), pa.array(["x" * 1_000]))
    return parquet(pa.table({"names": pa.ListArray.from_arrays(pa.array([0, 4_000_000], pa.int32()), meant)}))


def long_run() -> bytes:
    """Return twenty million equal numbers."""
    return parquet(pa.table({"id": pa.array(np.zeros(20_000_000, np.int8))}))


def long_list() -> bytes:
    """Return one row with a list of sixty million numbers."""
    held = pa.array(np.zeros(60_000_000, np.int8))
    return parquet(pa.table({"ids": pa.ListArray.from_arrays(pa.array([0, 60_000_000], pa.int32()), held)}))


def with_geo(said: str) -> bytes:
    """Return a table that says so of its geometry."""
    return parquet(pa.table({"a": [1]}).replace_schema_metadata({"geo": said}))


def wide(parted: str) -> bytes:
    """Return a text of a hundred thousand columns."""
    return (parted.join(f"c{at}" for at in range(100_000)) + "\n" + parted.join("1" * 100_000) + "\n").encode()


def swollen_sheet() -> bytes:
    """Return a workbook in which a part is two hundred times as large as it is packed."""
    packed = io.BytesIO(workbook({"Data": [["name"], ["Lindi"]]}))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("xl/sharedStrings.xml", b"<sst>" + b" " * 300_000_000 + b"</sst>")
    return packed.getvalue()


BOMBS: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "a text meant by every row": ("x.parquet", repeated_text, "bytes of text"),
    "a text meant by every entry of a list": ("x.parquet", repeated_in_lists, "bytes of text"),
    "a run of equal numbers": ("x.parquet", long_run, "20,000,000 rows"),
    "a list without end": ("x.parquet", long_list, "60,000,000 values"),
    "a hundred thousand columns of CSV": ("x.csv", lambda: wide(","), "columns"),
    "a hundred thousand columns of TSV": ("x.tsv", lambda: wide("\t"), "columns"),
    "a hundred thousand keys": (
        "x.json", lambda: json.dumps([{f"k{at}": 1 for at in range(100_000)}]).encode(), "100,000 columns",
    ),
    "lists in one another": (
        "x.geojson", lambda: b'{"type":"FeatureCollection","features":' + b"[" * 900 + b"]" * 900 + b"}", "100 deep",
    ),
    "objects in one another": ("x.json", lambda: b'[{"a":' + b'{"a":' * 400 + b"1" + b"}" * 401 + b"]", "100 deep"),
    "brackets without end": ("x.json", lambda: b"[" * 1_000_000, "depth limit"),
    "a number of a million digits": ("x.json", lambda: b'[{"a":' + b"9" * 1_000_000 + b"}]", "infinity"),
    "geometry described without end": ("x.parquet", lambda: with_geo("[" * 100_000), "cannot be read"),
    "geometry that is none": (
        "x.parquet",
        lambda: with_geo('{"version":"1.0.0","primary_column":"a","columns":{"a":{"encoding":"WKB"}}}'),
        "cannot be read",
    ),
    "a workbook of blanks": ("x.xlsx", swollen_sheet, "no table does"),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_what_stands_for_too_much_is_refused(name: str) -> None:
    """The sentence says what is too much and what to do."""
    file, made, said = BOMBS[name]
    with pytest.raises(UnreadableTable, match=said) as caught:
        read_table(made(), file)
    assert caught.value.hint


def test_refusing_costs_little(tmp_path: Path) -> None:
    """A process with a gigabyte and a half, and a minute, refuses all of them."""
    for at, (file, made, _) in enumerate(BOMBS.values()):
        (tmp_path / f"{at}-{file}").write_bytes(made())
    program = (
        "import pathlib, sys\nfrom geodata.files.tables import UnreadableTable, read_table\n"
        "for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):\n"
        "    try:\n        read_table(path)\n    except UnreadableTable:\n        print('refused')\n"
    )
    bound = (resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    run = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, str(tmp_path)],
        check=True,
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        preexec_fn=lambda: resource.setrlimit(*bound),
    )
    assert run.stdout.split() == ["refused"] * len(BOMBS)


def test_a_line_of_a_hundred_megabytes_is_refused_while_it_is_read(tmp_path: Path) -> None:
    """A file that is taken in part by part never stands in memory as one line."""
    path = tmp_path / "x.csv"
    path.write_bytes(b"id,name\n1," + b"x" * 100_000_000)
    with pytest.raises(UnreadableTable, match="a line runs on"):
        list(open_tables(path))


def test_dictionaries_are_texts_like_any() -> None:
    """What is stored once and meant often is read as it was meant, in lists too, and nulls stay nulls."""
    names = pa.array(["Lindi", "Makina", None, "Lindi"]).dictionary_encode()
    tags = pa.array([["a", "b"], None, [], ["a"]])
    table = read_table(parquet(pa.table({"name": names, "tags": tags, "n": [1, None, 3, 4]})), "x.parquet")
    assert table.columns.to_pydict() == {
        "name": ["Lindi", "Makina", None, "Lindi"],
        "tags": ["a;b", "", "", "a"],
        "n": ["1", None, "3", "4"],
    }


def test_bytes_of_utf7_stay_what_they_are() -> None:
    """An encoding in which any letter may hide is never guessed: the text is read as it stands."""
    table = read_table(b"id,name\n1,Caf+AOk-\n2,+ADw-script+AD4-\n", "x.csv")
    assert table.columns.column("name").to_pylist() == ["Caf+AOk-", "+ADw-script+AD4-"]


def test_a_workbook_at_which_its_reader_panics_is_refused() -> None:
    """A panic of native code is no `Exception`; past this border it would end whatever thread reads the file."""
    kept = Path(__file__).parents[3] / "fuzz" / "seeds" / "xls" / "panic"
    with pytest.raises(UnreadableTable, match="contradict one another") as caught:
        read_table(kept.read_bytes(), "x.xls")
    assert "save it again" in caught.value.hint
