"""The checklist names every requirement once, says of each how it stands, and points to what exists."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
NUMBER = r"(\d+\.\d+\.\d+)"
ROW = rf"^\| {NUMBER}(?:\u2013{NUMBER})? \| ([^|]+) \| ([^|]+) \| ([^|]*)\|"  # an en dash makes a range
ROWS = re.findall(ROW, PAGE, flags=re.MULTILINE)

#: Last number of each section of levels 1 and 2 (OWASP ASVS 4.0.3), those taken out of the standard, those of level 3.
LAST = {
    "1.1": 7, "1.2": 4, "1.4": 5, "1.5": 4, "1.6": 4, "1.7": 2, "1.8": 2, "1.9": 2, "1.10": 1, "1.11": 2, "1.12": 2,
    "1.14": 6, "2.1": 12, "2.2": 3, "2.3": 3, "2.4": 6, "2.5": 7, "2.6": 3, "2.7": 6, "2.8": 7, "2.9": 3, "2.10": 4,
    "3.1": 1, "3.2": 4, "3.3": 4, "3.4": 5, "3.5": 3, "3.7": 1, "4.1": 5, "4.2": 2, "4.3": 3, "5.1": 5, "5.2": 8,
    "5.3": 10, "5.4": 3, "5.5": 4, "6.1": 3, "6.2": 6, "6.3": 2, "6.4": 2, "7.1": 4, "7.2": 2, "7.3": 4, "7.4": 3,
    "8.1": 4, "8.2": 3, "8.3": 8, "9.1": 3, "9.2": 4, "10.2": 2, "10.3": 3, "11.1": 8, "12.1": 3, "12.2": 1, "12.3": 6,
    "12.4": 2, "12.5": 2, "12.6": 1, "13.1": 5, "13.2": 6, "13.3": 2, "13.4": 2, "14.1": 4, "14.2": 6, "14.3": 3,
    "14.4": 7, "14.5": 4,
}  # fmt: skip
GONE = {"1.4.2", "1.4.3", "1.12.1", "4.1.4", "7.3.2", "13.1.2", "13.2.4", "14.3.1"}


def named(first: str, last: str) -> list[str]:
    """Return the requirements of a line, which may be a range."""
    section, _, begin = first.rpartition(".")
    end = (last or first).rpartition(".")[2]
    return [f"{section}.{number}" for number in range(int(begin), int(end) + 1)]


def test_every_requirement_is_there_once():
    """None is forgotten, and none is told twice."""
    told = [one for first, last, *_ in ROWS for one in named(first, last)]
    wanted = {f"{section}.{number}" for section, last in LAST.items() for number in range(1, last + 1)} - GONE
    assert len(told) == len(set(told))
    assert set(told) == wanted


def test_every_line_says_how_it_stands():
    """In one of five words; what is met names where, and what is not met says why."""
    assert {state.strip() for *_, state, _ in ROWS} == {"met", "partly", "not met", "n.a.", "operator"}
    assert [
        first for first, _, _, state, where in ROWS if state.strip() in {"partly", "not met"} and not where.strip()
    ] == []


def test_what_it_points_to_exists():
    """No code, test or page is named that is not there."""
    paths = [
        one for one in re.findall(r"`([\w./-]+/[\w./-]*|\w+)`", PAGE) if "/" in one or one in {"story", "crawl", "fuzz"}
    ]
    known = [one for one in paths if not one.startswith(("/", "var/", "dist/"))]
    missing = [one for one in known if not (ROOT / one).exists() and not (ROOT / "tests" / one).exists()]
    assert missing == []
