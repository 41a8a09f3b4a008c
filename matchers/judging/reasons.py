"""The reason of a finding: a few sentences that name the list, its vintage and level. Never that people are hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matchers.base import OfficialList, Verdict
from matchers.counting.comparability import Incomparable
from matchers.judging.placing import Placement


@dataclass(frozen=True, slots=True)
class Best:
    """The best candidate, as far as reasons speak of it."""

    name: str
    evidence: Sequence[str]  # two sentences at most: of the names, then the one that weighs most
    like: bool  # whether the names resemble one another at all


@dataclass(frozen=True, slots=True)
class Situation:
    """Why a place was not matched, as far as the reason tells it."""

    missing: str | None  # why nothing can be looked for at all
    outside: tuple[str, ...]  # why the list would not hold such a place
    doubts: tuple[str, ...]  # why the best candidate needs a person's eye
    failed: tuple[str, ...]  # preconditions of absence that do not hold
    likely: bool  # the best candidate is at least as probable as absence


def listed_in(official: OfficialList) -> str:
    """Return the list as people may look it up: its title, vintage and lowest level."""
    level = f", {official.coverage.lowest_level} level" if official.coverage.lowest_level else ""
    return f"{official.title} ({official.vintage}{level})"


def placement_reason(situation: Situation, placed: Placement, official: OfficialList, best: Best | None) -> str:
    """Return why a place that was not matched got its verdict."""
    name = listed_in(official)
    if placed.verdict == Verdict.INSUFFICIENT_EVIDENCE:
        return f"Nothing could be looked for in {name}: {situation.missing}."
    if placed.verdict == Verdict.NOT_ASSESSABLE:
        return f"{name} cannot tell: {'; '.join(situation.outside)}.{_nearest(best)}"
    if placed.verdict == Verdict.STALE_OFFICIAL:
        return f"Not found in {name}, but the place is younger than the list."
    if placed.verdict == Verdict.HIDDEN_PLACE:
        return f"Not found in {name}.{_nearest(best)}"
    if placed.subtype == "possible_match" and best is not None:
        doubts = "; ".join(situation.doubts) or "the evidence is not enough to be sure"
        return f"May be listed as “{best.name}” in {name}: {doubts}. {_first(best)}"
    doubts = "; ".join(situation.doubts if situation.likely else situation.failed)
    return f"Probably not in {name}, to be checked by a person{f': {doubts}' if doubts else ''}.{_nearest(best)}"


def matched_reason(official: OfficialList, best: Best, counted: str) -> str:
    """Return why a place was matched, and what its counts say."""
    return f"Listed as “{best.name}” in {listed_in(official)}. {_first(best)} {counted}"


def incomparable_reason(pair: Incomparable) -> str:
    """Return why nothing follows from the counts of a matched pair."""
    return f"The counts cannot be compared: {pair.because}."


def company_reason(record: str, entry: str, alone: float, joint: float) -> str:
    """Return what it changed that another record claims the same entry."""
    moved = f"the probability of absence goes from {alone:.2f} alone to {joint:.2f}"
    return f"An entry is one community, and record {record} may be “{entry}” too: {moved}."


def _nearest(best: Best | None) -> str:
    if best is None or not best.like:
        return " No entry has a name like it."
    return f" The entry most like it is “{best.name}”: {_lower(_first(best))}"


def _first(best: Best) -> str:
    return f"{'. '.join(best.evidence)}." if best.evidence else ""


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
