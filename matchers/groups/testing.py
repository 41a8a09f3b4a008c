"""The counts of a group against those of a list: what the categories that may hold it come to at least and at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from geodata.cells import CellStatus
from geodata.taxonomy.declared import Role
from matchers.base import Verdict
from matchers.counting.comparability import Comparable, comparable
from matchers.counting.disclosed import summed
from matchers.counting.frame import Frame
from matchers.groups.relations import Mapped
from matchers.groups.standing import Standing, Subtype, broader_of
from matchers.groups.subject import Cell, Count, residual
from matchers.groups.sums import Part, Rest, sums
from matchers.judging.counted import struct_of
from matchers.judging.verdict import count_verdict


@dataclass(frozen=True, slots=True)
class Tested:
    """What the counts of a group came to."""

    verdict: Verdict
    attributes: tuple[str, ...]
    citizen: float
    official: tuple[float, float]  # at least, at most
    unit: str
    p_under: float  # probability that the list counts too few even if it counts the most it may
    struct: dict[str, Any]  # the same as `matchers.base.COUNTED`


@dataclass(frozen=True)
class Trial:
    """The counts of a group on both sides."""

    counts: Sequence[Count]  # the record's, of this group
    standing: Standing
    cells: Sequence[Cell]  # of the question the group would be told apart by
    frame: Frame

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
        pair = self._pair({"low": official[0], "high": official[1], "status": _OPEN}, mapped)
        return None if pair is None else self._told(pair, pair.official)

    def _by_mapping(self, official: tuple[float, float], mapped: Sequence[Mapped]) -> Tested | None:
        low, high = official
        pair = self._pair({"value": high}, mapped)
        if pair is None:
            return None
        declared = self.frame.declared.disclosure
        most = self._told(replace(pair, published=summed(high, len(mapped), declared)), official)
        if low == high or most.verdict == Verdict.UNDERCOUNT:
            return most
        least = self._told(replace(pair, published=summed(low, len(mapped), declared)), official)
        if least.verdict == most.verdict:
            return most
        verdict = Verdict.NEEDS_REVIEW if least.verdict == Verdict.UNDERCOUNT else Verdict.INSUFFICIENT_EVIDENCE
        return replace(most, verdict=verdict, attributes=("mapping_decides",))

    def _pair(self, numbers: dict[str, Any], mapped: Sequence[Mapped]) -> Comparable | None:
        cells = (*(one.cell for one in mapped), *self.cells)  # "other" is mapped to nothing
        cell = next((count for one in cells for count in one.counts), None)
        theirs: dict[str, Any] = {"value": None, "low": None, "high": None, "method": None, "status": _OBSERVED}
        theirs |= (
            {"unit": "persons", "date": None} if cell is None else {k: cell[k] for k in ("unit", "date", "method")}
        )
        theirs |= {"group": self._group, **numbers}
        mine = [{**count, "group": self._group} for count in self.counts]
        found = comparable(mine, [theirs], self.frame)
        return found if isinstance(found, Comparable) else None

    @property
    def _group(self) -> str | None:
        """The group as the record calls it; None where the record is about the group itself."""
        return next((count["group"] for count in self.counts if count["group"]), None)

    def _told(self, pair: Comparable, official: tuple[float, float]) -> Tested:
        counting = self.frame.counting
        found = pair.coverage(counting)
        counted = count_verdict(found, pair, counting)
        low, high = official
        struct = struct_of(pair, found, pair.detectable(counting))
        struct |= {"group": self._group, "official_low": low, "official_high": high}
        return Tested(counted.verdict, counted.attributes, pair.citizen, official, pair.unit, found.p_under, struct)


_OPEN = CellStatus.OPEN_ENDED_BOUND.value
_OBSERVED = CellStatus.OBSERVED.value
