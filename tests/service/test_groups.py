"""Groups of people in the service: one that is not counted raises a flag, and nobody is exposed or insulted by it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from geodata.coverage import from_dict
from geodata.taxonomy import install
from service import submit, verify
from service.accounts.account import Count
from service.accounts.classes import class_of
from service.callers.caller import ANONYMOUS, Caller, Role
from service.configuration.settings import Settings
from service.context import install_groups
from service.disclosure import Redacting, Sensitivity, redact_flag, redact_record, view_of
from service.disclosure.policy import sensitivity_of
from service.errors import Problem
from service.report import ReportScope, gap_report, reading
from service.store import flags, records
from service.store.values import FlagStatus

ADMIN = Caller("desk", "k0", Role.ADMIN)
NOT_ASKED = {"not_collected": ["ethnic", "religious", "livelihood", "gender"]}


@pytest.fixture
def found(context, scene):
    """Publish a list that did not ask for groups, and return what becomes of a listed village's record."""
    official = scene.official(scene.villages)
    snapshot = official.snapshot()
    coverage = replace(snapshot.coverage, groups=from_dict({"groups": NOT_ASKED}).groups)

    class Asking(scene.official):
        """A list with a manifest that speaks of groups."""

        def snapshot(self):
            """Return it with its declaration."""
            return replace(snapshot, coverage=coverage)

    scene.publish(context, Asking(scene.villages))
    own = scene.caller(context.store)

    def post(**parts):
        name, lat, lon = scene.villages[5]
        account = scene.account(name, lat=lat, lon=lon, **{"consent": "public_exact", **parts})
        receipt = submit.accept(context, [account], own)[0]
        return verify.verify(context, [receipt.record_id])[0]

    return post


def flag_of(context, record):
    """Return the flag of a record as it is kept."""
    with context.store.read() as session:
        return flags.get(session, record.flag_id)


def test_a_group_that_nobody_was_asked_about_raises_a_flag(context, found):
    """The place is listed, its people are not told apart: hidden_group with its subtype, a flag, a place in reports."""
    record = found(groups=("Sengwer",))
    assert (record.verdict, record.findings[0].subtype) == ("hidden_group", "variable_not_collected")
    assert "matched" in record.findings[0].attributes
    flag = flag_of(context, record)
    assert (flag.status, flag.verdict) == (FlagStatus.OPEN, "hidden_group")
    assert gap_report(context, ReportScope(), ADMIN, lambda _flags: None)["verdicts"]["hidden_group"] == 1


def test_what_leaves_names_nobody_by_a_resented_name(context, found, scene):
    """A resented word in a record comes out as the group's own name, for its organisation, reviewers and the public."""
    record = found(groups=("Wandorobo",), counts=(Count(value=120.0, group="Ndorobo", method="full enumeration"),))
    reviewer = scene.caller(context.store, "statistics-office", Role.PUBLISHER)
    own = scene.caller(context.store, "map-kibera")
    flag = replace(flag_of(context, record), status=FlagStatus.PUBLISHED)
    for caller in (own, reviewer, ANONYMOUS):
        for told in (redact_record(record, caller, {}, published=True), redact_flag(flag, caller, {})):
            text = json.dumps(told, default=str)
            assert "dorobo" not in text.casefold()
            assert "Ogiek" in text


def test_a_record_about_a_group_is_not_called_by_a_resented_name(found):
    """Where the record is of a group itself, its name, candidates and reasons are mended; a place keeps its name."""
    group = found(groups=("Fisherfolk",))
    group = replace(group, account=replace(group.account, kind="ethnic group", names=(group.account.names[0],)))
    named = replace(group.account.names[0], text="Gypsies")
    finding = replace(
        group.findings[0],
        reason="Listed as “Gypsy” in a list.",
        official_name="Gypsy",
        candidates=({"rank": 1, "official_name": "Gypsy", "evidence": ({"feature": "name", "official": "Gypsies"},)},),
    )
    about = replace(group, account=replace(group.account, names=(named,)), findings=(finding,))
    told = json.dumps(redact_record(about, ANONYMOUS, {}, published=True), default=str)
    assert "ypsies" not in told
    insider = json.dumps(redact_record(about, _insider(about), {}, published=True), default=str)
    assert "yps" not in insider
    assert "Roma" in insider
    place = replace(about, account=replace(about.account, kind="village"))
    assert "Gypsies" in json.dumps(redact_record(place, _insider(about), {}, published=True), default=str)


def _insider(record):
    return Caller(record.organisation, "k", Role.CONTRIBUTOR)


@pytest.mark.parametrize(
    ("parts", "sensitivity"),
    [
        ({}, Sensitivity.OPEN),
        ({"groups": ("tenants",)}, Sensitivity.OPEN),
        ({"groups": ("Maasai",)}, Sensitivity.CAUTION),
        ({"groups": ("Refugees",)}, Sensitivity.RESTRICTED),
        ({"counts": (Count(value=50.0, group="stateless persons"),)}, Sensitivity.RESTRICTED),
        ({"groups": ("LGBT",)}, Sensitivity.CLOSED),
        ({"groups": ("tenants",), "sensitivity": "closed"}, Sensitivity.CLOSED),
        ({"groups": ("Maasai",), "sensitivity": "restricted"}, Sensitivity.RESTRICTED),
    ],
)
def test_a_class_is_the_higher_of_what_is_said_and_what_the_groups_call_for(found, parts, sensitivity):
    """Nobody has to know the danger a group is in to keep its record safe, and nobody lowers a class by naming one."""
    assert sensitivity_of(found(**parts).account) is sensitivity


def test_a_closed_group_does_not_exist_for_the_public(context, found, scene):
    """Case 12: the verdict is kept, and to everybody but the organisation there is no such record, flag or total."""
    record = found(groups=("Sex workers",), sensitivity="open", consent="public_exact")
    assert record.verdict == "hidden_group"
    flag = replace(flag_of(context, record), status=FlagStatus.PUBLISHED)
    reviewer = scene.caller(context.store, "statistics-office", Role.PUBLISHER)
    for caller in (ANONYMOUS, reviewer, scene.caller(context.store, "another")):
        assert view_of(record, caller, published=True).value == "nothing"
        assert redact_record(record, caller, {}, published=True) is None
        assert redact_flag(flag, caller, {}) is None
    with reading(context, ReportScope(), ADMIN) as (report, chunks):
        redacting = Redacting(report, ANONYMOUS)
        assert [redacting.add(chunk) for chunk in chunks] == [[]]
    assert "hidden_group" not in redacting.done()["verdicts"]
    assert redact_record(record, _insider(record), {}, published=False)["sensitivity"] == "closed"


def test_a_group_of_ones_own_is_in_force_from_the_settings(tmp_path, scene):
    """A file that the settings name adds groups, and raises classes, for everything this process does."""
    path = tmp_path / "ours.toml"
    path.write_text(
        "[sources]\nours = 'us'\n[groups.hill-singers]\nlabel = 'Hill singers'\ndimension = 'livelihood'\n"
        "source = 'ours'\nsensitivity = 'S3'\n",
        encoding="utf-8",
    )
    try:
        install_groups(Settings(taxonomy=path))
        assert class_of(scene.account(groups=("hill singers",))).value == "S3"
    finally:
        install()
    assert class_of(scene.account(groups=("hill singers",))).value == "S0"


def test_a_bad_file_in_the_settings_stops_the_start_with_a_clear_word(tmp_path):
    """The setting, the file and the line are named."""
    path = tmp_path / "ours.toml"
    path.write_text("[groups.x]\nlabel = 1\n", encoding="utf-8")
    with pytest.raises(Problem) as caught:
        install_groups(Settings(taxonomy=path))
    assert "UNCOUNTED_TAXONOMY: ours.toml, line 1, [groups.x]" in caught.value.detail


def test_a_record_that_is_kept_is_found_again(context, found):
    """What is stored stays as it was written: only what leaves is reworded."""
    record = found(groups=("Wandorobo",))
    with context.store.read() as session:
        assert records.get(session, record.id).account.groups == ("Wandorobo",)
