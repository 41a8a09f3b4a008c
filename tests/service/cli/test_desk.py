"""`uncounted desk`: the queue as a file, and what becomes of the filled one."""

from __future__ import annotations

import csv
import io
import re

import pytest
from python_calamine import CalamineWorkbook

from service import submit, verify
from service.callers.caller import Role
from service.configuration.settings import Settings
from service.context import close, open_context
from service.store import keys
from service.store.migrate import upgrade
from tests.specimens.command import uncounted


@pytest.fixture
def run(tmp_path, scene, monkeypatch):
    """Give the command over an installation with two flags, and a reviewer's key in the environment."""
    settings = Settings(data_dir=tmp_path / "var", _env_file=None)
    settings.data_dir.mkdir()
    upgrade(settings.database)
    context = open_context(settings)
    scene.publish(context, scene.official(scene.villages))
    accounts = [scene.account(name, own_id=name, lat=lat, lon=35.5) for name, lat in (("Mbará", -0.5), ("Soko", -0.9))]
    receipts = submit.accept(context, accounts, scene.caller(context.store))
    verify.verify(context, [receipt.record_id for receipt in receipts])
    with context.store.begin() as session:
        monkeypatch.setenv("UNCOUNTED_KEY", keys.create(session, "knbs", Role.REVIEWER, "test"))
    close(context)
    return lambda *words, expect=0: uncounted(tmp_path, "desk", *words, expect=expect, columns=160)


def test_a_sheet_goes_out_and_its_decisions_come_back(run, tmp_path):
    """Written, looked at, decided, and what was refused in a file by its rows."""
    assert "2 flags written to queue.csv" in run("sheet", "queue.csv").stderr
    rows = list(csv.DictReader(io.StringIO((tmp_path / "queue.csv").read_bytes().decode(), newline="")))
    rows.sort(key=lambda row: row["name"])
    assert [row["name"] for row in rows] == ["Mbará", "Soko"]
    rows[0] |= {"decision": "confirmed", "reason_code": "field_visit"}
    rows[1] |= {"decision": "confirmed", "reason_code": "because"}
    with (tmp_path / "filled.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    preview = run("decide", "filled.csv")
    assert "a preview; --yes decides" in preview.stdout
    assert "There is no such reason: because" in preview.stdout
    done = run("decide", "filled.csv", "--yes", "--errors", "refused.xlsx", expect=1)
    assert re.search(r"decided +1\n", done.stdout)
    assert re.search(r"refused +1\n", done.stdout)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO((tmp_path / "refused.xlsx").read_bytes())).get_sheet_by_index(0)
    assert [row[0] for row in sheet.to_python()] == ["row", 3.0]
    assert re.search(r"unchanged +1\n", run("decide", "filled.csv").stdout)
    run("sheet", "again.xlsx", "--blind")
    again = CalamineWorkbook.from_path(tmp_path / "again.xlsx").get_sheet_by_name("queue").to_python()
    assert [row[0] for row in again] == ["name", "Soko"]


def test_whose_decisions_they_are_has_to_be_said(run, monkeypatch):
    """Without a key, or with one that is not known, nothing is decided, and it is told how to mend that."""
    run("sheet", "queue.csv")
    monkeypatch.delenv("UNCOUNTED_KEY")
    assert "Put a reviewer's key into UNCOUNTED_KEY" in run("decide", "queue.csv", expect=1).stderr
    monkeypatch.setenv("UNCOUNTED_KEY", "unc_unknown")
    assert "is not known here" in run("decide", "queue.csv", expect=1).stderr
