"""Gathering: flags of a report come some at a time, and only what a document shows of them is kept.

A report may hold a hundred thousand flags; a document lists some of them and draws the others together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from matchers.base import Verdict
from service.documents.words import NAMELESS

#: Flags listed one by one.
LISTED = 150

#: Statuses in the order in which flags are listed: what people stand behind first.
_ORDER = ("published", "confirmed", "regressed", "needs_field_check", "in_review", "open")

_DEGREES = 4  # decimals that places are told apart by: ten metres


class Spot(NamedTuple):
    """Flags of one verdict that are shown at one place."""

    verdict: str
    lat: float  # degrees
    lon: float
    radius_m: float  # in which the true place lies with probability 0.95; 0 where it is not stated


class Ruling(NamedTuple):
    """A decision and the reason given for it."""

    decision: str
    reason_code: str


@dataclass(slots=True)
class Gathered:
    """What a document shows of flags, which come some at a time."""

    listed: list[Mapping[str, Any]] = field(default_factory=list)  # the first `LISTED`, in order
    flags: int = 0
    spots: Counter[Spot] = field(default_factory=Counter)
    nowhere: int = 0  # flags without a place that this reader is shown
    rulings: Counter[Ruling] = field(default_factory=Counter)  # as far as the reader is told of them
    countries: Counter[str] = field(default_factory=Counter)
    short: dict[str, str] = field(default_factory=dict)  # names of communities that are counted too low, by flag

    def take(self, items: Iterable[Mapping[str, Any]]) -> None:
        """Add some flags, redacted."""
        for flag in items:
            _add(self, flag)
        if len(self.listed) > LISTED:
            self.listed = sorted(self.listed, key=_rank)[:LISTED]


def _add(found: Gathered, flag: Mapping[str, Any]) -> None:
    found.flags += 1
    found.listed.append(flag)
    found.countries[flag["community"]["country"]] += 1
    if flag["verdict"] == Verdict.UNDERCOUNT:
        found.short[flag["id"]] = flag["community"]["name"] or NAMELESS
    for review in flag["reviews"]:
        found.rulings[Ruling(review["decision"], review["reason_code"])] += 1
    place = flag["community"]["location"]
    if place is None:
        found.nowhere += 1
        return
    at = (round(place["lat"], _DEGREES), round(place["lon"], _DEGREES))
    found.spots[Spot(flag["verdict"], *at, place["uncertainty_m"] or 0.0)] += 1


def _rank(flag: Mapping[str, Any]) -> tuple[int, float, str]:
    status = flag["status"]
    return (_ORDER.index(status) if status in _ORDER else len(_ORDER), -(flag["probability"] or 0.0), flag["id"])
