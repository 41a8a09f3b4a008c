"""Whatever was sent before, a part leaves behind what `submit.accept` of its accounts leaves behind."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pytest
import shapely
from sqlalchemy import text

from geodata.places import Places
from service import submit
from service.callers.caller import Caller, Role
from service.configuration.settings import Settings
from service.context import Context, close, open_context
from service.intake import Intake, take
from service.store import quarantine

TABLES = {
    "records": "SELECT * FROM records ORDER BY seq",
    "revisions": "SELECT revisions.*, seq FROM revisions JOIN records ON id = record_id ORDER BY seq, number",
    "events": "SELECT seq, kind, noun_id, organisation, key_id, data, created_at FROM events ORDER BY seq",
    "communities": "SELECT * FROM communities ORDER BY id",
    "organisations": "SELECT id FROM organisations ORDER BY id",
}
OURS = Caller("map-kibera", None, Role.CONTRIBUTOR)
WORDS = ("Soweto", "মিরপুর", "Kambi Moto", "l'Asile", "Nº 2", "Сосновка", 'the "old" quarry')


@contextmanager
def opened(databases, folder: Path) -> Iterator[Context]:
    """Open a context on a database of its own."""
    folder.mkdir()
    url = databases.fresh(folder)
    options: dict[str, Any] = {"data_dir": folder, "database_url": url, "_env_file": None}
    context = open_context(Settings(**options))
    yield context
    close(context)
    databases.drop(url)


def state(context: Context) -> dict[str, list[dict[str, Any]]]:
    """Return every row that is kept, with identifiers replaced by the order in which they came, and no moments."""
    with context.store.read() as session:
        rows = {name: [dict(row._mapping) for row in session.execute(text(query))] for name, query in TABLES.items()}
    ids = {row["id"]: f"record {row['seq']}" for row in rows["records"]}
    ids |= {row["community_id"]: f"of record {row['seq']}" for row in rows["records"] if row["community_id"]}
    told = {
        name: [
            {
                column: ids.get(value, value) if isinstance(value, str) else value
                for column, value in row.items()
                if not column.endswith("_at")
            }
            | {"moments": sorted(column for column in row if column.endswith("_at") and row[column])}
            for row in of
        ]
        for name, of in rows.items()
    }
    return told | {"communities": sorted(told["communities"], key=lambda row: row["id"])}


def seeded(seed: int) -> random.Random:
    """Return chance that is the same in every run."""
    return random.Random(seed)  # noqa: S311 - made-up villages, no secrets


def row(chance: random.Random, number: int) -> dict[str, Any]:
    """Return some row under an own id: most plain, some with everything, a few without a place."""
    said: dict[str, Any] = {
        "id": f"V-{number}",
        "names": [f"{chance.choice(WORDS)} {number}", *chance.sample(WORDS, chance.choice((0, 0, 0, 2)))],
        "country": chance.choice(("KEN", "KEN", "IND")),
        "lat": round(chance.uniform(-2, 2), 6),
        "lon": round(chance.uniform(34, 40), 6),
        "kind": chance.choice((None, "village", "informal_settlement", "group")),
        "admin": chance.choice((None, [("county", "Nairobi"), ("ward", "Laini Saba")])),
        "counts": chance.choice((None, [{"value": float(chance.randrange(900)), "unit": "persons"}])),
        "groups": chance.choice((None, ["refugees"], ["Roma", "night guards"])),
        "attributes": chance.choice((None, [("note", "People came here after the flood of 2018.")])),
    }
    if chance.random() < 0.1:
        said |= {"lat": None, "lon": None, "area": shapely.to_wkb(shapely.box(36.7, -1.4, 36.8, -1.3 + number / 1e4))}
    if chance.random() < 0.05:
        said |= {"lat": None, "lon": None}
    return said


def beyond(chance: random.Random, number: int) -> pa.Table:
    """Return what some rows say beyond a place."""
    return pa.table(
        {
            "consent": pa.array(chance.choices((None, "public_exact", "public_masked"), k=number), pa.string()),
            "sensitivity": pa.array(chance.choices((None, "caution", "closed"), k=number), pa.string()),
            "drivers": pa.array(chance.choices((None, ["flood"], ["eviction", "flood"]), k=number)),
        }
    )


def parts(chance: random.Random) -> Iterator[list[dict[str, Any]]]:
    """Yield parts in the order in which they are sent."""
    first = [row(chance, number) for number in range(60)]
    yield first
    yield first  # again
    yield [one | {"kind": "town"} if chance.random() < 0.3 else one for one in first] + [row(chance, 60)]
    copied = {"lat": -1.31, "lon": 36.78, "area": None}
    yield [row(chance, number) | copied for number in range(70, 100)]  # copies that nobody notices yet
    yield [row(chance, number) | copied for number in (*range(50, 66), *range(200, 280))]  # corrections and new ones
    crowded = [{"value": 900.0, "unit": "persons"}, {"value": 3.0, "unit": "dwellings"}]
    yield [row(chance, number) | {"counts": crowded} for number in range(88, 95)]
    yield [row(chance, number) for number in range(68, 240)]  # some of which people vouched for
    yield first
    yield []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_part_leaves_what_its_accounts_leave(databases, tmp_path, seed):
    """New, unchanged, corrected, copied and crowded accounts: every table is the same, row by row."""
    chance = seeded(seed)
    with opened(databases, tmp_path / "one") as one, opened(databases, tmp_path / "all") as all_at_once:
        for number, rows in enumerate(parts(chance)):
            given = Intake(OURS, "2026", Places.from_rows(rows), datetime.now(UTC), beyond(seeded(number), len(rows)))
            receipts = submit.accept(one, given.accounts(), OURS)
            taken = take(all_at_once, given)
            assert state(all_at_once) == state(one)
            assert taken.rows["outcome"].to_pylist() == [receipt.outcome.value for receipt in receipts]
            assert taken.rows["revision"].to_pylist() == [receipt.revision for receipt in receipts]
            if number == 4:
                release(one)
                release(all_at_once)


def release(context: Context) -> None:
    """Let a person let some records out of quarantine."""
    held = "SELECT id FROM records WHERE state = 'quarantined' ORDER BY seq LIMIT 20"
    with context.store.begin() as session:
        ids = session.execute(text(held)).scalars().all()
        assert all(quarantine.release(session, record_id, datetime.now(UTC)) for record_id in ids)
    assert len(ids) == 20


def test_a_flood_is_held_against_what_was_sent_on_earlier_days(databases, tmp_path):
    """An organisation with a habit of a few a day that sends hundreds has them set aside, either way."""
    with opened(databases, tmp_path / "one") as one, opened(databases, tmp_path / "all") as all_at_once:
        chance = seeded(4)
        habit = Places.from_rows([row(chance, number) for number in range(12)])
        for context in (one, all_at_once):
            take(context, Intake(OURS, "2026", habit, datetime.now(UTC)))
            with context.store.begin() as session:
                for day in range(6):
                    ago = datetime.now(UTC) - timedelta(days=day + 1)
                    change = text("UPDATE records SET created_at = :ago WHERE seq % 6 = :day")
                    session.execute(change, {"ago": ago.replace(tzinfo=None), "day": day})
        flood = Places.from_rows([row(chance, number) for number in range(1_000, 1_200)])
        given = Intake(OURS, "2026", flood, datetime.now(UTC))
        submit.accept(one, given.accounts(), OURS)
        assert take(all_at_once, given).set_aside == 200
        assert state(all_at_once) == state(one)


def test_an_import_is_named_by_its_events(context):
    """What a record's history says of it tells which import brought it."""
    places = Places.from_rows([row(seeded(5), 1)])
    given = Intake(OURS, "2026", places, datetime.now(UTC), import_id="imp-1")
    take(context, given)
    take(context, replace(given, collection="2027"))
    given = [event["data"] for event in state(context)["events"]]
    told = [orjson.loads(data) if isinstance(data, str) else data for data in given]
    assert [(event["revision"], event["import"]) for event in told] == [(1, "imp-1"), (2, "imp-1")]
