"""Editions: between two readings of a public table there are ten people or none."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.accounts.statement import Form
from service.callers.caller import ANONYMOUS
from service.disclosure.consultations import redact_consultations
from service.disclosure.consultations.editions import public_edition


def ids(shown):
    """Return who is in an edition, with the version of what they said."""
    return {(one.id, one.revision) for one in shown}


def test_what_arrives_together_is_public_together(keep):
    """A survey sent in one go is read whole, whatever its number ends in."""
    assert len(public_edition([keep(number) for number in range(47)])) == 47


def test_one_more_answer_changes_nothing_until_ten_have_come(keep):
    """Two readings that lie one respondent apart are the same reading."""
    survey = [keep(number) for number in range(47)]
    for more in range(1, 10):
        grown = [*survey, *(keep(100 + number, 1 + number) for number in range(1, more + 1))]
        assert ids(public_edition(grown)) == ids(public_edition(survey))
    grown = [*survey, *(keep(100 + number, 1 + number) for number in range(1, 11))]
    assert len(public_edition(grown)) == 57


def test_a_correction_waits_and_what_was_said_before_stands(keep):
    """Of one who corrects an answer the public reads the earlier one, until nine others came or changed."""
    before = [keep(number, groups=["women"]) for number in range(20)]
    corrected = [keep(0, 1, 2, groups=["women"]), *before[1:], keep(0, 2, revision=2, groups=["children"])]
    assert ids(public_edition(corrected)) == ids(public_edition(before))
    grown = [*corrected, *(keep(100 + number, 3) for number in range(9))]
    assert ("s0", 2) in ids(public_edition(grown))
    assert ("s0", 1) not in ids(public_edition(grown))


def test_who_withdraws_leaves_with_the_next_edition(keep):
    """Consent taken back is a change like any other; with ten of them they are gone, and under ten nobody is left."""
    survey = [keep(number, superseded=2) for number in range(10)]
    gone = [keep(number, 2, revision=2, consent="internal") for number in range(10)]
    others = [keep(100 + number) for number in range(15)]
    assert len(public_edition([*survey, *gone, *others])) == 15
    assert public_edition([*survey, *gone, *others[:5]]) == []


def test_only_who_agreed_counts_and_only_meetings_of_ten(keep):
    """Without consent to be part of totals nobody is; a meeting of nine is no crowd."""
    assert public_edition([keep(number, consent="reviewers") for number in range(50)]) == []
    meetings = [keep(number, form=Form.MEETING, people=people) for number, people in enumerate((9, 10, 0, 40))]
    assert {one.statement.people for one in public_edition(meetings)} == {10, 40}


def test_each_consultation_has_editions_of_its_own(keep):
    """Nine answers of another organisation stay out of the country, so that ours cannot be taken off its total."""
    ours, theirs = [keep(number) for number in range(30)], [keep(100 + n, organisation="other") for n in range(9)]
    assert {one.organisation for one in public_edition([*ours, *theirs])} == {"civil"}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 12), min_size=1, max_size=12))
def test_two_editions_never_differ_by_few(keep, arrivals):
    """However many arrive when, each edition brings ten people or more, or is the one before."""
    versions, seen = [], set()
    for arrival, number in enumerate(arrivals, start=1):
        versions += [keep(1_000 * arrival + one, arrival) for one in range(number)]
        now = ids(public_edition(versions))
        assert seen <= now
        assert len(now - seen) == 0 or len(now - seen) >= 10
        seen = now


def test_the_published_table_is_the_same_before_and_after_one_respondent(keep):
    """Not a number of the summary moves when one person answers, wherever they live and whatever they name."""
    survey = [
        keep(number, province=f"P{number % 3}", groups=["women"] if number % 2 else ["maasai"], ages=(("20-40", 1),))
        for number in range(80)
    ]
    one_more = keep(999, 2, province="P9", groups=["maasai"], ages=(("over 80", 1),))
    tables = [redact_consultations(found, "KEN", ANONYMOUS, None) for found in (survey, [*survey, one_more])]
    assert tables[0] == tables[1]
