"""Two counts held against each other at a desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.errors import Problem
from service.offline.undercount import Question, answered
from tests.specimens.command import uncounted


def said(*values, **known) -> str:
    """Return the whole answer."""
    return " ".join(answered(Question(*values, **known)))


def test_both_counts_are_told_with_what_they_come_to() -> None:
    """Good counts of one place without other error: the interval, the probability, and from where on it would show."""
    answer = said(500, "full enumeration", "300", other=0.02)
    assert "Citizens count 500 persons; the list has 300. It covers 60 % of the persons" in answer
    assert "less than 90 % with probability above 0.99" in answer
    assert "By full enumeration, it shows an undercount where the list has 37" in answer


def test_what_could_be_shown_is_told_without_an_official_count() -> None:
    """Who plans a count is told how exact it has to be, and when none is exact enough."""
    answer = said(2000, other=0.02, shortage=0.25)
    assert answer.startswith("Nobody knows how the count was made")
    assert "To show with probability 0.95 that 25 % are missing, the count itself must be right within about" in answer
    assert "no count would be exact enough" in said(50, "full enumeration")


def test_the_publisher_is_heard() -> None:
    """A zero rounded at random, a number withheld and a margin of error are tested as what they are."""
    assert "with probability 0.54" in said(6, "household listing", "0", "random_rounded 5", other=0.02)
    assert "the list has 0 to 9" in said(8, "full enumeration", "<10")
    assert "the list has 1 to 9" in said(8, "full enumeration", "1-9")
    plain, noisy = (said(500, "full enumeration", "300", noise, other=0.02) for noise in ("", "margin 120"))
    assert "above 0.99" in plain
    assert "above 0.99" not in noisy


@pytest.mark.parametrize(
    ("values", "because"),
    [
        ((0,), "positive number, not 0"),
        ((float("nan"),), "positive number, not nan"),
        ((500, "", "many"), "many cannot be read as an official count"),
        ((500, "", "-3"), "a publisher who adds no noise cannot count -3 persons"),
        ((500, "", "9-1"), "no count lies between 9 and 1"),
        ((500, "", "300", "shaken 5"), "shaken 5 cannot be read"),
        ((500, "", "300", "rounded"), "rounded cannot be read"),
        ((500, "", "300", "random_rounded 0"), "nothing a publisher does: counts are rounded at random"),
        ((500, "", "300", "rounded 2.5"), "multiples of a whole number, not of 2.5"),
        ((500, "", "300", "", -900.0), "log growth must lie within 5 of zero, not at -900"),
        ((500, "", "300", "", 9.0), "log growth must lie within 5 of zero, not at 9"),
        ((500, "", "300", "", 0.0, 2.0), "lies between 0 and 1, not at 2"),
        ((500, "", "300", "", 0.0, 0.1, 1.5), "a share between 0 and 1, not 1.5"),
    ],
)
def test_nonsense_is_refused(values, because) -> None:
    """Each impossible number, and each text that cannot be read, is named."""
    with pytest.raises(Problem) as stopped:
        said(*values)
    assert because in stopped.value.detail


def test_the_command_answers_and_draws(tmp_path: Path) -> None:
    """The terminal shows the sentences, and the picture is written where asked."""
    arguments = ["undercount", "500", "300", "--method", "household listing", "--plot", str(tmp_path / "x.svg")]
    done = uncounted(tmp_path, *arguments, columns=200)
    assert "Citizens count 500 persons; the list has 300." in done.stdout
    assert (tmp_path / "x.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_what_is_taken_for_granted_of_boundaries_is_said() -> None:
    """An error nobody stated is named, with the way to state another; a stated one is not."""
    assert "in one and the same unit give --other 0.02" in said(500, "full enumeration", "300")
    assert "--other" not in said(500, "full enumeration", "300", other=0.02)
