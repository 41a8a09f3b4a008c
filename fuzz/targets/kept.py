"""What the service keeps and reads again, after a disk or a person has changed it: snapshots, indexes, certificates."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from connectors.archive import Archive, SnapshotDamaged
from connectors.register import official_file
from fuzz.target import Target, refusing
from geodata.index import PlaceIndex
from geodata.saved import SavedDamaged
from service.errors import Problem
from service.offline.compare import compare_files
from service.offline.inputs import Request
from service.offline.replay import Where, replay_file

_CITIZEN = b"id,name,lat,lon,country\nc1,Lindi,-1.31,36.78,KEN\nc2,Soweto,-1.32,36.80,KEN\n"
_OFFICIAL = b"id,name,lat,lon,country\n1,Lindi,-1.3,36.8,KEN\n2,Makina,1.5,36.9,KEN\n"
_TODAY = date(2026, 3, 31)

Files = Mapping[str, bytes]  # path below a folder -> content


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@cache
def _snapshot() -> Files:
    """Return an archive with one snapshot."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "list.csv")
        path.write_bytes(_OFFICIAL)
        Archive(f"{folder}/archive").put(official_file(path, {}).snapshot())
        return _files(Path(folder, "archive"))


@cache
def _index() -> Files:
    """Return an index that was saved."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "list.csv")
        path.write_bytes(_OFFICIAL)
        PlaceIndex.build(official_file(path, {}).reading.places).save(Path(folder, "index"))
        return _files(Path(folder, "index"))


@cache
def _certificates() -> Files:
    """Return two files that were compared, and the certificates of that."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        here.joinpath("citizen.csv").write_bytes(_CITIZEN)
        here.joinpath("official.csv").write_bytes(_OFFICIAL)
        request = Request(
            here / "citizen.csv", here / "official.csv", here / "out.csv", certificates=here / "certificates.jsonl"
        )
        compare_files(request, lambda *_: None, today=_TODAY)
        return _files(here)


def _changed(made: Callable[[], Files], read: Callable[[Path], object]) -> Callable[[bytes], None]:
    """Return a body that reads a folder after one file, which the first byte names, was replaced by the rest."""

    def body(data: bytes) -> None:
        files = made()
        changed = list(files)[data[0] % len(files)] if data else None
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data[1:] if name == changed else content)
            read(Path(folder))

    return refusing(body, SnapshotDamaged, SavedDamaged, Problem)


def _seeds(made: Callable[[], Files]) -> Callable[[], list[bytes]]:
    return lambda: [bytes([at]) + content for at, content in enumerate(made().values())]


def _get(folder: Path) -> None:
    (name,) = (path.name for path in folder.iterdir())
    archive = Archive(str(folder))
    archive.described(name)
    archive.get(name)


def _replay(folder: Path) -> None:
    for replayed in replay_file(Where(folder / "certificates.jsonl")):
        list(replayed.differences)


TARGETS = (
    Target("snapshot", "snapshots in the archive", _changed(_snapshot, _get), _seeds(_snapshot), runs=5_000,
           longest=16_384),
    Target("index", "indexes kept as columns", _changed(_index, PlaceIndex.open), _seeds(_index), runs=5_000,
           longest=16_384),
    Target("certificates", "files of certificates, for replay", _changed(_certificates, _replay),
           _seeds(_certificates), runs=3_000, longest=16_384),
)  # fmt: skip
