"""What is counted of statements: how many people, of whom, where, and what they named; by who collected it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from geodata.names.folding import fold
from service.accounts.statement import Form, Question, Statement
from service.disclosure.policy import SMALLEST_COUNT
from service.store.statements import Kept


class Area(NamedTuple):
    """A province, or a municipality in one, as folded names; the whole country is `COUNTRY`."""

    province: str = ""
    municipality: str = ""

    @property
    def level(self) -> str:
        """What kind of unit it is."""
        return "municipality" if self.municipality else "province" if self.province else "country"

    @property
    def parent(self) -> Area:
        """The unit it lies in; that of the country is the country."""
        return Area(self.province) if self.municipality and self.province else COUNTRY


COUNTRY = Area()


class Count(Counter[str]):
    """People, by the organisation that asked them."""

    @property
    def people(self) -> int:
        """All of them."""
        return self.total()

    def safe(self, least: int = SMALLEST_COUNT) -> bool:
        """Return whether it may be told: enough people, and no organisation sees few others by taking off its own."""
        return self.people >= least and all(
            own in {0, self.people} or self.people - own >= least for own in self.values()
        )


def _counts() -> defaultdict[Area, Count]:
    return defaultdict(Count)


@dataclass
class Tally:
    """Statements of one form, counted."""

    statements: int = 0
    consultations: set[tuple[str, str]] = field(default_factory=set)
    people: defaultdict[Area, Count] = field(default_factory=_counts)
    meetings: Counter[Area] = field(default_factory=Counter)
    ages: defaultdict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    genders: defaultdict[str, Count] = field(default_factory=lambda: defaultdict(Count))
    crossed: Counter[tuple[str, str]] = field(default_factory=Counter)  # age and gender of respondents
    named: defaultdict[tuple[Question, str], defaultdict[Area, Count]] = field(
        default_factory=lambda: defaultdict(_counts)
    )
    naming: defaultdict[tuple[Question, str], Counter[Area]] = field(  # statements that name it
        default_factory=lambda: defaultdict(Counter)
    )
    unknown: defaultdict[Question, Count] = field(default_factory=lambda: defaultdict(Count))
    written: dict[Area, str] = field(default_factory=dict)  # how an area is written

    def of(self, question: Question, known: str) -> Mapping[Area, Count]:
        """Return how many named one thing, by area."""
        return self.named.get((question, known), {})


def tallied(kept: Iterable[Kept], form: Form) -> Tally:
    """Count the statements of one form. A respondent or meeting counts once for each thing it names."""
    tally = Tally()
    for one in kept:
        if one.statement.form is form:
            _add(tally, one)
    return tally


def _add(tally: Tally, one: Kept) -> None:
    statement, by = one.statement, one.organisation
    areas = _areas(statement, tally.written)
    tally.statements += 1
    tally.consultations.add(one.key)
    for area in areas:
        tally.people[area][by] += statement.people
        tally.meetings[area] += 1
    for numbers, into in ((statement.ages, tally.ages), (statement.genders, tally.genders)):
        for term, number in numbers:
            into[term][by] += number
    if statement.form is Form.RESPONSE and statement.ages and statement.genders:
        tally.crossed[statement.ages[0][0], statement.genders[0][0]] += 1
    _add_answers(tally, one, areas)


def _add_answers(tally: Tally, one: Kept, areas: tuple[Area, ...]) -> None:
    statement, by = one.statement, one.organisation
    for question in Question:
        answers = statement.answers(question)
        for known in answers.known:
            for area in areas:
                tally.named[question, known][area][by] += statement.people
                tally.naming[question, known][area] += 1
        if answers.unknown:
            tally.unknown[question][by] += statement.people


def _areas(statement: Statement, written: dict[Area, str]) -> tuple[Area, ...]:
    """Return the units a statement lies in, from the country down."""
    province, municipality = fold(statement.province or ""), fold(statement.municipality or "")
    areas = [COUNTRY]
    if province:
        areas.append(Area(province))
        written.setdefault(areas[-1], statement.province or "")
    if municipality:
        areas.append(Area(province, municipality))
        written.setdefault(areas[-1], statement.municipality or "")
    return tuple(areas)


def children(areas: Iterable[Area]) -> Mapping[Area, tuple[Area, ...]]:
    """Return the units that lie in each unit, in order; one whose own unit is not among these lies in the country."""
    among = set(areas)
    below: defaultdict[Area, list[Area]] = defaultdict(list)
    for area in sorted(among - {COUNTRY}):
        below[area.parent if area.parent in among else COUNTRY].append(area)
    return {parent: tuple(found) for parent, found in below.items()}
