"""Fill an installation through the code of a checkout, and write it down: how `tests/migrations/releases` were made.

In a checkout of an earlier state of this repository (git worktree add ../then REVISION), as in this one:

    cd ../then && python .../tests/migrations/filling.py .../tests/migrations/releases/0010

It writes every table as NDJSON, values as SQLite keeps them, and the snapshots as they lie in the archive. Run it anew
only for a revision of which there is none yet: the others hold what those releases really wrote.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

LOST = "Bondeni"  # the village that the list lacks


def scene() -> ModuleType:
    """Return what the tests of the checkout begin with."""
    found = importlib.util.spec_from_file_location("scene", "tests/service/conftest.py")
    assert found is not None
    assert found.loader is not None
    made = importlib.util.module_from_spec(found)
    sys.modules["scene"] = made
    found.loader.exec_module(made)
    return made


def fill(folder: Path) -> None:
    """Publish a list, send records that it holds and lacks, correct one, compare, confirm, publish, revoke a key."""
    from service import review, submit, verify  # noqa: PLC0415 - of the checkout, once its folder is on the path
    from service.callers.caller import Role  # noqa: PLC0415
    from service.configuration.settings import Settings  # noqa: PLC0415
    from service.context import close, open_context  # noqa: PLC0415
    from service.store import keys  # noqa: PLC0415
    from service.store.migrate import upgrade  # noqa: PLC0415
    from service.store.values import FlagStatus  # noqa: PLC0415

    told: dict[str, Any] = {"data_dir": folder, "database_url": None, "_env_file": None}
    settings, set_up = Settings(**told), scene()
    upgrade(settings.database)
    context = open_context(settings)
    villages = [village for village in set_up.VILLAGES if village[0] != LOST]
    set_up.publish(context, set_up.Official(villages))
    sender = set_up.caller(context.store)
    sent = {
        name: set_up.account(name, lat=lat, lon=lon, own_id=f"MK-{name}") for name, lat, lon in set_up.VILLAGES[3:7]
    }
    receipts = submit.accept(context, list(sent.values()), sender)
    receipts += submit.accept(context, [set_up.account("Ærø 'of' the \"quarry\"", r95_m=250.0)], sender, "key-1")
    found = verify.verify(context, [one.record_id for one in receipts])
    corrected = set_up.account("Turbo", lat=0.5271, lon=35.0001, own_id="MK-Turbo")
    verify.verify(context, [one.record_id for one in submit.accept(context, [corrected], sender)])
    flagged = next(one.flag_id for one in found if one.flag_id and one.account.own_id == f"MK-{LOST}")
    publishes = getattr(Role, "PUBLISHER", Role.REVIEWER)  # which reviewers did until 0022
    reviewers = [set_up.caller(context.store, "knbs", publishes) for _ in range(2)]
    decision = review.Decision(FlagStatus.CONFIRMED, "field_visit", "Seen on 3 March, near the “old” well")
    review.decide(context, flagged, decision, reviewers[0])
    review.decide(context, flagged, review.Decision(FlagStatus.PUBLISHED, "four_eyes"), reviewers[1])
    with context.store.begin() as session:
        keys.revoke(session, reviewers[1].key_id)
    close(context)


def write_down(folder: Path, out: Path) -> None:
    """Write every table that holds anything, and the snapshots."""
    database = sqlite3.connect(folder / "uncounted.sqlite")
    names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    with (out / "rows.ndjson").open("w", encoding="utf-8") as sink:
        for name in names:
            if name in {"alembic_version", "event_head"} or name.startswith("sqlite_"):
                continue
            rows = database.execute(f'SELECT * FROM "{name}" ORDER BY rowid')  # noqa: S608 - names of tables
            columns = [column for column, *_ in rows.description]
            for row in rows:
                told = {"table": name, "row": dict(zip(columns, row, strict=True))}
                sink.write(json.dumps(told, ensure_ascii=False) + "\n")
    database.close()
    shutil.copytree(folder / "snapshots", out / "snapshots")


if __name__ == "__main__":
    sys.path.insert(0, str(Path.cwd()))
    made = Path(sys.argv[1]).resolve()
    made.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as room:
        fill(Path(room))
        write_down(Path(room), made)
