"""Installations that earlier releases filled: brought up to date they say the same, and back down they lose nothing.

`releases` holds what the code of each revision really wrote (`filling.py` says how it was made).
"""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import MetaData, text

from service.auditing.verifying import verify
from service.configuration.settings import Settings
from service.context import close, open_context
from service.health.doctor.examining import examine
from service.health.doctor.finding import State
from service.store import flags, loading, records
from service.store.engine import Store
from service.store.filters import FlagFilter, RecordFilter
from service.store.migrate import downgrade, upgrade

RELEASES = Path(__file__).parent / "releases"

#: What stands in every revision since the first.
COLUMNS = {
    "records": ("id", "organisation", "own_id", "revision", "fingerprint", "state", "country", "lat", "lon", "verdict"),
    "flags": ("id", "record_id", "status", "decided", "version", "verdict", "snapshot"),
    "reviews": ("id", "flag_id", "decision", "reason_code", "note", "organisation", "key_id", "created_at"),
}


@dataclass(frozen=True)
class Release:
    """An installation as an earlier release left it, on one of the databases."""

    revision: str
    settings: Settings
    rows: dict[str, list[dict[str, Any]]]  # as SQLite kept them


@pytest.fixture(params=sorted(path.name for path in RELEASES.iterdir()))
def release(request, database_url, tmp_path) -> Release:
    """Make the tables of that revision and fill them with what it wrote."""
    revision, rows = request.param, defaultdict(list)
    for line in (RELEASES / revision / "rows.ndjson").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        rows[told["table"]].append(told["row"])
    downgrade(database_url, "base")
    upgrade(database_url, revision)
    store = Store(database_url)
    with store.begin() as session:
        if not store.embedded:
            session.execute(text("SET TIME ZONE 'UTC'"))
        loading.prepare(session)
        names = loading.order(session, rows)
        for name in names:
            batch = pa.RecordBatch.from_pylist(rows[name])
            loading.load(session, name, batch.schema.names, [batch])
        loading.finish(session, names)
    store.close()
    shutil.copytree(RELEASES / revision / "snapshots", tmp_path / "snapshots")
    return Release(revision, Settings(data_dir=tmp_path, database_url=database_url, _env_file=None), dict(rows))


def kept(url: str) -> dict[str, list[dict[str, Any]]]:
    """Return every row there is, in the order of all that it says."""
    store, found = Store(url), MetaData()
    with store.read() as session:
        found.reflect(session)
        rows = {
            name: sorted((plain(row._mapping) for row in session.execute(table.select())), key=repr)
            for name, table in found.tables.items()
        }
    store.close()
    return rows


def plain(row: Any) -> dict[str, Any]:
    """Return a row with its values as both databases give them."""
    return {name: value if not isinstance(value, datetime) else moment(value) for name, value in row.items()}


def moment(value: datetime | str) -> str:
    """Return a moment in UTC as a text."""
    told = datetime.fromisoformat(value) if isinstance(value, str) else value
    return (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def test_an_older_installation_is_brought_up_to_date_and_says_the_same(release):
    """Records, flags, decisions and verdicts are those of then; the chain and everything else are sound."""
    upgrade(release.settings.database)
    now = kept(release.settings.database)
    for table, columns in COLUMNS.items():
        then = [
            {column: moment(row[column]) if column.endswith("_at") else row[column] for column in columns}
            for row in release.rows[table]
        ]
        said = [{column: row[column] for column in columns} for row in now[table]]
        assert sorted(said, key=repr) == sorted(truths(then, said), key=repr), table
    context = open_context(release.settings)
    with context.store.read() as session:
        found = records.page(session, RecordFilter()).items
        flagged = flags.page(session, FlagFilter()).items
    assert {one.id: one.verdict for one in found} == {row["id"]: row["verdict"] for row in release.rows["records"]}
    assert {one.id: one.status for one in flagged} == {row["id"]: row["status"] for row in release.rows["flags"]}
    assert {one.account.own_id for one in found} >= {"MK-Bondeni", "MK-Turbo"}
    audited = verify(context.store, quiet)
    assert (audited.sound, audited.events) == (True, len(release.rows["events"]))
    assert [one for one in examine(release.settings, quiet) if one.state is State.WRONG] == []
    close(context)


def test_down_again_and_up_again_loses_nothing_the_older_release_can_hold(release):
    """Every row of every table is as that release wrote it; up again it is what it was when it was up first."""
    before = kept(release.settings.database)
    upgrade(release.settings.database)
    first = kept(release.settings.database)
    downgrade(release.settings.database, release.revision)
    assert kept(release.settings.database) == before
    upgrade(release.settings.database)
    assert kept(release.settings.database) == first


def truths(rows: list[dict[str, Any]], like: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with what SQLite keeps as 0 and 1 as the truth it stands for."""
    true = {name for row in like for name, value in row.items() if isinstance(value, bool)}
    return [{name: bool(value) if name in true else value for name, value in row.items()} for row in rows]


def quiet(_done: int, _total: int) -> None:
    """Say nothing."""
