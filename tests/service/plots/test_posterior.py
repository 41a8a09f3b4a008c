"""The picture of one undercount test, that of power and that of calibration."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from matchers.counting.mechanisms import Mechanism, Published
from service.plots import calibration, posterior, power
from service.plots.figure import Caption
from service.plots.posterior import Pair

COUNTED = {
    "citizen": 500.0,
    "official_low": 300.0,
    "official_high": 300.0,
    "unit": "persons",
    "spread": 0.0539,
    "growth": 0.0,
}


def words(svg: bytes) -> str:
    """Return all that a picture says."""
    return " ".join(ET.fromstring(svg).itertext())  # noqa: S314 - our own bytes


def test_the_picture_says_both_counts_and_what_they_come_to() -> None:
    """Who cannot see the curve is told the counts, the median, the interval and the probability (C2)."""
    said = words(posterior.plot(Pair.of(COUNTED), "Kianda <north>", "Census 2019"))
    assert "Kianda <north>: how much of the community the official count covers" in said
    assert "Citizens count 500 persons; the list has 300. It covers 60 % of the persons" in said
    assert "(90 % interval 53 % to 69 %); less than 90 % with probability above 0.99 (the counts raise its odds" in said
    assert "more than a thousandfold)." in said
    assert "Census 2019" in said


def test_bounds_and_growth_are_said_as_they_are() -> None:
    """A withheld number is told by its bounds, and growth that was taken off is named."""
    hidden = Pair.of(COUNTED | {"citizen": 8.0, "official_low": 1.0, "official_high": 9.0, "growth": 0.1})
    said = words(posterior.plot(hidden, "A hamlet"))
    assert "Citizens count 8 persons, less growth of +10.5 % since; the list has 1 to 9." in said


def test_noise_widens_the_picture() -> None:
    """A finding is drawn with the noise its publisher added."""
    plain = words(posterior.plot(Pair(40, Published(22), 0.102), "A hamlet"))
    noisy = words(posterior.plot(Pair(40, Published(22, mechanism=Mechanism.geometric(0.2)), 0.102), "A hamlet"))
    assert "with probability 0.63 (the counts raise its odds 4.8-fold)." in noisy
    assert "with probability 0.63" not in plain


def test_what_cannot_be_tested_is_not_drawn() -> None:
    """Nonsense is refused with its sentence."""
    with pytest.raises(ValueError, match="positive number, not 0"):
        posterior.plot(Pair(0, Published(3), 0.1), "Nowhere")


@pytest.mark.parametrize(
    "draw",
    [
        lambda: posterior.plot(Pair.of(COUNTED), "Kianda"),
        power.plot,
        lambda: calibration.plot({"a": [(0.1, 0.2), (0.9, 0.8)], "b": [(0.5, 0.5)]}, Caption("t", "d")),
    ],
)
def test_the_same_figures_give_the_same_bytes(draw) -> None:
    """Nothing in a picture changes from run to run."""
    assert draw() == draw()


def test_the_picture_of_power_tells_its_ends() -> None:
    """The description has the detectable shares of a community of a thousand, those of the specification's table."""
    assert (
        "78 % at an error of 0.05, 68 % at an error of 0.10, 51 % at an error of 0.20, 26 % at an error of 0.40"
        in words(power.plot())
    )
