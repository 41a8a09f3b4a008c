"""The picture of how lists overlap: every combination that somebody has, and nothing that is withheld."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from service.plots.overlap import Overlap, plot

SUMMARY = ("At least 50 communities are on one or more of the 2 lists.", "No total is reported.")


def words(svg: bytes) -> str:
    """Return all text of a picture."""
    return " ".join(" ".join(ET.fromstring(svg).itertext()).split())  # noqa: S314 - our own bytes


def overlap(*, withheld: bool = False) -> Overlap:
    """Return two lists with thirty and twenty communities apart and none in common."""
    counts = (None, None, None) if withheld else (30, 20, 0)
    combinations = (frozenset("A"), frozenset("B"), frozenset("AB"))
    sizes = {"A": None, "B": None} if withheld else {"A": 30, "B": 20}
    together = list(zip(combinations, counts, strict=True))
    return Overlap(sizes, together, "communities", None if withheld else 50, SUMMARY, "Drawn for a test")


def test_combinations_are_told_the_largest_first() -> None:
    """In the description, with the summary; a combination that nobody has is left out."""
    told = words(plot(overlap()))
    assert told.startswith("How 2 lists overlap: 50 communities on one or more 30 on A only; 20 on B only; At least 50")
    assert "A and B" not in told
    assert "Drawn for a test" in told


def test_what_is_withheld_is_hatched_and_said() -> None:
    """No number stands anywhere."""
    svg = plot(overlap(withheld=True))
    told = words(svg)
    assert "withheld on A and B only" in told
    assert "How 2 lists overlap" in told
    assert "50 communities on one" not in told.partition("At least")[0]
    assert b"<pattern" in svg


def test_the_same_overlap_is_drawn_the_same() -> None:
    """To the byte; as PNG where that is asked for."""
    assert plot(overlap()) == plot(overlap())
    assert plot(overlap(), "png").startswith(b"\x89PNG")
