"""Places written in parts are the same list, under the same name, as if they had been held in memory."""

from __future__ import annotations

import gc
import json
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as some

from connectors.archive import Archive, content_sha256
from connectors.bulk import places_on_disk
from connectors.bulk.fingerprints import RunningFingerprint
from connectors.bulk.places_on_disk import PlaceWriter
from connectors.snapshot import Exchange, Provenance, Snapshot
from geodata.coverage import CoverageManifest
from geodata.fingerprint import fingerprint
from geodata.places import SCHEMA, Places

TEXT = some.none() | some.text(max_size=8)
ROWS = some.lists(
    some.fixed_dictionaries(
        {
            "names": some.lists(some.text(max_size=5), max_size=3),
            "country": TEXT,
            "lat": some.none() | some.floats(-90, 90),
            "admin": some.none() | some.dictionaries(some.text(max_size=3), some.text(max_size=3), max_size=2),
            "area": some.none() | some.just(shapely.to_wkb(shapely.box(1, 2, 3, 4))),
            "groups": some.none() | some.lists(some.text(max_size=3), max_size=2),
            "counts": some.none() | some.just([{"value": 5.0, "status": "observed", "date": date(2020, 1, 2)}]),
            "observed": some.none() | some.dates(),
        }
    ),
    max_size=30,
)


def places(rows: list[dict[str, Any]]) -> Places:
    """Make places with ids of their own."""
    return Places.from_rows([row | {"id": str(i)} for i, row in enumerate(rows)])


@given(rows=ROWS, cuts=some.lists(some.integers(0, 30), max_size=4))
def test_the_fingerprint_of_parts_is_that_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]], cuts: list[int]
):
    """Wherever a table is cut, nested columns, nulls and odd lengths included, the digest is that of all of it."""
    whole = places(rows).table
    running = RunningFingerprint(SCHEMA, tmp_path_factory.mktemp("spool"))
    edges = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    for first, last in pairwise(edges):
        running.add(whole.slice(first, last - first))
    assert running.hexdigest() == fingerprint(whole)


def test_numbers_and_truths_are_told_as_in_memory(tmp_path: Path):
    """Columns that places do not have, whole numbers and truths, are taken alike."""
    table = pa.table({"n": pa.array([1, None, 3], pa.int64()), "b": pa.array([True, None, False])})
    running = RunningFingerprint(table.schema, tmp_path)
    running.add(table)
    assert running.hexdigest() == fingerprint(table)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> tuple[Places, places_on_disk.PlacesOnDisk]:
    """Give 25 places, and the same written in parts of seven to groups of ten."""
    monkeypatch.setattr(places_on_disk, "GROUP_ROWS", 10)
    rows: list[dict[str, Any]] = [{"names": [f"Place {i}"], "lat": i, "lon": -i / 2} for i in range(24)]
    whole = places([*rows, {"names": [], "area": shapely.to_wkb(shapely.box(36, -2, 37, -1))}])
    with PlaceWriter() as writer:
        for first in range(0, 25, 7):
            writer.write(whole.take(np.arange(first, min(first + 7, 25))))
        return whole, writer.places()


def snapshot(listed: Places) -> Snapshot:
    """Give a snapshot of a list."""
    said = Provenance("s", "t", "e", "2026", "release", "CC0", None, "us")
    return Snapshot(said, CoverageManifest(notes=("all",)), exchanges=(), places=listed)


def test_a_list_on_disk_has_the_name_of_the_same_list_in_memory(
    written: tuple[Places, places_on_disk.PlacesOnDisk], tmp_path: Path
):
    """The archive keeps it without reading it, under the sha256 of its content, and gives it back whole."""
    whole, on_disk = written
    archive = Archive(str(tmp_path))
    name = archive.put(snapshot(on_disk))
    assert "table" not in vars(on_disk)
    assert name == content_sha256(snapshot(whole))
    kept = archive.get(name).places
    assert kept is not None
    assert kept.table.equals(whole.table)


def test_a_list_on_disk_goes_into_a_bucket(written: tuple[Places, places_on_disk.PlacesOnDisk]):
    """Where the archive is no directory, the file is sent as it is."""
    archive = Archive("memory://bulk")
    name = archive.put(snapshot(written[1]))
    assert archive.get(name).places is not None


def test_a_list_on_disk_is_a_list(written: tuple[Places, places_on_disk.PlacesOnDisk]):
    """Whoever takes places takes these too; only their number is known without reading."""
    whole, on_disk = written
    assert len(on_disk) == 25
    assert on_disk
    assert "25 rows" in repr(on_disk)
    assert on_disk.ids == whole.ids
    assert on_disk.take([3]).primary_names == ["Place 3"]


def test_the_file_is_geoparquet(written: tuple[Places, places_on_disk.PlacesOnDisk]):
    """Other programs read it: groups of rows, and the extent and types of geometry of all parts together."""
    _, on_disk = written
    file = pq.ParquetFile(on_disk.file)
    assert file.num_row_groups == 2
    geo = json.loads(file.metadata.metadata[b"geo"])["columns"]["geometry"]
    assert geo["geometry_types"] == ["Point", "Polygon"]
    assert geo["bbox"] == [-11.5, -2.0, 37.0, 23.0]
    assert len(geopandas.read_parquet(on_disk.file)) == 25


def test_what_is_no_longer_needed_goes():
    """The folder goes with the last reference to its places; a writer that failed leaves none either."""
    with PlaceWriter() as writer:
        writer.write(places([{"names": ["A"]}]))
        listed: Places | None = writer.places()
    assert sorted(path.name for path in writer._folder.iterdir()) == ["places.parquet"]
    del listed
    gc.collect()
    assert not writer._folder.exists()
    failing = PlaceWriter()
    with pytest.raises(ZeroDivisionError), failing:
        raise ZeroDivisionError
    assert not failing._folder.exists()


def test_exchanges_are_kept_with_it(written: tuple[Places, places_on_disk.PlacesOnDisk], tmp_path: Path):
    """The manifest of a list on disk says as much as any other."""
    exchange = Exchange("file:x", 200, "0" * 64, 1, datetime(2026, 1, 1, tzinfo=UTC))
    kept = snapshot(written[1])
    archive = Archive(str(tmp_path))
    name = archive.put(Snapshot(kept.provenance, kept.coverage, (exchange,), kept.places))
    assert archive.get(name).exchanges == (exchange,)
    assert archive.size(name) > written[1].file.stat().st_size
