"""Half-written: snapshots, indexes and uploads that a power cut or a failing disk left other than they were written.

Each is cut short at a random place, has a random bit turned, or is killed between its writing and its renaming. It is
refused or made again; an answer that is other than that of the whole would be wrong.
"""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.faults import world
from bench.faults.installation import ROOT, Installation, Serving, install
from bench.faults.verdict import Verdict
from connectors.archive import Archive, SnapshotDamaged, SnapshotMissing, content_sha256
from geodata.degreecells import cells_of
from geodata.index import PlaceIndex
from geodata.saved import SavedDamaged
from service import sync
from service.context import close
from service.importing import uploads
from service.store import imports, snapshots

#: Dies at the nth flush or the nth change of a name while a source is brought up to date.
_DYING = """
import os, sys
from pathlib import Path
from service import sync
from service.context import open_context
from service.configuration.settings import Settings
left = int(sys.argv[1])
def dying(done):
    def die(*given, **named):
        global left
        left -= 1
        if not left:
            os._exit(9)
        return done(*given, **named)
    return die
os.fsync, Path.rename = dying(os.fsync), dying(Path.rename)
sync.sync(open_context(Settings(_env_file=None)), "places")
"""

Harm = Callable[[Path], None]


def run(times: int, seed: int) -> Verdict:
    """Harm each kind of file so often."""
    chance = random.Random(seed)  # noqa: S311 - to be repeatable
    came: Counter[str] = Counter()
    with TemporaryDirectory(prefix="faults-") as folder, world.source() as source:
        place = Path(folder) / "var"
        place.mkdir()
        installation = install(place, None, source)
        for number in range(times):
            came[_snapshot(installation, Path(folder) / f"archive-{number}", chance)] += 1
            came[_index(installation, Path(folder) / f"index-{number}", chance)] += 1
        killed = sum(1 for number in range(1, 9) if _killed(installation, number))
        wrong = [f"{number} times {what}" for what, number in came.items() if "WRONG" in what]
        wrong += _whole(installation)
        cut = _uploads(installation, max(times // 20, 3), chance)
    wrong += [f"{cut} cut uploads became imports"] if cut else []
    figures = {what: f"{number:,}" for what, number in sorted(came.items())}
    figures |= {"syncs killed on their way": str(killed), "cut uploads that became imports": str(cut)}
    return Verdict("halves", "SQLite", f"{times} of each, seed {seed}", wrong, figures)


def _harm(folder: Path, chance: random.Random) -> None:
    """Cut a random file of a folder short, or turn a random bit of it."""
    path = chance.choice(sorted(one for one in folder.rglob("*") if one.is_file() and one.stat().st_size))
    content = bytearray(path.read_bytes())
    at = chance.randrange(len(content))
    if chance.random() < 0.5:
        del content[at:]
    else:
        content[at] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def _snapshot(installation: Installation, copy: Path, chance: random.Random) -> str:
    """Return what the archive says of a harmed copy of the present snapshot, read whole and in part."""
    (whole,) = [one for one in (installation.folder / "snapshots").iterdir() if not one.name.startswith(".")][:1]
    shutil.copytree(whole, copy / whole.name)
    _harm(copy / whole.name, chance)
    harmed, sound = Archive(str(copy)), Archive(str(whole.parent))
    cells = sorted({int(cell) for cell in cells_of(*_points(sound, whole.name))})
    truth = {cell: places.table for cell, places in sound.near(whole.name, cells).items()}
    said = set()
    try:
        said.add("whole" if content_sha256(harmed.get(whole.name)) == whole.name else "WRONG")
    except (SnapshotDamaged, SnapshotMissing):
        said.add("refused")
    try:
        found = {cell: places.table for cell, places in harmed.near(whole.name, cells).items()}
        said.add("whole" if found == truth else "WRONG")
    except (SnapshotDamaged, SnapshotMissing):
        said.add("refused")
    shutil.rmtree(copy)
    return f"snapshot {' and '.join(sorted(said))}"


def _points(archive: Archive, name: str) -> tuple[object, object]:
    ((lat, lon),) = archive.points(name)
    return lat, lon


def _index(installation: Installation, folder: Path, chance: random.Random) -> str:
    """Return what becomes of a harmed index."""
    places = Archive(str(installation.folder / "snapshots")).get(_present(installation)).places
    built = PlaceIndex.build(places)
    built.save(folder)
    _harm(folder, chance)
    try:
        opened = PlaceIndex.open(folder)
    except SavedDamaged:
        return "index refused"
    finally:
        shutil.rmtree(folder)
    asked = [world.name(number) for number in range(0, world.LISTED, 10)]
    same = all(opened.search(one, None, None, 5) == built.search(one, None, None, 5) for one in asked)
    return "index whole" if same else "index WRONG"


def _present(installation: Installation) -> str:
    context = installation.open()
    try:
        with context.store.read() as session:
            (sha256,) = snapshots.current_lists(session)
            return sha256
    finally:
        close(context)


def _killed(installation: Installation, number: int) -> bool:
    """Bring the source up to date in a process that dies at this flush or renaming; return whether it died."""
    words = [sys.executable, "-c", _DYING, str(number)]
    ended = subprocess.run(words, cwd=ROOT, env=installation.environment, check=False, capture_output=True)  # noqa: S603 - ours
    return ended.returncode == 9


def _whole(installation: Installation) -> Iterator[str]:
    """Yield what is wrong after all that: the present snapshot must be whole, and the next sync bring another."""
    context = installation.open()
    try:
        before = _present(installation)
        context.archive.get(before)
        after = sync.sync(context, "places").snapshot
        context.archive.get(after)
        if after == before:
            yield "the sync after the kills brought nothing"
    finally:
        close(context)


def _uploads(installation: Installation, times: int, chance: random.Random) -> int:
    """Send files that break off at a random place, and return how many of them anything was made of."""
    serving = Serving(installation)
    serving.start()
    body = world.rows(range(1_000_000, 1_000_400))
    for _ in range(times):
        head = "POST /v1/collections/files/imports?name=a.csv HTTP/1.1\r\nHost: a\r\nContent-Type: text/csv\r\n"
        head += f"Authorization: Bearer {installation.secrets['first']}\r\nContent-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", serving.port), timeout=60) as connection:
            connection.sendall(head.encode() + body[: chance.randrange(len(body))])
    serving.stop()
    context = installation.open()
    try:
        with context.store.read() as session:
            made = len(imports.unfinished(session)) + len(imports.page(session, None).items)
        return made + len(list(uploads.room(context).iterdir()))
    finally:
        close(context)
