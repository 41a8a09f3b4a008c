"""How long ten million places in the shape of the GeoNames dump take to sync, and how much memory.

The dump is made up: zip archives with the columns, widths and codes of the real ones, some rows broken. A process of
its own reads it from a folder, joins the alternate names, fingerprints and archives it. Run: python -m bench geonames
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from bench.lists import SEED
from bench.table import Table

PLACES = 10_000_000
NAMES = 18_000_000
_BLOCK = 200_000
_SYLLABLES = ("ka", "ru", "mo", "ti", "ba", "ne", "sha", "lo", "gi", "wa", "ny", "mbe", "ngo", "phi", "zi", "ye", "la")
_COUNTRIES = ("KE", "UG", "TZ", "ET", "IN", "BR", "ID", "PH", "NG", "MX")
_LANGUAGES = ("en", "sw", "fr", "es", "pt", "hi", "", "link", "post", "wkdt")

#: Run in the measured process; prints what it came to as JSON.
_MEASURED = """
import json, resource, sys, time
from connectors.archive import Archive
from connectors.client import Client
from connectors.geonames import GeoNamesConnector
begun = time.perf_counter()
with Client() as client:
    snapshot = GeoNamesConnector().fetch(client, {"path": sys.argv[1]})
read = time.perf_counter()
archive = Archive(sys.argv[2])
name = archive.put(snapshot)
put = time.perf_counter()
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"places": len(snapshot.places), "read": read - begun, "put": put - read, "peak": used.ru_maxrss,
    "cpu": used.ru_utime + used.ru_stime, "problems": len(snapshot.problems), "size": archive.size(name)}))
"""


def run() -> list[Table]:
    """Make the dump, sync it, and weigh the process that did."""
    with tempfile.TemporaryDirectory() as folder:
        made = time.perf_counter()
        dump(Path(folder), PLACES, NAMES)
        made = time.perf_counter() - made
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        command = [sys.executable, "-c", _MEASURED, folder, f"{folder}/archive"]
        done = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - ourselves
    said: dict[str, Any] = json.loads(done.stdout)
    taken = said["read"] + said["put"]
    row = (
        f"{said['places']:,}",
        f"{size / 1e6:,.0f}",
        f"{said['read']:,.0f}",
        f"{said['put']:,.0f}",
        f"{said['places'] / taken:,.0f}",
        f"{said['cpu']:,.0f}",
        f"{said['peak'] / 1024:,.0f}",
        f"{said['size'] / 1e6:,.0f}",
    )
    columns = ("places", "archives MB", "read s", "archived s", "places a second", "CPU s", "peak MiB", "snapshot MB")
    title = f"A dump of {PLACES:,} rows with {NAMES:,} alternate names, from a folder (made in {made:.0f} s)"
    return [Table("geonames", title, columns, (row,))]


def dump(folder: Path, places: int, names: int, renamed: int = 0) -> None:
    """Write allCountries.zip and alternateNamesV2.zip of the given sizes; one place in `renamed` has another name."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(SEED)
    ids = random.permutation(places)
    with _text(folder / "allCountries.zip") as file:
        for first in range(0, places, _BLOCK):
            file.write(_rows(random, ids[first : first + _BLOCK], renamed))
        file.write(b"12\tcut short\n")
    with _text(folder / "alternateNamesV2.zip") as file:
        for first in range(0, names, _BLOCK):
            file.write(_alternates(random, first, min(_BLOCK, names - first), places))


class _text:  # noqa: N801 - used like open()
    """The one text of a new zip archive."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._entry = self._archive.open(f"{path.stem}.txt", "w", force_zip64=True)

    def __enter__(self) -> Any:
        return self._entry

    def __exit__(self, *_: object) -> None:
        self._entry.close()
        self._archive.close()


def _rows(random: np.random.Generator, ids: Any, renamed: int) -> bytes:
    count = len(ids)
    name = _names(random, count)
    if renamed:
        name = pc.if_else(pa.array(ids % renamed == 0), pc.binary_join_element_wise(name, "wenu", ""), name)
    country = _of(random, _COUNTRIES, count)
    number = [str(n) for n in range(100)]
    columns = [
        pa.array(ids).cast(pa.string()),
        name,
        name,
        pc.binary_join_element_wise(_names(random, count), _names(random, count), ","),
        _degrees(random, count, 60),
        _degrees(random, count, 170),
        pa.repeat(pa.scalar("P"), count),
        _of(random, ("PPL", "PPL", "PPL", "PPLA", "PPLX", "PPLF"), count),
        country,
        pa.repeat(pa.scalar(""), count),
        _of(random, number, count),
        _of(random, number, count),
        *(pa.repeat(pa.scalar(""), count) for _ in range(2)),
        pa.array(random.integers(0, 5_000, count) * (random.random(count) < 0.1)).cast(pa.string()),
        pa.repeat(pa.scalar(""), count),
        pa.array(random.integers(0, 3_000, count)).cast(pa.string()),
        pa.repeat(pa.scalar("Africa/Nairobi"), count),
        _of(random, ("2012-01-17", "2018-09-05", "2025-11-02"), count),
    ]
    return _lines(columns)


def _alternates(random: np.random.Generator, first: int, count: int, places: int) -> bytes:
    columns = [
        pa.array(np.arange(first, first + count)).cast(pa.string()),
        pa.array(random.integers(0, places, count)).cast(pa.string()),
        _of(random, _LANGUAGES, count),
        _names(random, count),
        *(pa.repeat(pa.scalar(""), count) for _ in range(6)),
    ]
    return _lines(columns)


def _names(random: np.random.Generator, count: int) -> pa.Array:
    return pc.utf8_capitalize(pc.binary_join_element_wise(*(_of(random, _SYLLABLES, count) for _ in range(4)), ""))


def _degrees(random: np.random.Generator, count: int, most: int) -> pa.Array:
    return pa.array(np.round(random.uniform(-most, most, count), 5)).cast(pa.string())


def _of(random: np.random.Generator, words: Any, count: int) -> pa.Array:
    return pa.array(words).take(pa.array(random.integers(0, len(words), count)))


def _lines(columns: list[pa.Array]) -> bytes:
    lines = pc.binary_join_element_wise(*columns, "\t")
    return ("\n".join(lines.to_pylist()) + "\n").encode()
