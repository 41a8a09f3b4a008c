"""Grouping: free text becomes known groups, drivers, goals and priorities, or a number; nothing is guessed."""

from __future__ import annotations

import pytest

from service.accounts.statement import Question
from service.consultations.grouping import group, label_of

GROUPS = Question.GROUPS


def groups(text, country="KEN"):
    """Return the groups of one answer."""
    return set(group({GROUPS: [text]}, country).answers[GROUPS].known)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("people with disabilities", {"persons-with-disabilities"}),
        ("personnes handicapées", {"persons-with-disabilities"}),
        ("personas con discapacidad", {"persons-with-disabilities"}),
        ("pessoas com deficiência", {"persons-with-disabilities"}),
        ("watu wenye ulemavu", {"persons-with-disabilities"}),
        ("women", {"women"}),
        ("Women and girls", {"women", "girls"}),
        ("mujeres y niños", {"women", "children"}),
        ("refugees, migrants; the elderly / Maasai", {"refugees", "migrants", "older-persons", "maasai"}),
        ("because women with disabilities are never heard", {"women", "persons-with-disabilities"}),
    ],
)
def test_an_answer_is_grouped_in_the_language_it_was_given_in(text, known):
    """Lists are cut, sentences searched for names that can hardly be other words."""
    assert groups(text) == known


def test_a_resented_name_is_grouped_and_shown_under_the_preferred_one():
    """The word itself is not kept, so that it cannot be shown."""
    assert {label_of(GROUPS, one) for one in groups("Gypsies", "ROU")} == {"Roma"}


def test_a_people_is_not_read_out_of_the_name_of_a_place():
    """Villages are called after peoples: in a sentence the name of one says nothing."""
    found = group({GROUPS: ["those who came to Maasai Mara"]}, "KEN")
    assert (found.answers[GROUPS].known, found.answers[GROUPS].unknown) == ((), 1)


def test_what_nobody_knows_is_a_number_and_a_word_to_look_at():
    """Short answers may be looked at; stories, telephones and addresses are counted and forgotten."""
    story = "my neighbour in the third house was told to wait for years and never got an answer"
    found = group({GROUPS: ["people of the far bank", story, "call +254 700 000000", "x@example.org"]}, "KEN")
    assert found.answers[GROUPS].unknown == 4
    assert found.words == ((GROUPS, "people of the far bank"),)


def test_drivers_goals_and_priorities_are_grouped_by_declared_words():
    """Each question has its own list; a priority stands under a goal."""
    said = {
        Question.DRIVERS: ["pauvreté; no road", "eviction"],
        Question.SDG: ["SDG 5, 10", "ODS 16: paz", "11.1", "SDG 99"],
        Question.PRIORITIES: ["eau potable and jobs", "hope"],
    }
    found = group(said, "KEN").answers
    assert found[Question.DRIVERS].known == ("poverty-driver", "remote", "eviction")
    assert (found[Question.SDG].known, found[Question.SDG].unknown) == (("5", "10", "16", "11.1"), 1)
    assert (found[Question.PRIORITIES].known, found[Question.PRIORITIES].unknown) == (
        ("water-and-sanitation", "work"),
        1,
    )
    assert label_of(Question.DRIVERS, "poverty-driver") == "Poverty"
    assert label_of(Question.SDG, "5") == "SDG 5"


def test_an_answer_given_twice_counts_once():
    """Two words for one group are one group."""
    assert group({GROUPS: ["women", "femmes"]}, "SEN").answers[GROUPS].known == ("women",)
