"""A large file comes in parts that together are the same table, in bounded memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.files import streaming
from geodata.files.sheet import Table, UnreadableTable
from geodata.files.streaming import PART_ROWS, open_tables
from geodata.files.tables import read_table
from tests.specimens.saving import workbook


def together(parts: list[Table]) -> tuple[list[dict[str, object]], list[int], list[str]]:
    """Return the rows, their numbers and the sentences of the problems of all parts."""
    columns = pa.concat_tables([part.columns for part in parts])
    problems = sorted(problem.sentence() for part in parts for problem in part.problems)
    return columns.to_pylist(), [number for part in parts for number in part.rows.tolist()], problems


CELLS = st.sampled_from(["Lindi", "Makina", '"a, b"', '"two\nlines"', '"said ""so"""', "São", "", "12"])
ROWS = st.lists(
    st.tuples(CELLS, CELLS, CELLS).map(",".join) | st.sampled_from(["", "short,row", "a,b,c,d"]), max_size=200
)


@settings(max_examples=100, deadline=None)
@given(rows=ROWS, cut=st.tuples(st.integers(60, 80), st.integers(7, 900)), end=st.sampled_from(["\n", "\r\n"]))
def test_parts_are_the_whole(tmp_path_factory: pytest.TempPathFactory, rows: list[str], cut: tuple[int, int], end: str):
    """However a file is cut, rows, numbers and problems are those of one reading, values with line breaks included."""
    path = tmp_path_factory.mktemp("cut") / "list.csv"
    path.write_bytes(end.join(["Title of the list", "id,name,note", *rows, "z,last,row"]).encode())
    size, chunk = cut
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(streaming, "PART_ROWS", size)
        patch.setattr(streaming, "_CHUNK", chunk)
        parts = list(open_tables(path))
    assert together(parts) == together([read_table(path)])
    assert max(map(len, parts)) <= size


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_the_encoding_is_that_of_the_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str):
    """One guess for all parts, made after one look at all of them, although only the last rows have accents."""
    path = tmp_path / "list.csv"
    lines = [f"{n};Aldeia {n};" for n in range(400)] + [f"{n};Povoação São João {n};é" for n in range(400, 440)]
    path.write_bytes("\r\n".join(["id;nome;nota", *lines]).encode(encoding))
    monkeypatch.setattr(streaming, "PART_ROWS", 50)
    monkeypatch.setattr(streaming, "_CHUNK", 256)
    parts = list(open_tables(path))
    assert len(parts) > 5
    assert together(parts) == together([read_table(path)])
    assert together(parts)[0][439]["nome"] == "Povoação São João 439"


def test_stray_lines_of_another_encoding_are_mended_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Lines pasted in from elsewhere are told with their rows, in whatever part they fall."""
    path = tmp_path / "list.csv"
    lines = [f"{n},São {n}".encode("cp1252" if n in {30, 77} else "utf-8") for n in range(100)]
    path.write_bytes(b"\n".join([b"id,name", *lines, b""]))
    monkeypatch.setattr(streaming, "PART_ROWS", 20)
    monkeypatch.setattr(streaming, "_CHUNK", 64)
    parts = list(open_tables(path))
    assert together(parts) == together([read_table(path)])
    assert [problem.row for part in parts for problem in part.problems] == [32, 79]


def test_a_mark_that_is_never_closed_does_not_swallow_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """One slip costs one row, in a file of many parts too."""
    path = tmp_path / "list.csv"
    lines = [f'{n},"place {n}"' for n in range(500)]
    lines[120] = '120,"open'
    path.write_text("\n".join(["id,name", *lines, ""]))
    monkeypatch.setattr(streaming, "PART_ROWS", 50)
    parts = list(open_tables(path))
    assert sum(map(len, parts)) == 499
    assert [problem.row for part in parts for problem in part.problems] == [122]


def test_other_formats_are_cut_after_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A workbook comes in parts as well, and what is too large for memory is refused with a way out."""
    path = tmp_path / "list.xlsx"
    path.write_bytes(workbook({"A": [["id", "name"], *([f"r{n}", "x"] for n in range(25))]}))
    monkeypatch.setattr(streaming, "PART_ROWS", 10)
    parts = list(open_tables(path))
    assert [len(part) for part in parts] == [10, 10, 5]
    assert together(parts) == together([read_table(path)])
    monkeypatch.setattr(streaming, "LARGEST_WHOLE", 100)
    with pytest.raises(UnreadableTable, match="bytes; a file that is not CSV is read up to 100") as caught:
        list(open_tables(path))
    assert "CSV" in caught.value.hint


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "empty"), (b"\0" * 100_000, "empty"), (b"%PDF-1.4", "PDF"), (b"x" * 70_000_000, "line")]
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, said: str):
    """Nothing, zeros, another format and one endless line are each refused for what they are."""
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableTable, match=said):
        list(open_tables(path))


MEASURE = """
import resource, sys
from pathlib import Path
from geodata.files.columns import read_places
from geodata.files.streaming import open_tables
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for part in open_tables(Path(sys.argv[1])):
    read_places(part)
small = peak()
count = 0
for part in open_tables(Path(sys.argv[2])):
    count += len(read_places(part).places)
print(count, (peak() - small) * 1024)
"""


def test_memory_does_not_grow_with_the_file(tmp_path: Path):
    """Eight times the rows cost no more than a few parts of memory above two parts."""
    row = "r{0},Village {0},KEN,-1.25,36.75,{0},some words about the place that make its row as long as rows are\n"
    for name, rows in (("small.csv", 2 * PART_ROWS), ("large.csv", 16 * PART_ROWS)):
        with (tmp_path / name).open("w") as file:
            file.write("id,name,country,lat,lon,persons,note\n")
            file.writelines(row.format(number) for number in range(rows))
    size = (tmp_path / "large.csv").stat().st_size
    run = [sys.executable, "-c", MEASURE, str(tmp_path / "small.csv"), str(tmp_path / "large.csv")]
    root = Path(__file__).parents[3]
    out = subprocess.run(run, capture_output=True, text=True, check=True, cwd=root, timeout=300).stdout  # noqa: S603 - our own interpreter
    count, grown = map(int, out.split())
    assert count == 16 * PART_ROWS
    assert grown < size / 2
