"""The public edition: numbers from which no small one can be worked out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geodata.taxonomy import SensitivityClass, in_force
from service.accounts.statement import Form, Question
from service.disclosure.consultations.small_counts import Rounding, Table
from service.disclosure.consultations.tally import COUNTRY, Area, Count, Tally, children
from service.disclosure.consultations.told import Margin, Named, Part, Told, share_of
from service.disclosure.policy import SMALLEST_COUNT
from service.disclosure.tables import Sum
from service.disclosure.tag_totals import SMALLEST_CLOSED

BANDED = Rounding(least=SMALLEST_CLOSED, step=SMALLEST_CLOSED, down=True)
PLAIN = Rounding()

_WITHHELD = {
    "numbers": f"under {SMALLEST_COUNT}, all but under {SMALLEST_COUNT}, or needed to hide such a number; others are "
    "rounded to five",
    "answers": f"the latest answers wait until {SMALLEST_COUNT} have come",
}


@dataclass(frozen=True, slots=True)
class ToldAreas:
    """The areas that are told with their respondents, the country's exactly, and what a reader knows of each."""

    shown: Mapping[Area, int]
    low: Mapping[Area, float]
    high: Mapping[Area, float]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked: all respondents by area, and the areas that are told."""

    people: Mapping[Area, Count]
    areas: ToldAreas


def class_of_group(group_id: str, country: str) -> SensitivityClass:
    """Return the class of a group in a country, at least that of every broader one; declared people are open."""
    known = in_force()
    if group_id not in known:
        return SensitivityClass.S0
    return max(known[one].sensitivity_for(country) for one in (group_id, *known.broader(group_id)))


def protected(responses: Tally, meetings: Tally, country: str) -> Told:
    """Return what outsiders read of the statements of a public edition."""
    asked = Asked(responses.people, told_areas(responses.people))
    shown = asked.areas.shown
    areas: dict[Area, tuple[int | None, int | None]] = {
        area: (shown.get(area), PLAIN.told(meetings.people[area].people) if area in meetings.people else None)
        for area in sorted({*shown, *meetings.people} - {COUNTRY})
    }
    named: dict[Question, dict[str, Mapping[Area, Named]]] = {question: {} for question in Question}
    for question, known in sorted({*responses.named, *meetings.named}):
        of = class_of_group(known, country) if question is Question.GROUPS else SensitivityClass.S0
        rounding = BANDED if of >= SensitivityClass.S2 else PLAIN
        within = areas if question is Question.GROUPS and rounding is PLAIN else {}
        counts = responses.of(question, known)
        numbers = told_answer(counts, asked, [area for area in within if area in shown], rounding)
        cells = {}
        for area in (COUNTRY, *within):
            times, present = _of_meetings(meetings, (question, known), area, rounding)
            number = numbers.get(area)
            if number is not None or present is not None:
                share = None if rounding is BANDED else share_of(number, shown.get(area, 0))
                cells[area] = Named(number, share, times, present, at_least=rounding is BANDED)
        if COUNTRY in cells:
            named[question][known] = cells
    return Told(
        exact=False,
        surveys=protected_part(responses, Form.RESPONSE),
        dialogues=protected_part(meetings, Form.MEETING),
        areas=areas,
        written={**meetings.written, **responses.written},
        named=named,
        unknown=_unknown(responses, asked),
        withheld=_WITHHELD,
    )


def told_areas(people: Mapping[Area, Count]) -> ToldAreas:
    """Return which areas are told with how many respondents; the number of the country is known to everybody."""
    if not people:
        return ToldAreas({}, {}, {})
    order = [COUNTRY, *sorted(set(people) - {COUNTRY})]
    at = {area: place for place, area in enumerate(order)}
    values = [people[area].people for area in order]
    sums: list[Sum] = []
    fixed = {0}
    for parent, below in children(order).items():
        values.append(people[parent].people - sum(people[area].people for area in below))  # who did not say where in it
        fixed.add(len(values) - 1)  # and may be known from elsewhere
        sums.append(Sum(at[parent], (*(at[area] for area in below), len(values) - 1)))
    sensitive = frozenset(at[area] for area in order[1:] if not people[area].safe())
    table = Table(values, sums, sensitive, frozenset(fixed))
    low, high = table.bounds(table.published())
    told = zip(order, table.told(), strict=False)
    return ToldAreas(
        {area: number for area, number in told if number is not None},
        {area: low[at[area]] for area in order},
        {area: high[at[area]] for area in order},
    )


def told_answer(
    counts: Mapping[Area, Count], asked: Asked, within: list[Area], rounding: Rounding = PLAIN
) -> dict[Area, int]:
    """Return how many named one thing in the country and in these areas, without what is withheld.

    Nothing is told of any area unless the number of the whole country is.
    """
    if not _safe(COUNTRY, counts, asked, rounding):
        return {}
    order = [COUNTRY, *within]
    at = {area: place for place, area in enumerate(order)}
    values = [_people(counts, area) for area in order]
    ceilings = [asked.areas.high[area] for area in order]
    sensitive = {at[area] for area in within if not _safe(area, counts, asked, rounding)}
    sums: list[Sum] = []
    unlisted: set[int] = set()
    for parent, below in children(order).items():
        elsewhere = len(values)
        values.append(_people(counts, parent) - sum(_people(counts, area) for area in below))
        ceilings.append(asked.areas.high[parent] - sum(asked.areas.low[area] for area in below))
        sums.append(Sum(at[parent], (*(at[area] for area in below), elsewhere)))
        hidden = any(area.parent == parent and area not in at for area in asked.people if area != COUNTRY)
        (sensitive if hidden else unlisted).add(elsewhere)
    table = Table(
        values, sums, frozenset(sensitive), unlisted=frozenset(unlisted), ceilings=ceilings, rounding=rounding
    )
    shown = {area: number for area, number in zip(order, table.told(), strict=False) if number is not None}
    return shown if COUNTRY in shown else {}


def protected_margin(counts: Mapping[str, Count], whole: int) -> tuple[Margin, ...]:
    """Return the ages or genders of people for outsiders, without terms of which no number is told.

    To list such a term would say that somebody bears it.
    """
    terms = list(counts)
    values = [counts[term].people for term in terms]
    rest, everybody = len(terms), len(terms) + 1
    table = Table(
        [*values, max(0, whole - sum(values)), whole],
        (Sum(everybody, tuple(range(everybody))),),
        frozenset(at for at, term in enumerate(terms) if not counts[term].safe()),
        frozenset({rest, everybody}),  # who did not say may be known from elsewhere
    )
    told = zip(terms, table.told(), strict=False)
    return tuple(Margin(term, number, share_of(number, whole)) for term, number in told if number is not None)


def _safe(area: Area, counts: Mapping[Area, Count], asked: Asked, rounding: Rounding) -> bool:
    """Return whether enough people of an area named something, and enough did not."""
    own = counts.get(area, Count())
    others = Count(asked.people.get(area, Count()))
    others.subtract(own)
    return own.safe(rounding.least) and others.safe(rounding.least)


def _people(counts: Mapping[Area, Count], area: Area) -> int:
    return counts[area].people if area in counts else 0


def _of_meetings(
    tally: Tally, named: tuple[Question, str], area: Area, rounding: Rounding
) -> tuple[int | None, int | None]:
    """Return how many meetings named something, and how many people took part in these, as outsiders are told."""
    count = tally.of(*named).get(area, Count())
    if not count.safe(rounding.least):
        return None, None
    times = tally.naming[named][area]
    told = times >= rounding.least and tally.meetings[area] - times >= rounding.least
    return rounding.told(times) if told else None, rounding.told(count.people)


def _unknown(responses: Tally, asked: Asked) -> dict[Question, Named]:
    whole = asked.areas.shown.get(COUNTRY, 0)
    told = {
        question: told_answer({COUNTRY: responses.unknown[question]}, asked, []).get(COUNTRY) for question in Question
    }
    return {question: Named(number, share_of(number, whole)) for question, number in told.items() if number is not None}


def protected_part(tally: Tally, form: Form) -> Part:
    """Return who took part, as outsiders are told."""
    whole = tally.people[COUNTRY].people
    survey = form is Form.RESPONSE
    return Part(
        consultations=len(tally.consultations),
        meetings=0 if survey else tally.statements,
        people=whole if survey else PLAIN.told(whole),
        ages=protected_margin(tally.ages, whole),
        genders=protected_margin(tally.genders, whole),
    )
