"""The plot of groups named and counted: what it says in words is what it shows."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from service.plots import named_groups
from service.plots.named_groups import said_by_any


def group(label, respondents, share, *official, **parts):
    """Return a group of a summary; `official` are the answers of each list."""
    steps = ("collected", "category", "published")
    listed = [dict(zip(steps, answers, strict=True)) for answers in official]
    numbers = {"respondents": respondents, "share": share, "participants": None, "at_least": False}
    return {"label": label, "official": listed, **numbers, **parts}


def summary(*groups):
    """Return what of a summary is drawn."""
    return {
        "country": {"code": "KEN", "name": "Kenya"},
        "groups": list(groups),
        "lists": [{"title": "Census", "vintage": "2019", "speaks_of_groups": True}],
        "surveys": {"people": 60},
        "dialogues": {"meetings": 5},
    }


def words(svg):
    """Return title and description of a picture."""
    return [child.text for child in ET.fromstring(svg)][:2]  # noqa: S314 - our own


def test_the_picture_says_numbers_and_answers_in_words():
    """Each group with its share and the three answers; lists with their vintage."""
    maasai = group("Maasai", 25, 0.42, (True, True, False))
    rendille = group("Rendille", None, None, (None, None, None), participants=60)
    svg = named_groups.plot(summary(maasai, rendille))
    title, told = words(svg)
    assert title == "Named as left behind in Kenya, and counted by official statistics?"
    assert told == (
        "Maasai: 25 (42% of respondents); asked for: yes, has a category: yes, number published: no; "
        "Rendille: in meetings of 60; asked for: the list does not say, has a category: the list does not say, "
        "number published: the list does not say"
    )
    assert "Held against Census, vintage 2019" in svg.decode()


def test_steps_of_fifty_are_said_to_be_lower_bounds():
    """A number in steps is never shown as if it were exact."""
    assert "50 or more" in words(named_groups.plot(summary(group("Refugees", 50, None, at_least=True))))[1]


@pytest.mark.parametrize(
    ("answers", "said"),
    [([], None), ([None], None), ([False, None], False), ([False, True], True), ([None, True], True)],
)
def test_one_list_that_counts_is_enough(answers, said):
    """Yes beats no, and no beats silence."""
    assert said_by_any([{"published": one} for one in answers], "published") is said


def test_nothing_named_and_very_much_named_are_drawn():
    """No groups are no mistake; of many the first twenty are drawn; the same summary is the same picture."""
    assert words(named_groups.plot(summary()))[1] == "No group is told."
    many = summary(*(group(f"G{at}", 90 - at, 0.5) for at in range(30)))
    assert words(named_groups.plot(many))[1].count("respondents") == 20
    assert named_groups.plot(many) == named_groups.plot(many)
    assert named_groups.plot(many, "png").startswith(b"\x89PNG")
