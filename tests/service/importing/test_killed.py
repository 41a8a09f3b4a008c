"""An import whose process is killed goes on in the next one, and ends as if nothing had happened."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from geodata.files import streaming
from service.configuration.settings import Settings
from service.context import close, open_context
from service.importing import jobs, uploads
from service.importing.importer import Importer, work_in_turn
from service.importing.plan import Mode, Upload, Wish
from service.store import imports, leases
from service.store.import_tables import ImportState

ROOT = Path(__file__).parents[3]
PART = 40

#: Reads in small parts and kills itself, as a power cut would, when something is done for the nth time.
KILLED = f"""
import os, signal, sys
from geodata.files import streaming
from service import verify
from service.context import open_context
from service.importing import working
from service.importing.importer import Importer
from service.configuration.settings import Settings
from service.rights import taking_back
from service.store import import_problems

streaming.PART_ROWS = {PART}
module, name = {{
    "inside a part": (import_problems, "add"),
    "between two parts": (working, "_look_up"),
    "inside a verification": (verify, "raise_flags"),
    "inside a withdrawal": (taking_back.findings, "supersede"),
}}[sys.argv[3]]
done, left = getattr(module, name), int(sys.argv[4])

def dying(*given, **named):
    global left
    left -= 1
    answer = done(*given, **named)
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return answer

setattr(module, name, dying)
Importer(open_context(Settings(data_dir=sys.argv[1], database_url=sys.argv[2], _env_file=None))).look()
"""


def lines(count, persons):
    """Return a file of so many rows, a kilometre apart, of which every tenth cannot be kept."""
    rows = []
    for n in range(count):
        name, lat, lon = "" if n % 10 == 9 else f"Kijiji {n}", 0.5 + n % 20 * 0.01, 35 + n // 20 * 0.01
        rows.append(f"v{n},{name},Kenya,{lat:.3f},{lon:.3f},{persons}")
    return "\n".join(["id,name,country,latitude,longitude,population", *rows]) + "\n"


class Place:
    """A database with files to import into it."""

    def __init__(self, url, directory, scene):
        """Open it, with a list to compare with."""
        self.url, self.directory = url, directory
        directory.mkdir(exist_ok=True)
        self.context = open_context(Settings(data_dir=directory, database_url=url, _env_file=None))
        self.caller = scene.caller(self.context.store)
        scene.publish(self.context, scene.official(scene.villages))

    def wait(self, content, mode):
        """Send a file that nobody works on yet."""
        import_id, path = uploads.fresh(self.context)
        path.write_text(content)
        return jobs.begin(self.context, Upload(import_id, path, "v.csv", "villages"), Wish(mode), self.caller).job

    def state(self, job):
        """Return all that can be told apart from the names and moments that every run makes anew."""
        with self.context.store.read() as session:
            ask = lambda query: sorted(map(str, session.execute(text(query))))  # noqa: E731 - named for what it does
            done = imports.get(session, job.id)
            return {
                "records": ask("SELECT own_id, revision, state, fingerprint, verdict, p_absent, spot FROM records"),
                "revisions": ask(
                    "SELECT r.own_id, v.number, v.fingerprint FROM revisions v JOIN records r ON r.id = v.record_id"
                ),
                "flags": ask("SELECT f.status, f.verdict, r.own_id FROM flags f JOIN records r ON r.id = f.record_id"),
                "events": Counter(ask("SELECT kind, organisation FROM events WHERE kind <> 'key.created'")),
                "problems": ask('SELECT row, "column", message, kept FROM import_problems'),
                "counts": [getattr(done, name) for name in COUNTS],
            }


COUNTS = (
    "state",
    "parts",
    "rows_read",
    "created",
    "revised",
    "unchanged",
    "set_aside",
    "withdrawn",
    "verified",
    "problems",
)


@pytest.fixture
def two(databases, tmp_path, scene):
    """Give two places that are alike."""
    places = []
    for name in ("undisturbed", "killed"):
        directory = tmp_path / name
        directory.mkdir()
        places.append(Place(databases.fresh(directory), directory, scene))
    yield places
    for place in places:
        close(place.context)
        databases.drop(place.url)


@pytest.mark.parametrize(
    ("where", "nth"),
    [("inside a part", 2), ("between two parts", 3), ("inside a verification", 1), ("inside a withdrawal", 1)],
)
def test_a_killed_import_ends_as_an_undisturbed_one(two, monkeypatch, where, nth):
    """SIGKILL at any moment and another process: the same records, verdicts, flags, events and counts."""
    monkeypatch.setattr(streaming, "PART_ROWS", PART)
    calm, killed = two
    first, second = lines(100, 10), lines(90, 20)
    for place in two:
        assert work_in_turn(place.context, place.wait(first, Mode.APPEND)).state is ImportState.DONE
    expected = calm.wait(second, Mode.REPLACE)
    work_in_turn(calm.context, expected)
    job = killed.wait(second, Mode.REPLACE)
    words = [sys.executable, "-c", KILLED, str(killed.directory), killed.url, where, str(nth)]
    died = subprocess.run(words, cwd=ROOT, timeout=120, check=False, capture_output=True)  # noqa: S603 - our own code
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    assert uploads.path_of(killed.context, job.id).exists()
    with killed.context.store.read() as session:
        assert imports.get(session, job.id).state is ImportState.RUNNING
        assert leases.get(session, "import/map-kibera").until > datetime.now(UTC)  # and nobody waits for that
    assert Importer(killed.context).look() == 1
    assert killed.state(job) == calm.state(expected)
    assert not uploads.path_of(killed.context, job.id).exists()
