"""Single answers read by declared words: people, drivers, goals and priorities; each id leads back to its label."""

from __future__ import annotations

import pytest

from geodata.tags import answers, goals


@pytest.mark.parametrize(
    ("text", "people"), [("Les femmes", "women"), ("elderly people", "older-persons"), ("jeunes", "young-people")]
)
def test_declared_people_are_known_in_several_languages(text, people):
    """A word leads to the people, and the people to their words."""
    found = answers.people_of(text)
    assert found is not None
    assert found.id == people
    assert answers.people_named(people) == found
    assert {"women", "femme"} & answers.words_of("women")


def test_age_bands_are_no_group_that_is_named():
    """A band is who answers, not who is left behind."""
    assert answers.people_of("20-40") is None


@pytest.mark.parametrize(
    ("text", "driver"), [("Pauvreté", "poverty-driver"), ("eviction", "eviction"), ("flood", "shocks")]
)
def test_a_driver_is_the_rule_with_the_fewest_words(text, driver):
    """Eviction is its own driver, although the rule of shocks reads the word too; themes are none."""
    found = answers.driver_of(text)
    assert found is not None
    assert found.id == driver
    assert answers.driver_named(driver) == found


@pytest.mark.parametrize(
    ("text", "goal"),
    [("SDG 5", "5"), ("SDG16", "16"), ("ODS 5: igualdad de género", "5"), ("11.1", "11.1"), ("17.6.2", "17.6.1")],
)
def test_a_goal_is_read_with_and_without_its_name(text, goal):
    """Goals, targets and indicators by number; an old number by its present one."""
    assert answers.goal_of(text) == goal


@pytest.mark.parametrize("text", ["SDG 99", "25 people", "", "peace", "5.99"])
def test_what_is_no_goal_is_none(text):
    """Nothing is guessed from a number that is none."""
    assert answers.goal_of(text) is None


def test_every_priority_stands_under_a_goal_that_exists():
    """Each word leads to one priority, in several languages."""
    for word in ("Education", "eau potable", "ajira", "droits fonciers", "derechos humanos", "saúde"):
        found = answers.priority_of(word)
        assert found is not None
        assert found.goal is not None
        assert goals.is_sdg(found.goal)
        assert answers.priority_named(found.id) == found
    assert answers.priority_of("hope") is None
