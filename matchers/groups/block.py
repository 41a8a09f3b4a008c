"""The groups of a block of records against one list: in the entry that was matched, or among rows that are groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow.compute as pc

from geodata.coverage import CoverageManifest
from geodata.index import PlaceIndex
from geodata.kinds import lineage
from geodata.places import Places
from geodata.taxonomy import Dimension, Taxonomy, in_force
from geodata.taxonomy.declared import Category, Variable, role_of
from matchers.counting.frame import Frame
from matchers.groups.finding import GroupFinding, judge_groups
from matchers.groups.relations import Meaning
from matchers.groups.standing import excluding
from matchers.groups.subject import Cell, Claim, Count, Listed
from matchers.judging.scope import Subject, outside
from matchers.model import Task
from matchers.pairs import Flags

_FEW = 8  # records up to which reading them one by one is quicker
_NOBODY = ("its entries are groups of people, and the record names none",)


@dataclass(frozen=True)
class GroupBlock:
    """Asks of each record of a block what the list says about its groups."""

    task: Task
    taxonomy: Taxonomy | None = None  # None: the one in force

    def in_entry(self, record: int, entry: int, frame: Frame) -> GroupFinding | None:
        """Return what a list says about a record's groups where it lists the place; None if the record names none."""
        claim = self._claim(record)
        if not claim.labels and not any(count["group"] for count in claim.counts):
            return None
        table, coverage = self.task.official.index.places.table, self.task.official.coverage
        listed = Listed(
            coverage=coverage,
            counts=table.column("counts")[entry].as_py() or (),
            level=table.column("level")[entry].as_py() or table.column("kind")[entry].as_py() or coverage.lowest_level,
        )
        return judge_groups(claim, listed, frame, self._known)

    @cached_property
    def asking(self) -> Flags:
        """Which records speak of groups: of who lives there, or whom they count."""
        places = self.task.records.places
        groups, counts = places.column("groups"), places.column("counts")
        if len(places) <= _FEW:
            said = zip(self._column("groups"), self._column("counts"), strict=True)
            return np.array([bool(own) or any(one["group"] for one in told or ()) for own, told in said], np.bool_)
        asking = np.zeros(len(places), np.bool_)
        if groups.null_count < len(groups):
            asking |= np.diff(groups.offsets.to_numpy(zero_copy_only=False)) > 0
        if counts.null_count < len(counts):
            named = pc.fill_null(pc.not_equal(counts.flatten().field("group"), ""), False)  # noqa: FBT003 - not said
            rows = np.asarray(counts.value_parent_indices())
            asking[rows[named.to_numpy(zero_copy_only=False)]] = True
        return asking

    @property
    def of_groups(self) -> bool:
        """Whether the rows of the list are groups, not places."""
        return self._rows is not None

    def left_out(self, record: int) -> tuple[str, ...]:
        """Return what the list leaves out by rule, in its own words, of what a record says of its groups."""
        excludes, labels = self._coverage.excludes, self._column("groups")[record]
        if not excludes or not labels:
            return ()
        country = self._column("country")[record]
        meanings = [Meaning(label, country, self._known.group_of(label, country)) for label in labels]
        return tuple(dict.fromkeys(term for one in meanings for term in excluding(one, excludes, self._known)))

    def among_rows(self, record: int, subject: Subject, frame: Frame) -> GroupFinding | tuple[str, ...]:
        """Return what a list whose rows are groups says about a record, or why it cannot tell."""
        claim = self._claim(record)
        if claim.itself and not claim.labels:
            claim = replace(claim, labels=tuple(name["text"] for name in self._column("names")[record][:1]))
        if not any(label.strip() for label in claim.labels):
            return _NOBODY
        # What level or kind of place a list of groups holds says nothing about it; the area it covers does.
        area = replace(self.task.official.coverage, kinds=frozenset(), lowest_level=None, minimum_persons=None)
        beyond = outside(replace(subject, kind=None), replace(area, excludes=frozenset()))
        if beyond:
            return beyond
        if not claim.itself:
            claim = replace(claim, counts=())  # of one place, and the list counts the whole area
        listed = Listed(self._coverage, rows=self._rows)
        return judge_groups(claim, listed, frame, self._known) or _NOBODY

    def known_by(self, record: int) -> str | None:
        """Return the digest of the taxonomy that a record's groups are known by; None where none is asked about."""
        claim = self._claim(record)
        asked = claim.itself or claim.labels or any(count["group"] for count in claim.counts)
        return self._known.sha256 if asked else None

    def _claim(self, record: int) -> Claim:
        kind = self.task.records.kinds[record]
        return Claim(
            labels=tuple(self._column("groups")[record] or ()),
            country=self._column("country")[record],
            counts=self._column("counts")[record] or (),
            itself=kind is not None and "group" in lineage(kind),
        )

    @property
    def _coverage(self) -> CoverageManifest:
        return self.task.official.coverage

    @cached_property
    def _known(self) -> Taxonomy:
        return self.taxonomy or in_force()

    @cached_property
    def _rows(self) -> tuple[Cell, ...] | None:
        declared, index = self._coverage.groups, self.task.official.index
        if declared is None or declared.rows is None:
            return None
        rows = _rows.setdefault(index, {})
        if declared.rows not in rows:
            rows[declared.rows] = tuple(_cells(index.places, Variable(frozenset({declared.rows}))))
        return rows[declared.rows]

    @cached_property
    def _columns(self) -> dict[str, list[Any]]:
        return {}

    def _column(self, name: str) -> list[Any]:
        if name not in self._columns:
            self._columns[name] = self.task.records.places.column(name).to_pylist()
        return self._columns[name]


#: The rows of lists as groups that are told apart by a dimension, read once for a list.
_rows: WeakKeyDictionary[PlaceIndex, dict[Dimension, tuple[Cell, ...]]] = WeakKeyDictionary()


def _cells(places: Places, variable: Variable) -> Iterator[Cell]:
    counts: list[list[Count] | None] = places.column("counts").to_pylist()
    for name, code, own in zip(places.primary_names, places.ids, counts, strict=True):
        yield Cell(Category(name, code, role=role_of(name)), variable, tuple(own or ()))
