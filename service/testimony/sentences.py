"""The common count of a community in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matchers.communities.estimates import Part, Together
from service.testimony.numbers import Claim

_MOST_NAMED = 4  # counts that a sentence still lists one by one
_NUMBERS = {1: "One", 2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight", 9: "Nine"}


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be said."""

    whole: Together
    claims: Sequence[Claim]
    tests: Sequence[Mapping[str, Any]]
    attributes: Sequence[str]
    lists: Mapping[str, str]  # what the official lists are called, by snapshot; else by their source


def sentence(told: Told) -> str:
    """Return what the counts come to, what was left out, and what that says about the official ones."""
    return " ".join((_counts(told), *_disputes(told), *_left_out(told), *_official(told)))


def _counts(told: Told) -> str:
    used = [claim for claim, part in zip(told.claims, told.whole.parts, strict=True) if part is Part.COMBINED]
    organisations = len({claim.record.organisation for claim in used})
    who = f"{_NUMBERS.get(organisations, organisations)} organisation{'' if organisations == 1 else 's'}"
    if len(used) <= _MOST_NAMED:
        listed = [_said(claim) for claim in used]
        numbers = f"{', '.join(listed[:-1])} and {listed[-1]}"
    else:
        values = sorted(claim.estimate.value for claim in used)
        numbers = f"{len(used)} numbers between {values[0]:,.0f} and {values[-1]:,.0f}"
    whole = told.whole
    count = "counts" if organisations == 1 else "count"
    return f"{who} {count} {numbers}; together {whole.value:,.0f} ({whole.low:,.0f} to {whole.high:,.0f})."


def _said(claim: Claim) -> str:
    if claim.low is not None and claim.high is not None and claim.high > claim.low:
        return f"{claim.low:,.0f} to {claim.high:,.0f}"
    return f"{claim.estimate.value:,.0f}"


def _disputes(told: Told) -> Iterator[str]:
    if told.whole.for_a_person:
        yield "The greatest is more than twice the smallest, so a person has to look."
    elif told.whole.conflicting:
        yield "They differ by more than their methods allow, so the range is wider."


def _left_out(told: Told) -> Iterator[str]:
    of = told.whole.parts.count
    if number := of(Part.UNWEIGHABLE):
        yield f"{_some(number, 'number')} of unknown method {_is(number)} left out."
    if number := of(Part.COPY):
        yield f"{_some(number, 'copy', 'copies')} of the list {_is(number)} left out."
    if number := of(Part.UNFIT):
        yield f"{_some(number, 'number')} of too low a quality {_is(number)} left out."
    if number := of(Part.OUTDATED):
        yield f"{_some(number, 'older count')} {_is(number)} left out, because no rate of growth is known."
    if told.whole.floor is not None:
        yield f"A count of some of the people says that there are at least {told.whole.floor:,.0f}."


def _official(told: Told) -> Iterator[str]:
    for test in told.tests:
        low, high = test["official_low"], test["official_high"]
        number = f"{low:,.0f}" if low == high else f"{low:,.0f} to {high:,.0f}"
        yield (
            f"The {number} of {told.lists.get(test['snapshot'], test['source'])} cover an estimated "
            f"{test['ratio']:.0%} of them ({test['ratio_low']:.0%} to {test['ratio_high']:.0%}), "
            f"less than nine tenths with probability {test['p_under']:.2f}."
        )
    if "conflicting_sources" in told.attributes:
        yield "The official lists contradict one another; neither is taken for the other."


def _some(number: int, what: str, several: str | None = None) -> str:
    return f"{_NUMBERS.get(number, number)} {what if number == 1 else several or f'{what}s'}"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"
