"""The counts of a group against those of a list: what the categories that may hold it come to at least and at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geodata.cells import CellStatus
from geodata.taxonomy.declared import Role
from matchers.base import Verdict
from matchers.counting.comparability import Comparable, comparable
from matchers.counting.mechanisms import Published
from matchers.counting.posterior import Coverage, coverage
from matchers.groups.relations import Mapped
from matchers.groups.standing import Standing, Subtype, broader_of
from matchers.groups.subject import Cell, Count, residual
from matchers.groups.sums import Part, Rest, sums
from matchers.judging.verdict import count_verdict
from matchers.parameters import Counting


@dataclass(frozen=True, slots=True)
class Tested:
    """What the counts of a group came to."""

    verdict: Verdict
    attributes: tuple[str, ...]
    citizen: float
    official: tuple[float, float]  # at least, at most
    unit: str
    p_under: float  # probability that the list counts too few even if it counts the most it may


@dataclass(frozen=True)
class Trial:
    """The counts of a group on both sides."""

    counts: Sequence[Count]  # the record's, of this group
    standing: Standing
    cells: Sequence[Cell]  # of the question the group would be told apart by
    dates: tuple[date | None, date | None]  # to fall back on for either side
    counting: Counting

    def tested(self) -> Tested | None:
        """Return what the counts say of a group that the list counts; None where nothing can be compared."""
        own = self.standing.own
        bounds = [mapped.cell.bounds[0] for mapped in own if mapped.cell.bounds]
        if not bounds and not any(mapped.cell.numbers for mapped in own):
            return None
        numbers = [mapped for mapped in self.standing.mapped if mapped.cell.numbers]
        parts = [Part(mapped.cell.numbers[0], mapped.relation, mapped.share) for mapped in numbers]
        known = sums(parts, self._rest())
        if bounds:
            between = (known.low + sum(low for low, _ in bounds), known.high + sum(high for _, high in bounds))
            return self._between(between, own)
        return self._by_mapping((known.low, known.high), own)

    def bounded(self) -> Tested | None:
        """Return what the counts say of a group without a category: against everybody it may be counted among.

        More people of the group than in "other" and every broader category together are an undercount wherever they
        were counted. None where nothing can be compared.
        """
        if self.standing.subtype is not Subtype.NO_CATEGORY:
            return None
        broader = broader_of(self.standing)
        other = residual(self.cells, Role.OTHER)
        numbers = [mapped.cell.numbers[0] for mapped in broader if mapped.cell.numbers]
        if other is None and not numbers:
            return None
        return self._by_mapping((sum(numbers) + (other or 0.0),) * 2, broader)

    def _rest(self) -> Rest:
        answered = [cell for cell in self.cells if cell.category.role in {Role.GROUP, Role.OTHER}]
        stated = sum(number for cell in answered for number in cell.numbers[:1])
        return Rest(residual(self.cells, Role.OTHER), residual(self.cells, Role.NOT_STATED), stated)

    def _between(self, official: tuple[float, float], mapped: Sequence[Mapped]) -> Tested | None:
        pair = self._pair(official[1], mapped)
        if pair is None:
            return None
        published = Published(low=official[0], high=official[1])
        return self._told(pair, official, coverage(pair.citizen, published, pair.s, delta=self.counting.delta))

    def _by_mapping(self, official: tuple[float, float], mapped: Sequence[Mapped]) -> Tested | None:
        low, high = official
        pair = self._pair(high, mapped)
        if pair is None:
            return None
        most = self._told(pair, official, coverage(pair.citizen, Published(high), pair.s, delta=self.counting.delta))
        if low == high or most.verdict == Verdict.UNDERCOUNT:
            return most
        fewest = coverage(pair.citizen, Published(low), pair.s, delta=self.counting.delta)
        least = count_verdict(fewest, pair, self.counting)
        if least.verdict == most.verdict:
            return most
        verdict = Verdict.NEEDS_REVIEW if least.verdict == Verdict.UNDERCOUNT else Verdict.INSUFFICIENT_EVIDENCE
        return Tested(verdict, ("mapping_decides",), most.citizen, official, most.unit, most.p_under)

    def _pair(self, number: float, mapped: Sequence[Mapped]) -> Comparable | None:
        cell = next((count for one in mapped for count in one.cell.counts), None)
        theirs: dict[str, Any] = {"value": number, "low": None, "high": None, "group": None, "method": None}
        theirs |= {"unit": cell["unit"] if cell else "persons", "date": cell["date"] if cell else None}
        mine = [{**count, "group": None} for count in self.counts]
        found = comparable(mine, [{**theirs, "status": CellStatus.OBSERVED.value}], self.dates, self.counting)
        return found if isinstance(found, Comparable) else None

    def _told(self, pair: Comparable, official: tuple[float, float], found: Coverage) -> Tested:
        counted = count_verdict(found, pair, self.counting)
        return Tested(counted.verdict, counted.attributes, pair.citizen, official, pair.unit, found.p_under)
