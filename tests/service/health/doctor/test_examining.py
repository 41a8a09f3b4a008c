"""The doctor finds what is wrong, says how to mend it, changes nothing, and is not stopped by what is broken."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from service import submit
from service.configuration.settings import Settings
from service.context import Context
from service.health.doctor.examining import examine
from service.health.doctor.finding import Finding, State
from service.store import events, health
from service.store.migrate import downgrade
from tests.specimens.command import uncounted


def quiet(_done: int, _total: int) -> None:
    """Say nothing."""


def findings(settings: Settings) -> dict[str, Finding]:
    """Return what each look came to."""
    return {one.what: one for one in examine(settings, quiet)}


def wrong(settings: Settings) -> dict[str, str]:
    """Return what is wrong; everything that is wrong says how to mend it."""
    found = {name: one for name, one in findings(settings).items() if one.state is State.WRONG}
    assert all(one.mend for one in found.values())
    return {name: one.seen for name, one in found.items()}


@pytest.fixture
def filled(context, scene) -> Context:
    """Keep a list and a record."""
    scene.publish(context, scene.official(scene.villages))
    submit.accept(context, [scene.account()], scene.caller(context.store))
    return context


def tamper(context: Context, *statements: str) -> None:
    """Change what is kept, past everything that refuses it."""
    with context.store.begin() as session:
        for statement in statements:
            session.execute(text(statement))


def test_a_healthy_installation_has_nothing_wrong(filled):
    """Everything is looked at, on both databases; what waits is worth knowing and not wrong."""
    found = findings(filled.settings)
    assert wrong(filled.settings) == {}
    looks = {"settings", "database", "migrations", "references", "guards", "audit chain", "clock", "work", "keys"}
    looks |= {"snapshots", "indexes", "disk", "permissions", "secrets"}
    assert found.keys() == (looks | {"database file"} if filled.store.embedded else looks)
    assert (found["work"].state, "1 records wait" in found["work"].seen) == (State.MIND, True)


def test_every_table_that_has_guards_is_looked_at(store):
    """A table that refuses to be changed is among those whose triggers are counted, and how many it has is known."""
    with store.read() as session:
        assert health.guards(session) == health.GUARDED[session.dialect.name]


def test_guards_that_were_taken_away_are_missed(filled):
    """One dropped, or all switched off: the table is named."""
    embedded = filled.store.embedded
    tamper(filled, "DROP TRIGGER reviews_refuse_update" if embedded else "ALTER TABLE reviews DISABLE TRIGGER ALL")
    assert "reviews" in wrong(filled.settings)["guards"]


def test_a_broken_chain_is_told_with_its_first_row(filled):
    """The event is named, and the command that lists the others."""
    if filled.store.embedded:
        tamper(filled, "DROP TRIGGER events_refuse_update", "UPDATE events SET kind = 'key.made' WHERE seq = 1")
    else:
        tamper(filled, "SET session_replication_role = replica", "UPDATE events SET kind = 'key.made' WHERE seq = 1")
    assert "the first is event 1" in wrong(filled.settings)["audit chain"]


def test_rows_that_point_nowhere_are_counted(filled):
    """A record without community, and one whose account is gone."""
    tamper(filled, "UPDATE records SET community_id = 'nowhere', revision = 2")
    seen = wrong(filled.settings)["references"]
    assert "1 records of a community that is not there" in seen
    assert "1 records without their present account" in seen


def test_missing_and_damaged_snapshots_are_named(filled, scene):
    """Each by its source and vintage, and whether it is gone or altered."""
    folder = filled.settings.data_dir / "snapshots"
    one = scene.publish(filled, scene.official(scene.without("Turbo"), source="one"))
    two = scene.publish(filled, scene.official(scene.without("Soi"), source="two"))
    shutil.rmtree(folder / one)
    manifest = json.loads((folder / two / "manifest.json").read_bytes())
    manifest["provenance"]["vintage"] = "1999"
    (folder / two / "manifest.json").write_text(json.dumps(manifest))
    seen = wrong(filled.settings)["snapshots"]
    assert f"one 2019 ({one[:12]}) is missing" in seen
    assert f"two 2019 ({two[:12]}) is damaged" in seen


def test_a_clock_that_went_back_is_told(filled):
    """Nothing can have happened after now."""
    with filled.store.begin() as session:
        events.add(session, [events.Event("key.created", "k", datetime.now(UTC) + timedelta(hours=1))])
    assert "the last event was at" in wrong(filled.settings)["clock"]


def test_a_database_of_another_version_is_told(filled):
    """What cannot be looked at then is left out; what can is looked at."""
    downgrade(str(filled.settings.database), "0016")
    assert "revision 0016, and this version needs" in wrong(filled.settings)["migrations"]
    assert {"guards", "snapshots"}.isdisjoint(findings(filled.settings))


def test_no_database_a_damaged_one_and_a_wrong_address(tmp_path):
    """Each is told without a traceback, and nothing is made where nothing was."""
    settings = Settings(data_dir=tmp_path / "var", database_url=None, _env_file=None)
    assert "there is no file" in wrong(settings)["database"]
    assert list(tmp_path.iterdir()) == []
    settings.data_dir.mkdir()
    (settings.data_dir / "uncounted.sqlite").write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 40)
    assert "database" in wrong(settings)
    nowhere = Settings(data_dir=tmp_path, database_url="postgresql://nobody@127.0.0.1:9/none", _env_file=None)
    assert "database" in wrong(nowhere)
    other = Settings(data_dir=tmp_path, database_url="mysql://localhost/x", _env_file=None)
    assert "settings" in wrong(other)


def test_a_damaged_page_is_found(sqlite_context, tmp_path):
    """A file whose beginning is whole is read to its end."""
    with sqlite_context.store.begin() as session:
        events.add(session, [events.Event("key.created", f"{number:0900}", datetime.now(UTC)) for number in range(900)])
    sqlite_context.store.close()
    file = tmp_path / "uncounted.sqlite"
    content = bytearray(file.read_bytes())
    content[-40_960:] = bytes(40_960)
    file.write_bytes(content)
    seen = wrong(sqlite_context.settings)
    assert {"database file", "audit chain"} & seen.keys()


def test_secrets_that_others_may_read_are_told(tmp_path):
    """The names of the settings, never their values; the exit code says that something is wrong."""
    (tmp_path / ".env").write_text("UNCOUNTED_KOBO_TOKEN=hush\nUNCOUNTED_CONTACT=me\n")
    (tmp_path / ".env").chmod(0o644)
    done = uncounted(tmp_path, "doctor", "--json", expect=1)
    told = {one["what"]: one for one in json.loads(done.stdout)}
    assert (told["secrets"]["state"], "UNCOUNTED_KOBO_TOKEN" in told["secrets"]["seen"]) == ("wrong", True)
    assert "hush" not in done.stdout + done.stderr
    (tmp_path / ".env").chmod(0o600)
    assert "✓" in uncounted(tmp_path, "doctor", expect=1).stdout


def test_looking_changes_nothing(sqlite_context, scene):
    """Every file is as it was, byte for byte."""
    scene.publish(sqlite_context, scene.official(scene.villages))
    sqlite_context.store.close()
    folder = Path(sqlite_context.settings.data_dir)

    def state() -> dict[Path, str]:
        files = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal"))]
        return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = state()
    findings(sqlite_context.settings)
    assert state() == before
