"""The schools of Kibera: what the ministry's release of 2016 resolves of what its list of 2007 left out."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from service import submit, sync, verify
from service.releases.comparing import compared
from service.store import flags
from service.store.filters import FlagFilter
from service.store.values import FlagStatus

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "kibera-schools"
MANIFEST = """
[source]
title = "Schools of Nairobi"
vintage = "{vintage}"
licence = "open data"
attribution = "Kenya's ministry of education"

[coverage]
completeness = "register"
lowest_level = "school"
kinds = ["school"]
countries = ["KEN"]

[defaults]
country = "KEN"
"""


@pytest.mark.skipif(not (DATA / "official_2016_nairobi.csv").exists(), reason=f"real data is missing: {DATA}")
def test_the_release_of_2016_resolves_some_of_2007(sqlite_context, scene, tmp_path):
    """Schools that mappers knew and the ministry did not are on its later list; the others' flags stay as they were."""
    first = _publish(sqlite_context, "official.csv", "2007-06-30", tmp_path)
    with (DATA / "citizen.csv").open(encoding="utf-8") as opened:
        schools = list(csv.DictReader(opened))
    accounts = [
        scene.account(
            row["name"],
            own_id=row["record_id"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            kind="school",
            admin=(("county", "Nairobi"),),
        )
        for row in schools
    ]
    receipts = submit.accept(sqlite_context, accounts, scene.caller(sqlite_context.store))
    verify.verify(sqlite_context, [receipt.record_id for receipt in receipts])
    before = _statuses(sqlite_context)
    second = _publish(sqlite_context, "official_2016_nairobi.csv", "2016-06-30", tmp_path)
    after = _statuses(sqlite_context)
    resolved = {flag for flag, status in after.items() if status is FlagStatus.RESOLVED_BY_RELEASE}
    found = compared(sqlite_context, first, second)
    assert set(before.values()) == {FlagStatus.OPEN}
    assert 5 <= len(resolved) < len(before) / 2, (len(resolved), len(before))
    assert len(found.resolved) == len(resolved)
    assert all(after[flag] is FlagStatus.OPEN for flag in before if after[flag] is not FlagStatus.RESOLVED_BY_RELEASE)


def _publish(context, name, vintage, folder):
    path = folder / "schools.csv"
    shutil.copy(DATA / name, path)
    path.with_name("schools.csv.toml").write_text(MANIFEST.format(vintage=vintage))
    sync.configure(context, "ke-schools", "register", {"path": str(path)})
    return sync.sync(context, "ke-schools").snapshot


def _statuses(context):
    with context.store.read() as session:
        return {flag.id: flag.status for flag in flags.iterate(session, FlagFilter())}
