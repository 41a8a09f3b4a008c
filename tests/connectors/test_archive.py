"""The archive keeps snapshots whole, once, and under the name of what they say."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest
import shapely

from connectors.archive import Archive, SnapshotDamaged, SnapshotMissing, content_sha256
from connectors.snapshot import OBSERVATIONS, Exchange, Provenance, Snapshot
from geodata.coverage import Completeness, CoverageManifest
from geodata.places import Places
from geodata.rows import RowProblem


def snapshot(retrieved: datetime = datetime(2026, 1, 1, tzinfo=UTC), name: str = "Lindi") -> Snapshot:
    """Give a snapshot with a bit of everything."""
    places = Places.from_rows(
        [
            {"id": "a", "names": [name], "lat": -1.3, "lon": 36.8, "admin": [("county", "Nairobi")]},
            {"id": "b", "names": [], "area": shapely.to_wkb(shapely.box(36, -2, 37, -1)), "groups": ["g"]},
        ]
    )
    row = {"area": "KEN", "area_scheme": "iso3166-1-a3", "area_name": "Kenya", "aggregate": False}
    row |= {"indicator": "SP.POP.TOTL", "period": "2019", "value": "52573973", "status": "observed", "raw": "52573973"}
    return Snapshot(
        provenance=Provenance(
            source="kibera",
            title="Sub-locations of Kibera",
            endpoint="kibera.csv",
            vintage="2009-08-24",
            vintage_kind="reference date",
            licence="facts",
            licence_url=None,
            attribution="KNBS",
            caveats=("points are medians",),
        ),
        coverage=CoverageManifest(
            completeness=Completeness.EXHAUSTIVE,
            kinds=frozenset({"village", "town"}),
            admin=(("county", frozenset({"Nairobi"})),),
            bbox=(36.0, -2.0, 37.0, -1.0),
            reference_date=date(2009, 8, 24),
            minimum_persons=0,
        ),
        exchanges=(Exchange("file:kibera.csv", 200, "0" * 64, 12, retrieved),),
        places=places,
        observations=pa.Table.from_pylist([row], schema=OBSERVATIONS),
        problems=(RowProblem(4, "lat", "x", "not a number", "write degrees", fatal=False),),
    )


@pytest.fixture(params=["directory", "memory"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    """Give an empty archive, once in a directory and once in fsspec's memory."""
    return Archive(str(tmp_path / "archive") if request.param == "directory" else f"memory://{uuid.uuid4().hex}")


def test_gives_back_what_was_put(archive: Archive):
    """Every column, cell, exchange and problem comes back as it was."""
    put = snapshot()
    got = archive.get(archive.put(put))
    assert got.places is not None
    assert put.places is not None
    assert got.places.table.equals(put.places.table)
    assert got.observations.equals(put.observations)
    assert replace(got, places=None, observations=None) == replace(put, places=None, observations=None)


def test_same_content_keeps_its_name_whenever_and_wherever_it_was_fetched(archive: Archive):
    """A later download of the same content is recognised as unchanged and not written again."""
    first = archive.put(snapshot())
    later = snapshot(retrieved=datetime(2026, 6, 1, tzinfo=UTC))
    moved = replace(later, provenance=replace(later.provenance, endpoint="https://example.org/kibera.csv"))
    assert archive.put(moved) == first
    assert archive.get(first).exchanges[0].retrieved_at == datetime(2026, 1, 1, tzinfo=UTC)


def test_other_content_has_another_name(archive: Archive):
    """One letter of one name, or one day of vintage, is another snapshot."""
    one = archive.put(snapshot())
    other = snapshot(name="Lindy")
    assert archive.put(other) != one
    assert content_sha256(replace(other, provenance=replace(other.provenance, vintage="2019-08-24"))) != one
    assert archive.exists(one)


def test_says_when_it_holds_no_such_snapshot(archive: Archive):
    """Asking for an unknown name is a clear failure, not an empty snapshot."""
    assert not archive.exists("0" * 64)
    with pytest.raises(SnapshotMissing):
        archive.get("0" * 64)
    with pytest.raises(SnapshotMissing):
        archive.size("0" * 64)


def test_counts_the_bytes_a_snapshot_takes(tmp_path: Path):
    """The size is that of the files on the disk."""
    archive = Archive(str(tmp_path))
    name = archive.put(snapshot())
    assert archive.size(name) == sum(path.stat().st_size for path in (tmp_path / name).iterdir())


@pytest.mark.parametrize("file", ["places.parquet", "observations.parquet", "manifest.json"])
def test_notices_damage(tmp_path: Path, file: str):
    """A truncated or altered file is never handed out as evidence."""
    archive = Archive(str(tmp_path))
    name = archive.put(snapshot())
    path = tmp_path / name / file
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(SnapshotDamaged):
        archive.get(name)


def test_notices_content_that_was_exchanged(tmp_path: Path):
    """A readable file with other content is damage too."""
    archive = Archive(str(tmp_path))
    one, other = archive.put(snapshot()), archive.put(snapshot(name="Lindy"))
    (tmp_path / one / "places.parquet").write_bytes((tmp_path / other / "places.parquet").read_bytes())
    with pytest.raises(SnapshotDamaged, match="content is"):
        archive.get(one)


def test_a_write_that_failed_half_way_is_not_visible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A full disk in the middle of a write leaves neither a snapshot nor rubbish behind."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    archive = Archive(str(tmp_path))
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        archive.put(snapshot())
    assert list(tmp_path.iterdir()) == []


def test_removes_a_snapshot_whole(archive: Archive):
    """What was removed is not there, can be put again, and removing it twice is no error; others stay."""
    one, other = archive.put(snapshot()), archive.put(snapshot(name="Lindy"))
    archive.remove(one)
    archive.remove(one)
    assert (archive.exists(one), archive.exists(other)) == (False, True)
    assert archive.put(snapshot()) == one
    assert archive.get(one).places is not None


def test_a_removal_that_was_broken_off_leaves_no_half_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A process killed in the middle leaves rubbish at most, which is swept once it is old; the name is free again."""
    archive = Archive(str(tmp_path))
    name = archive.put(snapshot())

    def killed(_path: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("shutil.rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            archive.remove(name)
    assert not archive.exists(name)
    assert archive.put(snapshot()) == name
    assert archive.sweep(datetime(2000, 1, 1, tzinfo=UTC)) == 0
    assert archive.sweep(datetime(2100, 1, 1, tzinfo=UTC)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_elsewhere_than_in_a_directory_nothing_is_swept():
    """A bucket holds no half written snapshot: its manifest comes last."""
    archive = Archive(f"memory://{uuid.uuid4().hex}")
    archive.put(snapshot())
    assert archive.sweep(datetime(2100, 1, 1, tzinfo=UTC)) == 0
