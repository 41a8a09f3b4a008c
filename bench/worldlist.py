"""What the sync of a list of ten million places takes in a service, whole: time, and the most memory of its process.

Three syncs, each in a process of its own: the first of an empty service; the first of one that holds records; and there
a second release, in which one row in a hundred has another name. Run: python -m bench worldlist
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from bench.geonames import NAMES, PLACES, dump
from bench.table import Table

RECORDS = 1_000
#: Where the records lie: 400 cells of a degree, in degrees of latitude and longitude.
_GROUND = ((-10.0, 10.0), (20.0, 40.0))

#: Run in the measured process; prints what it came to as JSON.
_MEASURED = """
import json, resource, sys, time
from pathlib import Path
from service import sync
from service.context import open_context
from service.configuration.settings import Settings
from service.store import records
from service.store.filters import RecordFilter
from service.sync import How
context = open_context(Settings(data_dir=Path(sys.argv[1])))
sync.configure(context, "geonames", "geonames", {"path": sys.argv[2]})
heard = []
begun = time.perf_counter()
def hear(done, total=None, what=""):
    heard.append(time.perf_counter())
result = sync.sync(context, "geonames", how=How(hear))
ended = time.perf_counter()
used = resource.getrusage(resource.RUSAGE_SELF)
with context.store.read() as session:
    held = records.count(session, RecordFilter())
print(json.dumps({"places": result.places, "seconds": ended - begun, "fetching": heard[-1] - begun, "records": held,
    "peak": used.ru_maxrss, "cpu": used.ru_utime + used.ru_stime, "heard": len(heard),
    "again": result.effect.verified}))
"""

#: Run before, to send records of places that the list has, called a little otherwise.
_SENT = """
import json, sys
from pathlib import Path
from service import submit, verify
from service.accounts.account import Account, Name
from service.callers.caller import Role
from service.context import open_context
from service.configuration.settings import Settings
from service.store import keys
from service.store.migrate import upgrade
settings = Settings(data_dir=Path(sys.argv[1]))
settings.data_dir.mkdir(parents=True, exist_ok=True)
upgrade(settings.database)
context = open_context(settings)
told = json.loads(Path(sys.argv[2]).read_text())
if told:
    with context.store.begin() as session:
        secret = keys.create(session, "bench", Role.CONTRIBUTOR, "bench")
    with context.store.read() as session:
        caller = keys.find(session, secret)
    accounts = [Account(names=(Name(name),), country=country, own_id=own, lat=lat, lon=lon, r95_m=500.0, kind="village")
        for own, name, country, lat, lon in told]
    receipts = submit.accept(context, accounts, caller)
    verify.verify(context, [receipt.record_id for receipt in receipts])
"""


def run(places: int = PLACES, names: int = NAMES) -> list[Table]:
    """Make two releases of the dump, sync them as said above, and weigh the processes that did."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        dump(folder / "first", places, names)
        empty, full = folder / "empty", folder / "full"
        _send(empty, folder, [])
        alone = _synced(empty, folder / "first")
        _send(full, folder, near(folder / "first"))
        first = _synced(full, folder / "first")
        dump(folder / "second", places, names, renamed=100)
        second = _synced(full, folder / "second")
    cases = {"first, no records": alone, "first, records near it": first, "second, 1 % renamed": second}
    columns = ("sync", "places", "records", "verified", "fetch s", "all s", "places a second", "CPU s", "peak MiB")
    title = f"Sync of {places:,} places with {names:,} alternate names in a service"
    return [Table("worldlist", title, columns, tuple(_row(case, said) for case, said in cases.items()))]


def _row(case: str, said: dict[str, Any]) -> tuple[str, ...]:
    assert said["heard"] > 10, "nobody was told how far it is"
    return (
        case,
        f"{said['places']:,}",
        f"{said['records']:,}",
        f"{said['again']:,}",
        f"{said['fetching']:,.0f}",
        f"{said['seconds']:,.0f}",
        f"{said['places'] / said['seconds']:,.0f}",
        f"{said['cpu']:,.0f}",
        f"{said['peak'] / 1024:,.0f}",
    )


def near(folder: Path, count: int = RECORDS) -> list[tuple[str, str, str, float, float]]:
    """Return places of a dump that lie on the ground of the records; every tenth is called as no other place is."""
    found: list[tuple[str, str, str, float, float]] = []
    (south, north), (west, east) = _GROUND
    countries = {"KE": "KEN", "UG": "UGA", "TZ": "TZA", "ET": "ETH"}
    with zipfile.ZipFile(folder / "allCountries.zip") as archive, archive.open("allCountries.txt") as rows:
        for line in rows:
            cells = line.decode().split("\t")
            if len(found) == count or len(cells) < 9:
                break
            lat, lon = float(cells[4]), float(cells[5])
            if south < lat < north and west < lon < east and cells[8] in countries:
                name = f"Xoxoqui {len(found)}" if len(found) % 10 == 0 else f"{cells[1]}a"
                found.append((cells[0], name, countries[cells[8]], lat + 0.001, lon))
    return found


def _send(data: Path, folder: Path, told: list[tuple[str, str, str, float, float]]) -> None:
    path = folder / "records.json"
    path.write_text(json.dumps(told))
    subprocess.run([sys.executable, "-c", _SENT, str(data), str(path)], check=True)  # noqa: S603 - ourselves


def _synced(data: Path, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-c", _MEASURED, str(data), str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)  # noqa: S603 - ourselves
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(said, file=sys.stderr, flush=True)
    return said
