"""The summary of a country: what people name beside what lists count, each number as its reader may have it."""

from __future__ import annotations

import pytest

from service.callers.caller import ANONYMOUS, Caller, Role
from service.consultations.rows import SUMMARY_COLUMNS, summary_rows
from service.consultations.summary import LIMITS, SummaryScope, country_of, country_summary
from service.errors import NOT_FOUND, Problem

KENYA = SummaryScope("KEN")
ADMIN = Caller("desk", "k", Role.ADMIN)


def by_group(shown):
    """Return the groups of a summary by id."""
    return {group["group"]: group for group in shown["groups"]}


def test_groups_stand_beside_whether_they_are_counted(context, publish, asked):
    """By country and area: how many named a group, and of each list the three answers with vintage and reason."""
    publish(context)
    asked(context)
    shown = country_summary(context, KENYA, ANONYMOUS)
    groups = by_group(shown)
    disabled, maasai = groups["persons-with-disabilities"], groups["maasai"]
    assert (disabled["respondents"], disabled["share"], disabled["participants"]) == (25, 0.42, 45)
    assert (maasai["label"], maasai["dimension"], maasai["goals"]) == ("Maasai", "ethnic", ["1", "2", "10", "16"])
    (census,) = maasai["official"]
    assert (census["list"]["vintage"], census["published"]) == ("2019", True)
    turkana = next(area for area in maasai["areas"] if (area["level"], area["province"]) == ("province", "Turkana"))
    assert turkana["official"][0]["because"] == "not_published_at_level"
    assert {area["level"] for area in maasai["areas"]} == {"province", "municipality"}
    assert (shown["surveys"]["people"], shown["dialogues"]["meetings"]) == (60, 5)
    assert shown["edition"] == "public"
    assert shown["limits"] == list(LIMITS)
    assert "60 respondents of 1 survey and 5 meetings" in shown["cite"]
    assert "List ke-villages, vintage 2019" in shown["cite"]


def test_outsiders_read_less_than_who_asked(context, publish, asked):
    """Closed groups, small meetings and what nobody could group stay inside."""
    publish(context)
    own = asked(context)
    outside = country_summary(context, KENYA, ANONYMOUS)
    inside = country_summary(context, SummaryScope("KEN", "civil"), own)
    assert "lgbtqi" not in by_group(outside)
    assert by_group(inside)["lgbtqi"]["respondents"] == 2
    assert by_group(country_summary(context, KENYA, ADMIN))["lgbtqi"]["respondents"] == 2
    unknown = [shown["not_recognised"]["groups"]["respondents"] for shown in (outside, inside)]
    assert unknown == [None, 3]
    assert inside["dialogues"]["meetings"] == 6
    assert inside["edition"] == "exact"
    assert "far bank" not in repr(outside) + repr(inside)


def test_every_row_of_the_table_carries_list_and_vintage(context, publish, asked):
    """One row per group, area and list, with the sentence that no reader should miss."""
    publish(context)
    asked(context)
    shown = country_summary(context, KENYA, ANONYMOUS)
    rows = list(summary_rows(shown))
    assert all(set(row) == set(SUMMARY_COLUMNS) for row in rows)
    assert len(rows) == sum(1 + len(group["areas"]) for group in shown["groups"])
    assert {row["vintage"] for row in rows} == {"2019"}
    assert {row["note"] for row in rows} == {LIMITS[0]}


def test_without_lists_a_group_still_has_its_row(context, asked):
    """Nobody's silence takes a group out of the table."""
    asked(context)
    rows = list(summary_rows(country_summary(context, KENYA, ANONYMOUS)))
    assert {row["label"] for row in rows} >= {"Maasai", "Women"}
    assert {row["list"] for row in rows} == {None}


def test_a_country_nobody_asked_in_is_empty_not_missing(context, publish):
    """It says which lists there are, and that nothing was named."""
    publish(context)
    shown = country_summary(context, KENYA, ANONYMOUS)
    assert (shown["groups"], shown["surveys"]["people"], len(shown["lists"])) == ([], 0, 1)


def test_flags_about_a_group_are_counted_where_the_caller_sees_them(context, publish, asked, scene):
    """A record that names a group no list counts is a finding beside what people name."""
    from service import submit, verify  # noqa: PLC0415 - only here

    publish(context)
    asked(context)
    name, lat, lon = scene.villages[5]
    account = scene.account(name, lat=lat, lon=lon, groups=("Rendille",))
    (receipt,) = submit.accept(context, [account], scene.caller(context.store))
    verify.verify(context, [receipt.record_id])
    assert by_group(country_summary(context, KENYA, ADMIN))["rendille"]["findings"] == {"no_category": 1}
    outside = country_summary(context, KENYA, ANONYMOUS)
    assert by_group(outside)["rendille"]["findings"] == {}
    assert outside["records"]["verdicts"] == {}


@pytest.mark.parametrize(("text", "code"), [("KEN", "KEN"), ("ke", "KEN"), ("Kenya", "KEN")])
def test_a_country_may_be_named_as_people_do(text, code):
    """Codes and names lead to one country; what is none is not found."""
    assert country_of(text) == code
    with pytest.raises(Problem) as refused:
        country_of("Atlantis")
    assert refused.value.kind is NOT_FOUND
