"""Tags on their way out: seen, found and counted with the field they rest on, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from geodata.tags import tagging
from service import submit
from service.accounts.account import Count
from service.callers.caller import ANONYMOUS, Caller, Role
from service.configuration.settings import Settings
from service.context import install_tag_rules
from service.disclosure import redact_record
from service.disclosure.hidden import Totals
from service.disclosure.hidden_tables import tables_of
from service.disclosure.openness import open_now
from service.disclosure.policy import Consent, Sensitivity, View, view_of
from service.disclosure.registry import issued
from service.disclosure.tag_totals import SMALLEST_CLOSED, TagTotals, Totalling
from service.disclosure.tags import AskedTags, askable, kept_tags, shown_tags, visible_tags
from service.errors import Problem
from service.housekeeping.retagging import retag
from service.store import records
from service.store.filters import RecordFilter
from service.store.records import RECORDS
from service.store.values import Flag, FlagStatus, Record, RecordState

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
OWN = Caller("map-kibera", "k1", Role.CONTRIBUTOR)
OTHER = Caller("another-group", "k2", Role.CONTRIBUTOR)
REVIEWER = Caller("statistics-office", "k3", Role.REVIEWER)
ADMIN = Caller("desk", "k4", Role.ADMIN)
EVERYBODY = (OWN, ADMIN, REVIEWER, OTHER, ANONYMOUS)


@pytest.fixture
def record(scene):
    """Give a record of an informal settlement, changed as asked."""

    def make(flag_id: str | None = "g1", **parts) -> Record:
        return Record(
            id="r1",
            organisation="map-kibera",
            revision=1,
            state=RecordState.VERIFIED,
            account=scene.account(**{"kind": "informal_settlement", **parts}),
            created_at=NOW,
            updated_at=NOW,
            verdict="hidden_place",
            p_absent=0.97,
            findings=(),
            flag_id=flag_id,
        )

    return make


@pytest.fixture
def flags(record):
    """Give published flags about as many communities, alike in what is said of them."""

    def make(number: int, **parts) -> list[Flag]:
        told = record(**parts)
        return [
            Flag(
                id=f"g{place}",
                status=FlagStatus.PUBLISHED,
                version=1,
                verdict="hidden_place",
                machine_verdict="hidden_place",
                source="ke-villages",
                subtype=None,
                p_absent=0.97,
                created_at=NOW,
                updated_at=NOW,
                record=replace(told, id=f"r{place}", flag_id=f"g{place}"),
                reviews=(),
            )
            for place in range(number)
        ]

    return make


def coded(shown: dict, member: str) -> dict[str, list[str]]:
    """Return the codes of one member with their bases."""
    return {tag["code"]: tag["basis"] for tag in shown[member]}


def test_a_tag_is_shown_with_every_field_it_rests_on(record):
    """Kind, groups, counts, drivers, the declared goal and the flag are each named as the basis."""
    account = {
        "groups": ("Stateless",),
        "counts": (Count(value=40.0, group="Deaf", method="birth registrations"),),
        "drivers": ("floods",),
        "sdg": ("11.1.1",),
    }
    told = shown_tags(record(**account), View.FULL)
    sdg = coded(told, "sdg")
    assert sdg["11.1.1"] == ["kind", "sdg"]
    assert sdg["16.9.1"] == ["counts.method", "groups"]
    assert sdg["17.18"] == ["verdict"]
    assert coded(told, "themes") == {"disability": ["counts.group"], "human-rights": ["groups"]}
    assert told["score"] == 5
    assert next(tag for tag in told["sdg"] if tag["code"] == "13.1.1")["formerly"] == ["13.1.2"]
    assert {tag["label"] for tag in told["seeds"]} == {"People with disabilities"}
    codes = [tag["code"] for tag in told["sdg"]]
    assert codes.index("4.5.1") < codes.index("16.9.1")


def test_without_a_flag_there_is_no_tag_of_one(record):
    """Statistics are only said to lack somebody where a flag says so."""
    assert "17.18" not in coded(shown_tags(record(flag_id=None), View.FULL), "sdg")


def test_names_are_never_read(record, scene):
    """A community called Refugee Camp Road of the Deaf, with neither kind nor group, has no tag at all."""
    name = scene.account("Refugee Camp Road of the Deaf").names
    nameless = record(flag_id=None, names=name, kind=None)
    assert visible_tags(nameless, View.FULL) == frozenset()
    assert kept_tags(nameless.account).text == "\n"


@pytest.mark.parametrize("consent", [Consent.PUBLIC_MASKED, Consent.PUBLIC_EXACT])
def test_the_public_reads_no_tag_of_a_field_it_does_not_read(record, consent):
    """Masked, a minority's tags are those of the kind and the flag; exact, its groups are shown and so are theirs."""
    told = record(groups=("Deaf",), drivers=("no road",), consent=consent.value)
    tags = redact_record(told, ANONYMOUS, {}, published=True)["tags"]
    bases = {
        basis for member in ("sdg", "factors", "themes", "dimensions") for tag in tags[member] for basis in tag["basis"]
    }
    exact = consent is Consent.PUBLIC_EXACT
    assert bases == ({"kind", "verdict", "groups", "drivers"} if exact else {"kind", "verdict"})
    assert ("disability" in coded(tags, "themes")) is exact
    assert redact_record(told, OTHER, {}, published=True)["tags"] == tags


def test_a_closed_group_gives_no_public_tag(record):
    """The vector of methods.md §7: LGBTQI+ in a country that criminalises, under any consent, to any outsider."""
    for consent in Consent:
        told = record(groups=("LGBTQI+",), consent=consent.value)
        lines = kept_tags(told.account).text
        assert "public:" not in lines
        assert "reviewers:" not in lines
        for caller in (ANONYMOUS, OTHER, REVIEWER):
            assert redact_record(told, caller, {}, published=True) is None
        assert "gender" in coded(redact_record(told, OWN, {}, published=True)["tags"], "dimensions")


@pytest.mark.parametrize("sensitivity", list(Sensitivity))
@pytest.mark.parametrize("consent", list(Consent))
def test_what_can_be_found_is_what_is_shown(record, consent, sensitivity):
    """For every consent, class and caller, the lines a filter looks at are those of the tags that this caller sees."""
    told = record(
        groups=("Fishers",), drivers=("floods",), consent=consent.value, sensitivity=sensitivity.value, flag_id=None
    )
    text = kept_tags(told.account).text
    for caller in EVERYBODY:
        redacted = redact_record(told, caller, {}, published=True)
        seen = {tag["code"] for tag in redacted["tags"]["sdg"]} if redacted else set()
        wanted = askable(AskedTags(sdg=("1",)), caller)
        own = wanted.organisation == told.organisation
        audiences = ("public", "reviewers", "own") if own else wanted.audiences
        found = {
            line.partition("=")[2] for line in text.split() if line.startswith(tuple(f"{a}:sdg" for a in audiences))
        }
        assert found == seen, (caller, consent, sensitivity)


def by_tag(some, seen, totalling):
    """Return the totals of those flags whose ids are seen."""
    totals = TagTotals(totalling)
    for flag in some:
        if flag.id in seen:
            totals.add(flag, view_of(flag.record, totalling.caller, published=open_now(flag)))
    return totals.done()


def test_small_numbers_are_told_to_insiders_only(flags):
    """Under ten, readers from outside are told that the number is withheld; who works with the records, the number."""
    few = flags(9, consent="public_exact", groups=("Deaf",))
    shown = {flag.id: flag for flag in few}
    for caller, number in ((ANONYMOUS, None), (OTHER, None), (OWN, 9), (REVIEWER, 9), (ADMIN, 9)):
        told = by_tag(few, shown, Totalling(caller))
        assert told["themes"] == {"disability": number}
        assert told["sdg"]["11.1.1"] == number
        assert told["factors_together"] == {"discrimination + geography + governance + socio-economic": number}
    ten = flags(10, consent="public_exact", groups=("Deaf",))
    assert by_tag(ten, {flag.id for flag in ten}, Totalling(ANONYMOUS))["themes"] == {"disability": 10}


@pytest.mark.parametrize(
    ("group", "consent"),
    [
        ("Deaf", "public_masked"),  # shown, without its groups
        ("Deaf", "public_aggregate"),  # not shown
        ("Stateless", "public_aggregate"),
    ],
)
def test_what_is_not_seen_counts_only_in_the_total_of_a_country(flags, store, group, consent):
    """In a total of enough communities that agreed, beside enough others, and never in a narrower one."""
    factor, least = {"Deaf": ("discrimination", 10), "Stateless": ("shocks", SMALLEST_CLOSED)}[group]
    groups = (group,)
    sensitivity = "restricted" if least == SMALLEST_CLOSED else "caution"
    bearing = flags(least, groups=groups, consent=consent, kind="village")
    others = flags(least, consent=consent, kind="village", sensitivity=sensitivity)
    seen = {flag.id for flag in bearing} if consent == "public_masked" else set()

    def told(subject: str, communities: list[Flag], *, whole: bool = True) -> dict:
        totals = Totals(issued(store, subject, tables_of(communities, ())), "KEN")
        return by_tag(communities, seen, Totalling(ANONYMOUS, totals.tags() if whole else {}))["factors"]

    assert told("all", [*bearing, *others])[factor] == least
    assert factor not in told("one less", [*bearing[1:], *others])
    assert factor not in told("few others", [*bearing, *others[1:]])  # else of a listed one it would be nearly known
    assert factor not in told("all", [*bearing, *others], whole=False)
    refused = flags(least, groups=groups, consent="reviewers", kind="village")
    assert told("refused", [*refused, *others]).get(factor) is None


def test_closed_communities_are_in_no_total_of_tags(flags, store):
    """However many agreed: that there are any is nobody's business."""
    closed = flags(60, groups=("LGBTQI+",), consent="public_aggregate", kind="village")
    others = flags(60, consent="public_aggregate", kind="village", sensitivity="closed")
    found = issued(store, "communities", tables_of([*closed, *others], ()))
    assert not any(found.transformed.values())


def test_records_of_before_are_found_once_they_are_tagged(context, scene):
    """Tags of other rules, or none, match nothing; tagging anew brings them back, and then there is nothing to do."""
    by = scene.caller(context.store)
    sent = [scene.account(f"Place {number}", kind="informal_settlement") for number in range(3)]
    kept = [receipt.record_id for receipt in submit.accept(context, sent, by)]

    def found() -> list[str]:
        wanted = RecordFilter(tags=askable(AskedTags(sdg=("11.1",)), by))
        with context.store.read() as session:
            return [record.id for record in records.page(session, wanted).items]

    assert found() == kept
    with context.store.begin() as session:
        session.execute(update(RECORDS).where(RECORDS.c.id != kept[0]).values(tags="", tagged_by=""))
        session.execute(update(RECORDS).where(RECORDS.c.id == kept[0]).values(tagged_by="other rules"))
    assert found() == []
    assert retag(context) == 3
    assert found() == kept
    assert retag(context) == 0


def test_a_correction_brings_its_own_tags(context, scene):
    """What is no longer said is no longer found."""
    by = scene.caller(context.store)
    submit.accept(context, [scene.account(own_id="1", kind="informal_settlement")], by)
    submit.accept(context, [scene.account(own_id="1", kind="camp")], by)
    with context.store.read() as session:
        counted = {
            code: records.count(session, RecordFilter(tags=askable(AskedTags(sdg=(code,)), by)))
            for code in ("6.1", "1.4.1")
        }
    assert counted == {"6.1": 0, "1.4.1": 1}


def test_rules_of_ones_own_are_in_force_from_the_settings(tmp_path, record):
    """A file that the settings name adds rules; one that cannot be read stops the start, naming setting and line."""
    path = tmp_path / "ours.toml"
    path.write_text('[rules.erosion]\nlabel = "Erosion"\nwhen = { driver = ["erosion"] }\nsdg = ["13.1"]', "utf-8")
    try:
        install_tag_rules(Settings(tag_rules=path))
        assert coded(shown_tags(record(drivers=("Erosion",)), View.FULL), "sdg")["13.1"] == ["drivers"]
        path.write_text("[rules.erosion]\nlabel = 1\n", encoding="utf-8")
        with pytest.raises(Problem) as caught:
            install_tag_rules(Settings(tag_rules=path))
        assert "UNCOUNTED_TAG_RULES: ours.toml, line 1, [rules.erosion]" in caught.value.detail
    finally:
        tagging.install()
