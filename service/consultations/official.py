"""Whether official lists count a group: is it asked for, has it a category, is that published for this area.

Answered from what the present lists declare about groups (`[coverage.groups]` of their manifests) and from the groups
they publish counts of. What a list does not say is not known, and nothing is concluded from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pyarrow.compute as pc

from geodata.names.folding import fold
from geodata.tags.answers import people_named, words_of
from geodata.taxonomy import Taxonomy, in_force
from geodata.taxonomy.declared import Category, GroupCoverage, Variable, role_of
from geodata.taxonomy.naming import name_key
from matchers.base import OfficialList
from matchers.groups import Listed
from matchers.groups.relations import Meaning
from matchers.groups.sentences import said_of
from matchers.groups.standing import Standing, Subtype, stand
from matchers.groups.subject import Cell, cells_of
from service.disclosure.consultations.tally import COUNTRY, Area

#: Subtype -> whether the group is asked for, has a category, is published here; None for what is not known.
_ANSWERS: dict[Subtype | None, tuple[bool | None, bool, bool]] = {
    None: (True, True, True),
    Subtype.UNIVERSE_EXCLUDES: (None, False, False),
    Subtype.VARIABLE_NOT_COLLECTED: (False, False, False),
    Subtype.NO_CATEGORY: (True, False, False),
    Subtype.NOT_PUBLISHED_AT_LEVEL: (True, True, False),
    Subtype.SUPPRESSED: (True, True, False),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What one list says about one group in one area. None: the list does not say."""

    source: str
    title: str
    vintage: str
    snapshot: str
    collected: bool | None  # the variable that tells the group apart was asked for
    category: bool | None  # the group is one of its answers
    published: bool | None  # and a number is published for this area
    because: str | None  # `Subtype`, where it is not counted
    reason: str

    @property
    def counted(self) -> bool | None:
        """Whether the group is counted there by itself."""
        return self.published

    def plain(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "list": {
                "source": self.source,
                "title": self.title,
                "vintage": self.vintage,
                "snapshot": self.snapshot,
            },
            "collected": self.collected,
            "category": self.category,
            "published": self.published,
            "because": self.because,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Asked:
    """One official list, asked about groups in one country."""

    official: OfficialList
    country: str  # ISO 3166-1 alpha-3

    @property
    def speaks(self) -> bool:
        """Whether it says anything about groups of people."""
        declared, known = self._coverage.groups or GroupCoverage(), in_force()
        left_out = any(term in known or known.group_of(term, self.country) for term in self._coverage.excludes)
        return declared != GroupCoverage() or left_out or bool(self._published)

    def about(self, group_id: str, area: Area, name: str) -> Counted:
        """Return what the list says about a group in an area, which is called `name`."""
        known = in_force()
        listed = self._listed(area, name)
        meaning = self._meaning(group_id, listed, known)
        standing = stand(meaning, listed, cells_of(listed), known)
        official = self.official
        collected, category, published = self._answered(standing, meaning)
        return Counted(
            source=official.source,
            title=official.title,
            vintage=official.vintage,
            snapshot=official.snapshot,
            collected=collected,
            category=category,
            published=published,
            because=standing.subtype.value if standing.subtype else None,
            reason=said_of(meaning, standing, known),
        )

    def _answered(self, standing: Standing, meaning: Meaning) -> tuple[bool | None, bool | None, bool | None]:
        declared = self._coverage.groups
        asked = declared.collected(meaning.group.dimension) if declared and meaning.group else None
        if not standing.known:
            return asked, None, None
        collected, category, published = _ANSWERS[standing.subtype]
        return (asked if collected is None else collected), category, published

    def _meaning(self, group_id: str, listed: Listed, known: Taxonomy) -> Meaning:
        """Return what is asked about; declared people by the word that the list itself has for them, if it has one."""
        group = known.get(group_id)
        if group is not None:
            return Meaning(group.label, self.country, group)
        words = words_of(group_id)
        people = people_named(group_id)
        label = people.label if people else group_id
        own = (cell.category.label for cell in cells_of(listed) if name_key(cell.category.label).key in words)
        return Meaning(next(own, label), self.country, None)

    def _listed(self, area: Area, name: str) -> Listed:
        if self._rows is not None:
            rows = self._rows if area == COUNTRY else tuple(replace(cell, counts=()) for cell in self._rows)
            return Listed(self._coverage, level=area.level, rows=rows)
        if area == COUNTRY:
            return Listed(self._coverage, counts=[_blank(label) for label in self._published], level="country")
        entry = self._entries.get(fold(name))
        if entry is None:
            return Listed(self._coverage, counts=(), level=area.level)
        places = self.official.index.places.take([entry]).table.to_pylist()[0]
        return Listed(self._coverage, counts=places["counts"] or (), level=places["level"] or area.level)

    @property
    def _coverage(self) -> Any:
        return self.official.coverage

    @cached_property
    def _published(self) -> tuple[str, ...]:
        """The groups that numbers are published of, in the list's own words."""
        counts = self.official.index.places.column("counts")
        said = pc.struct_field(pc.list_flatten(counts), "group")
        return tuple(sorted(label for label in pc.unique(said).to_pylist() if label))

    @cached_property
    def _entries(self) -> dict[str, int]:
        """The rows of the list by name and by identifier; none where it publishes nothing of groups."""
        if not self._published:
            return {}
        places = self.official.index.places
        named: dict[str, list[int]] = defaultdict(list)
        for row, (name, own) in enumerate(zip(places.primary_names, places.ids, strict=True)):
            for key in {fold(name or ""), fold(own)} - {""}:
                named[key].append(row)
        return {key: rows[0] for key, rows in named.items() if len(rows) == 1}

    @cached_property
    def _rows(self) -> tuple[Cell, ...] | None:
        declared = self._coverage.groups
        if declared is None or declared.rows is None:
            return None
        variable = Variable(frozenset({declared.rows}), lowest_level="country")
        places = self.official.index.places
        counts = places.column("counts").to_pylist()
        return tuple(
            Cell(Category(name, code, role=role_of(name)), variable, tuple(own or ()))
            for name, code, own in zip(places.primary_names, places.ids, counts, strict=True)
        )


def lists_of(country: str, lists: Sequence[OfficialList]) -> tuple[Asked, ...]:
    """Return the lists that cover a country, or do not say which they cover, in order of their sources."""
    return tuple(
        Asked(one, country) for one in lists if not one.coverage.countries or country in one.coverage.countries
    )


def _blank(label: str) -> dict[str, Any]:
    """Return a count of which only the group is known: for some areas there is a number."""
    return {"group": label, "value": None, "low": None, "high": None, "status": None}
