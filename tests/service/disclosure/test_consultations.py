"""What each caller reads of a consultation: exact numbers inside, safe ones outside, closed groups hardly at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.accounts.statement import Form, Question
from service.callers.caller import ANONYMOUS, Caller, Role
from service.disclosure.consultations import redact_consultations, redact_margins
from service.disclosure.consultations.tally import COUNTRY, Area
from service.errors import KEY_NEEDED, NOT_PERMITTED, Problem

OWN = Caller("civil", "k1", Role.CONTRIBUTOR)
STRANGER = Caller("other", "k2", Role.CONTRIBUTOR)
REVIEWER = Caller("office", "k3", Role.REVIEWER)
ADMIN = Caller("desk", "k4", Role.ADMIN)
GROUPS = Question.GROUPS


@pytest.fixture
def survey(keep):
    """Give a survey of a hundred: sixty name women, four the Maasai, and thirty LGBTQI people, in two provinces."""
    named = ["women"] * 60 + ["maasai"] * 4 + ["lgbtqi"] * 30 + [None] * 6
    return [
        keep(number, province="North" if number % 4 else "South", groups=[group] if group else [], ages=(("20-40", 1),))
        for number, group in enumerate(named)
    ]


def read(survey, caller, organisation=None):
    """Return what a caller reads."""
    return redact_consultations(survey, "KEN", caller, organisation)


def test_outsiders_read_no_small_number_and_no_closed_group(survey):
    """Four of a hundred are not told, nor that anybody named them; closed groups not before fifty."""
    for caller in (ANONYMOUS, STRANGER, OWN):
        told = read(survey, caller)
        assert set(told.named[GROUPS]) == {"women"}
        assert (told.named[GROUPS]["women"][COUNTRY].people, told.named[GROUPS]["women"][COUNTRY].share) == (60, 0.6)
        assert told.exact is False
        assert told.surveys.crossed is None


def test_what_is_held_is_counted_for_nobody_outside(survey):
    """Statements under a hold are in no number of outsiders and reviewers; who asked and admins read them."""
    held = [replace(one, held=number % 2 == 1) for number, one in enumerate(survey)]
    for caller, people in ((ANONYMOUS, 30), (REVIEWER, 30), (ADMIN, 60)):
        assert read(held, caller).named[GROUPS]["women"][COUNTRY].people == people
    assert read(held, OWN, "civil").named[GROUPS]["women"][COUNTRY].people == 60
    assert read([replace(one, held=True) for one in survey], ANONYMOUS).named[GROUPS] == {}


def test_who_asked_reads_what_was_said(survey):
    """Its own organisation and admins read every number, a reviewer all but closed groups of few."""
    for caller, organisation in ((OWN, "civil"), (ADMIN, None)):
        numbers = {
            group: cells[COUNTRY].people for group, cells in read(survey, caller, organisation).named[GROUPS].items()
        }
        assert numbers == {"women": 60, "maasai": 4, "lgbtqi": 30}
    assert set(read(survey, REVIEWER).named[GROUPS]) == {"women", "maasai"}


def test_nobody_outside_narrows_a_summary(survey):
    """To ask for one organisation would be a way to subtract; it is refused alike whether it asked anything or not."""
    for organisation in ("civil", "nobody"):
        with pytest.raises(Problem) as anonymous:
            read(survey, ANONYMOUS, organisation)
        with pytest.raises(Problem) as stranger:
            read(survey, STRANGER, organisation)
        assert (anonymous.value.kind, stranger.value.kind) == (KEY_NEEDED, NOT_PERMITTED)


def test_a_closed_group_of_many_is_told_for_the_country_in_steps_of_fifty(keep):
    """Sixty name it: fifty or more, without a share, and in no province."""
    survey = [keep(number, province="North", groups=["lgbtqi"] if number < 60 else []) for number in range(200)]
    told = read(survey, ANONYMOUS).named[GROUPS]["lgbtqi"]
    assert list(told) == [COUNTRY]
    assert (told[COUNTRY].people, told[COUNTRY].share, told[COUNTRY].at_least) == (50, None, True)


def test_a_group_that_nearly_all_name_is_not_told(keep):
    """That all but three named it would tell of the three."""
    survey = [keep(number, groups=["women"] if number >= 3 else []) for number in range(60)]
    assert read(survey, ANONYMOUS).named[GROUPS] == {}


def test_a_small_province_takes_another_with_it(keep):
    """Of three provinces one has four respondents: with the others and the total told it could be worked out."""
    provinces = ["North"] * 40 + ["East"] * 16 + ["South"] * 4
    told = read([keep(number, province=name) for number, name in enumerate(provinces)], ANONYMOUS)
    assert Area("south") not in told.areas
    assert len(told.areas) <= 1
    assert told.surveys.people == 60


def test_what_a_meeting_of_ten_named_is_told_with_its_size(keep):
    """How many meetings named it is withheld where these are few; who took part is told, rounded."""
    meetings = [
        keep(1, form=Form.MEETING, people=46, province="North", groups=["turkana"]),
        keep(2, form=Form.MEETING, people=8, groups=["rendille"]),
    ]
    told = read(meetings, ANONYMOUS)
    cell = told.named[GROUPS]["turkana"][COUNTRY]
    assert (cell.people, cell.meetings, cell.participants) == (None, None, 45)
    assert "rendille" not in told.named[GROUPS]
    assert (told.dialogues.meetings, told.dialogues.people) == (1, 45)
    assert read(meetings, ADMIN).named[GROUPS]["rendille"][COUNTRY].participants == 8


def test_a_margin_overall_gives_no_country_away(keep):
    """Beside the countries that are told, an overall number that leaves one hidden cell bare is withheld."""
    versions = [
        keep(100 * at + number, country=country, ages=((("20-40" if number < young else "40-60"), 1),))
        for at, (country, young, size) in enumerate((("KEN", 30, 60), ("UGA", 3, 60)))
        for number in range(size)
    ]
    told = redact_margins(versions, ("civil", "survey"), exact=False)
    assert told.overall.people == 120
    assert {one.term for one in told.countries["KEN"].ages} == {"20-40", "40-60"}
    assert told.countries["UGA"].ages == ()
    assert told.overall.ages == ()
    assert [one.people for one in redact_margins(versions, ("civil", "survey"), exact=True).overall.ages] == [33, 87]


def test_a_country_of_several_surveys_is_not_told_by_survey(keep):
    """One survey beside the sum of two would tell the other."""
    ours = [keep(number, ages=(("20-40", 1),)) for number in range(40)]
    theirs = [keep(100 + number, organisation="other", ages=(("40-60", 1),)) for number in range(20)]
    told = redact_margins([*ours, *theirs], ("civil", "survey"), exact=False)
    assert told.countries == {"KEN": None}
    assert redact_margins(theirs, ("civil", "survey"), exact=False) is None
