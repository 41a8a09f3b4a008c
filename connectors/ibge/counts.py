"""What a list of localities says of people: a count for every place, and which groups were asked about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from connectors.ibge.subjects import CENSUS_NIGHTS, Subject
from connectors.ibge.tables import Question
from connectors.observations import Observation
from geodata.counts.coverage import Basis, CountCoverage, Universe
from geodata.coverage import CoverageManifest
from geodata.taxonomy.declared import Category, GroupCoverage, Variable
from geodata.taxonomy.group import Dimension


def counts_by_area(
    observations: Iterable[Observation], question: Question, subject: Subject
) -> dict[str, list[dict[str, Any]]]:
    """Return by code the count of the latest period asked for, or the reason why there is none.

    A row that is missing gives no count; the observations say that it is missing.
    """
    period = question.periods[-1].id
    label = question.table.variables[subject.variable].name if subject.group else None
    counts: dict[str, list[dict[str, Any]]] = {}
    for one in observations:
        if one.period == period and one.cell.raw:
            counts.setdefault(one.area, []).append(_count(one, label, period))
    return counts


def group_coverage(coverage: CoverageManifest, level: str, question: Question, subject: Subject) -> CoverageManifest:
    """Return the coverage with the people the table counts, and the group it asks about."""
    read_as = CountCoverage(Basis.CENSUS, universe=Universe.USUAL_RESIDENTS)
    coverage = replace(coverage, universe="usual residents", counts=read_as)
    if subject.group is None:
        return coverage
    label = question.table.variables[subject.variable].name
    asked = Variable(
        dimensions=frozenset({Dimension.ETHNIC}),
        title=question.table.name,
        lowest_level=level,
        categories=(Category(label=label, group=subject.group),),
    )
    return replace(coverage, groups=GroupCoverage(variables=(asked,)))


def _count(one: Observation, label: str | None, period: str) -> dict[str, Any]:
    return {
        "value": None if one.cell.value is None else float(one.cell.value),
        "unit": one.unit,
        "group": label,
        "method": "census",
        "date": CENSUS_NIGHTS.get(period, date(int(period[:4]), 7, 1)),
        "status": one.cell.status.value,
    }
