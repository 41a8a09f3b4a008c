"""A backup holds everything, and an installation made from it answers as the first one did."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import stat
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy import MetaData, text
from starlette.testclient import TestClient

from service import submit, verify
from service.app import create_app
from service.backup import making, reading, restoring
from service.backup.making import Installation
from service.backup.manifest import MANIFEST, SEAL, Manifest
from service.backup.restoring import Restored
from service.callers.caller import Role
from service.configuration.settings import Settings
from service.context import close, open_context
from service.errors import INVALID, Problem
from service.review import Decision, decide
from service.store import keys
from service.store.engine import Store
from service.store.migrate import revision_of, upgrade
from service.store.values import FlagStatus

ASKED = (
    "/v1/records?limit=100",
    "/v1/records?f=csv",
    "/v1/records?f=geojson",
    "/v1/flags?limit=100",
    "/v1/flags?f=csv",
    "/v1/snapshots",
    "/v1/sources",
    "/v1/gap-reports",
)


def quiet(_done: int, _total: int | None = None) -> None:
    """Say nothing."""


def said(context, secret):
    """Return every list, record, flag and certificate that an admin is answered, byte for byte."""
    # Not entered: what an application does in the background while it serves is no part of what it answers.
    client = TestClient(create_app(context), headers={"Authorization": f"Bearer {secret}"})
    answers = {path: client.get(path) for path in ASKED}
    for record in client.get("/v1/records?limit=100").json()["items"]:
        paths = [f"/v1/findings/{finding['id']}/certificate" for finding in record["findings"]]
        answers |= {path: client.get(path) for path in (f"/v1/records/{record['id']}", *paths)}
    for flag in client.get("/v1/flags?limit=100").json()["items"]:
        answers[f"/v1/flags/{flag['id']}"] = client.get(f"/v1/flags/{flag['id']}")
    assert answers["/v1/records?limit=100"].json()["items"]
    assert answers["/v1/flags?limit=100"].json()["items"]
    moment = rb'"generated_at":"[^"]*"'  # of a report: when it was asked for
    return {path: (answer.status_code, re.sub(moment, b"", answer.content)) for path, answer in answers.items()}


@pytest.fixture
def secret(context, scene):
    """Fill an installation: lists, records that are listed, missing and set aside, decisions, an import that waits."""
    scene.publish(context, scene.official(scene.without("Bondeni")))
    scene.publish(context, scene.official(scene.villages, source="other", vintage="2024"))
    sender = scene.caller(context.store)
    named = [scene.account(name, lat=lat, lon=lon, own_id=name) for name, lat, lon in scene.villages[2:7]]
    named.append(scene.account('Nowhere "at all"\n, ☂', lat=None, lon=None, admin=(("county", "Busia"),)))
    named.append(scene.account("Ziwa", own_id="Lindi"))
    found = submit.accept(context, named, sender)
    kept = verify.verify(context, list(dict.fromkeys(one.record_id for one in found)))
    flag = next(one.flag_id for one in kept if one.flag_id)
    reviewers = [scene.caller(context.store, "knbs", Role.PUBLISHER) for _ in range(2)]
    decide(context, flag, Decision(FlagStatus.CONFIRMED, "field_visit", 'Seen, "twice";\nnear the well'), reviewers[0])
    decide(context, flag, Decision(FlagStatus.PUBLISHED, "four_eyes", ""), reviewers[1])
    with context.store.begin() as session:
        return keys.create(session, "us", Role.ADMIN, "")


@contextmanager
def opened(settings: Settings) -> Iterator[Installation]:
    """Open what the settings name."""
    found = Installation.of(settings)
    try:
        yield found
    finally:
        found.store.close()


def back_up(settings: Settings, file: Path) -> Manifest:
    """Write a backup of what the settings name."""
    with opened(settings) as found:
        return making.backup(found, file, quiet)


def restore(settings: Settings, file: Path) -> Restored:
    """Restore a backup to what the settings name."""
    with opened(settings) as found:
        return restoring.restore(found, file, quiet)


def settings_of(folder: Path, url: str | None) -> Settings:
    """Return settings of another installation."""
    folder.mkdir(exist_ok=True)
    policy = Path(__file__).parents[2] / "specimens" / "without-embargo.toml"  # as the context that is backed up has it
    return Settings(data_dir=folder, database_url=url, sensitivity_policy=policy, _env_file=None)


@pytest.mark.parametrize("other", ["sqlite_databases", "postgres_databases"])
def test_what_is_restored_answers_as_before(context, secret, other, request, tmp_path):  # noqa: PLR0917 - fixtures
    """From SQLite and PostgreSQL, into SQLite and PostgreSQL: every answer is the same, byte for byte, and goes on."""
    before = said(context, secret)
    file = tmp_path / "one.tar"
    manifest = back_up(context.settings, file)
    assert (stat.S_IMODE(file.stat().st_mode), manifest.missing) == (0o600, ())
    assert len(manifest.of("snapshots")) >= 4
    databases, folder = request.getfixturevalue(other), tmp_path / "other"
    folder.mkdir()
    settings = settings_of(folder, databases.fresh(folder))
    restored = restore(settings, file)
    assert restored.sound
    assert restored.audited.head == (manifest.head_seq, manifest.head_link)
    again = open_context(settings)
    assert said(again, secret) == before
    again_backed = back_up(settings, tmp_path / "two.tar")
    assert again_backed.members == manifest.members
    with again.store.begin() as session:  # numbers go on after those that were restored
        keys.create(session, "us", Role.PUBLISHER, "")
    assert verify.verify(again, []) == []
    close(again)
    databases.drop(str(settings.database_url))


@pytest.mark.usefixtures("secret")
def test_a_backup_is_one_state_while_others_write(context, tmp_path, monkeypatch):
    """What is kept after the first thing was read is not in it, whichever table it is in."""
    tables = making.dumping.tables

    def writing():
        with context.store.begin() as session:
            keys.create(session, "late", Role.ADMIN, "")
        return tables()

    monkeypatch.setattr(making.dumping, "tables", writing)
    file = tmp_path / "one.tar"
    manifest = back_up(context.settings, file)
    held = {member.parts[1]: member.rows for member in manifest.of("tables")}
    assert held["events.parquet"] == manifest.head_seq
    with context.store.read() as session:
        assert session.execute(text("SELECT count(*) FROM keys")).scalar_one() == held["keys.parquet"] + 1


def test_what_waits_to_be_imported_is_in_it(sqlite_context, tmp_path):
    """The file of an import that is not done is kept, readable by its owner only; that of one that is done is not."""
    columns = (
        "id, organisation, collection, file_name, mode, plan, state, cancelling, parts, rows_read, created, revised"
    )
    columns += (
        ", unchanged, set_aside, quarantined, withdrawn, verified, problems, parts_of, dropped, created_at, updated_at"
    )
    numbers = ", ".join("0" for _ in range(10))
    with sqlite_context.store.begin() as session:
        keys.create(session, "o", Role.ADMIN, "")
        for one, state in (("a" * 32, "waiting"), ("b" * 32, "done"), ("c" * 32, "running")):
            moments = "'2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000'"
            row = f"'{one}', 'o', 'c', 'f.csv', 'append', '{{}}', '{state}', 0, {numbers}, '{{}}', '[]', {moments}"
            session.execute(text(f"INSERT INTO imports ({columns}) VALUES ({row})"))  # noqa: S608 - our own words
    for one in ("a", "b"):
        folder = sqlite_context.settings.data_dir / "imports" / (one * 32)
        folder.mkdir(parents=True)
        (folder / "upload").write_bytes(b"name\nLindi\n")
    manifest = back_up(sqlite_context.settings, tmp_path / "one.tar")
    assert [member.name for member in manifest.of("uploads")] == [f"uploads/{'a' * 32}"]
    assert manifest.missing == (f"uploads/{'c' * 32}",)
    settings = settings_of(tmp_path / "other", None)
    restore(settings, tmp_path / "one.tar")
    upload = settings.data_dir / "imports" / ("a" * 32) / "upload"
    assert upload.read_bytes() == b"name\nLindi\n"
    assert stat.S_IMODE(upload.parent.stat().st_mode) == 0o700


@pytest.fixture
def backed(sqlite_context, scene, tmp_path) -> Path:
    """Write a small backup."""
    scene.publish(sqlite_context, scene.official(scene.villages))
    submit.accept(sqlite_context, [scene.account()], scene.caller(sqlite_context.store))
    file = tmp_path / "one.tar"
    back_up(sqlite_context.settings, file)
    return file


def refused(file: Path, folder: Path) -> str:
    """Return why a backup is refused; nothing was made then."""
    settings = settings_of(folder, None)
    with pytest.raises(Problem) as raised:
        restore(settings, file)
    assert raised.value.kind is INVALID
    assert list(folder.iterdir()) == []
    return raised.value.detail


def test_a_backup_cut_off_anywhere_is_refused(backed, tmp_path):
    """At whatever byte it ends: it is told that it is not whole, and nothing is changed."""
    content = backed.read_bytes()
    whole = len(content.rstrip(b"\0"))
    for length in (0, 1, 511, 512, 700, *range(2_000, whole, whole // 40), whole - 1):
        (tmp_path / "cut.tar").write_bytes(content[:length])
        assert "no whole backup" in refused(tmp_path / "cut.tar", tmp_path / "other"), length


def test_a_flipped_bit_is_found_wherever_it_is(backed, tmp_path):
    """In any member's content, in the manifest, and in its seal."""
    content = bytearray(backed.read_bytes())
    with tarfile.open(backed) as tar:
        places = [
            (one.name, one.offset_data + at) for one in tar.getmembers() for at in {0, one.size // 2, one.size - 1}
        ]
    for name, at in places:
        if name.endswith("manifest.json.sha256") and content[at : at + 1] == b"\n":
            continue  # a seal ends with a line break, which means nothing
        content[at] ^= 1
        (tmp_path / "flipped.tar").write_bytes(content)
        content[at] ^= 1
        assert "no whole backup" in refused(tmp_path / "flipped.tar", tmp_path / "other"), (name, at)


def test_what_is_no_backup_is_told(tmp_path):
    """A text, an empty tar and a file that is not there."""
    (tmp_path / "text.tar").write_text("name\nLindi\n")
    assert "decrypted first" in refused(tmp_path / "text.tar", tmp_path / "other")
    with tarfile.open(tmp_path / "empty.tar", "w"):
        pass
    assert "never finished" in refused(tmp_path / "empty.tar", tmp_path / "other")
    assert "There is no file" in refused(tmp_path / "none.tar", tmp_path / "other")


def test_a_newer_format_or_database_is_refused_with_its_release(sqlite_context, tmp_path, monkeypatch):
    """Whoever made it with a newer release is told which one to install."""
    monkeypatch.setattr(making, "head", lambda: "9999")
    back_up(sqlite_context.settings, tmp_path / "database.tar")
    assert "revision 9999" in refused(tmp_path / "database.tar", tmp_path / "other")
    monkeypatch.setattr("service.backup.manifest.FORMAT", 2)
    back_up(sqlite_context.settings, tmp_path / "format.tar")
    monkeypatch.setattr("service.backup.manifest.FORMAT", 1)
    assert "of format 2, made by release" in refused(tmp_path / "format.tar", tmp_path / "other")


def test_nothing_is_restored_over_what_is_there(context, backed):
    """An installation that holds anything stays as it is, and its tables are named."""
    with context.store.begin() as session:
        keys.create(session, "somebody", Role.ADMIN, "")
    with pytest.raises(Problem, match=r"holds something already: .*keys") as raised:
        restore(context.settings, backed)
    assert raised.value.kind is INVALID


def test_a_tampered_chain_is_restored_and_told(sqlite_context, scene, tmp_path):
    """A backup keeps what is there, evidence too; whoever restores it is told that it is not sound."""
    scene.caller(sqlite_context.store)
    with sqlite_context.store.begin() as session:
        session.execute(text("DROP TRIGGER events_refuse_update"))
        session.execute(text("UPDATE events SET kind = 'key.forged'"))
    back_up(sqlite_context.settings, tmp_path / "one.tar")
    restored = restore(settings_of(tmp_path / "other", None), tmp_path / "one.tar")
    assert (restored.sound, restored.audited.broken[0].what) == (False, "event 1")


def aged(newer: Path, older: Path, url: str) -> None:
    """Write a backup as a release wrote it whose database is that of this URL."""
    there, store = MetaData(), Store(url)
    with store.read() as session:
        there.reflect(session)
    revision = revision_of(store)
    store.close()
    with reading.opened(newer, quiet) as backup, tarfile.open(older, "w") as tar:
        members = []
        for member in backup.manifest.of("tables"):
            with backup.opened(member) as source:
                table = pq.read_table(source)
            name = member.parts[1].removesuffix(".parquet")
            if name in there.tables:
                sink = io.BytesIO()
                pq.write_table(table.select([column.name for column in there.tables[name].c]), sink)
                size, digest = len(sink.getvalue()), hashlib.sha256(sink.getvalue()).hexdigest()
                members.append(replace(member, bytes=size, sha256=digest))
                added(tar, member.name, sink.getvalue())
        told = {"migration": revision, "head_seq": None, "head_link": None, "members": tuple(members)}
        manifest = replace(backup.manifest, **told).written()
        added(tar, MANIFEST, manifest)
        added(tar, SEAL, hashlib.sha256(manifest).hexdigest().encode())


def added(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    """Put a file into a tar."""
    header = tarfile.TarInfo(name)
    header.size = len(content)
    tar.addfile(header, io.BytesIO(content))


def test_a_backup_of_an_older_database_is_restored_and_migrated(context, scene, tmp_path):
    """Its tables are filled as they were then, and brought up to date; what had no chain is chained."""
    scene.caller(context.store)
    back_up(context.settings, tmp_path / "one.tar")
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    upgrade(url, "0016")
    aged(tmp_path / "one.tar", tmp_path / "aged.tar", url)
    settings = settings_of(tmp_path / "new", None)
    restored = restore(settings, tmp_path / "aged.tar")
    assert (restored.sound, restored.audited.events, restored.manifest.migration) == (True, 1, "0016")


def test_a_damaged_snapshot_keeps_nothing_else_from_being_kept(sqlite_context, scene, tmp_path):
    """It is left out and told; the rest is whole."""
    sha256 = scene.publish(sqlite_context, scene.official(scene.villages))
    shutil.rmtree(tmp_path / "snapshots" / sha256)
    manifest = back_up(sqlite_context.settings, tmp_path / "one.tar")
    assert (manifest.missing, manifest.of("snapshots")) == ((f"snapshots/{sha256}",), ())


def test_a_backup_never_replaces_one_and_leaves_nothing_half_written(sqlite_context, backed, tmp_path, monkeypatch):
    """The file that is there stays; a disk that is full leaves no part of one."""
    content = backed.read_bytes()
    with pytest.raises(Problem, match="is there already"):
        back_up(sqlite_context.settings, backed)
    assert backed.read_bytes() == content

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Problem, match="No space left on device"):
        back_up(sqlite_context.settings, tmp_path / "two.tar")
    assert not list(tmp_path.glob("*two*"))
    assert not list(tmp_path.glob(".*"))
