"""Tables (cubes): their dimensions and members, and which coordinate stands for which area and which indicator.

A coordinate names one member of each dimension, always in ten positions: `1.2.1.0.0.0.0.0.0.0`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from connectors.errors import RequestRefused
from connectors.outcomes import agreed_shape, text
from connectors.statcan.answers import SOURCE, Item

_POSITIONS = 10
_EVERY = "*"
_GEOGRAPHY = "geography"


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a dimension; the code and its year are those of the geographical classification."""

    id: int
    name: str
    code: str | None = None
    year: str | None = None
    unit: int = 0


@dataclass(frozen=True, slots=True)
class Area:
    """What a geography member is in the observations."""

    code: str
    scheme: str
    name: str
    aggregate: bool


@dataclass(frozen=True, slots=True)
class Cube:
    """One table."""

    id: str  # eight digits
    title: str
    released: str  # day and minute, Eastern time
    archived: bool
    notes: tuple[str, ...]  # footnotes to the whole table
    geography: int | None  # position of the dimension of areas, from 0
    dimensions: tuple[tuple[str, Mapping[int, Member]], ...]
    frequency: int

    @property
    def number(self) -> str:
        """The number as printed: 27100022 is table 27-10-0022."""
        return f"{self.id[:2]}-{self.id[2:4]}-{self.id[4:]}"

    def coordinates(self, pattern: str, source: str) -> list[str]:
        """Return the coordinates of a pattern such as `*.1.2`, where `*` is every member of a dimension.

        Raises `RequestRefused` when it has another number of parts than the table has dimensions, or names a member
        that there is not.
        """
        parts = pattern.split(".")
        if len(parts) != len(self.dimensions):
            names = ", ".join(name for name, _ in self.dimensions)
            msg = f"{pattern} has {len(parts)} parts, and table {self.number} has {len(self.dimensions)}: {names}"
            raise RequestRefused(msg, source=source, hint="give one member, or *, for each of them")
        chosen = [self._members(part, place, source) for place, part in enumerate(parts)]
        return [padded(members) for members in product(*chosen)]

    def known(self, coordinate: str) -> str:
        """Return a coordinate that names a member of every dimension, and of no more. Raises `ValueError`."""
        parts = [int(part) for part in coordinate.split(".")]
        own, rest = parts[: len(self.dimensions)], parts[len(self.dimensions) :]
        if (
            len(own) < len(self.dimensions)
            or any(rest)
            or any(part not in members for part, (_, members) in zip(own, self.dimensions, strict=True))
        ):
            msg = f"{coordinate} is no coordinate of table {self.number}"
            raise ValueError(msg)
        return coordinate

    def everywhere(self) -> str:
        """Return the pattern of every area and the first member of every other dimension, which is its total."""
        first = [str(next(iter(members))) for _, members in self.dimensions]
        return ".".join(_EVERY if place == self.geography else one for place, one in enumerate(first))

    def area(self, coordinate: str) -> Area:
        """Return the area of a coordinate; a member without a code of the classification goes by its number here."""
        if self.geography is None:
            return Area("CAN", "iso3166-1-a3", "Canada", aggregate=False)
        members = self.dimensions[self.geography][1]
        member = members[_part(coordinate, self.geography)]
        shared = [one for one in members.values() if (one.code, one.year) == (member.code, member.year)]
        if member.code is None or len(shared) > 1:
            return Area(f"{self.id}:{member.id}", "statcan-member", member.name, aggregate=member.code is None)
        return Area(member.code, f"sgc-{member.year or 'undated'}", member.name, aggregate=False)

    def indicator(self, coordinate: str) -> str:
        """Return what a coordinate counts, whatever the area: the table and the coordinate without its area."""
        parts = [str(_part(coordinate, place)) for place in range(len(self.dimensions))]
        if self.geography is not None:
            parts[self.geography] = _EVERY
        return f"{self.id}:{'.'.join(parts)}"

    def legend(self, coordinate: str) -> str:
        """Return the names of the members of a coordinate, without its area."""
        named = [
            members[_part(coordinate, place)].name
            for place, (_, members) in enumerate(self.dimensions)
            if place != self.geography
        ]
        return "; ".join(named) or self.title

    def unit(self, coordinate: str) -> int:
        """Return the code of the unit, 0 where the table says none."""
        units = [members[_part(coordinate, place)].unit for place, (_, members) in enumerate(self.dimensions)]
        return next((unit for unit in units if unit), 0)

    def _members(self, part: str, place: int, source: str) -> Iterable[int]:
        name, members = self.dimensions[place]
        if part == _EVERY:
            return members
        if not part.isdigit() or int(part) not in members:
            known = ", ".join(f"{one.id} {one.name}" for one in list(members.values())[:20])
            msg = f"{part} is no member of {name} in table {self.number}: {known}"
            raise RequestRefused(msg, source=source, hint="name another member, or *")
        return [int(part)]


def cube_number(written: str, source: str) -> str:
    """Return the eight digits of a table as people write it, 98-10-0264-01 or 98100264. Raises `RequestRefused`."""
    digits = written.replace("-", "").strip()
    if not re.fullmatch(r"\d{8}(\d\d)?", digits):
        msg = f"cube={written} is no number of a table"
        raise RequestRefused(msg, source=source, hint="write it as on its page, e.g. 98-10-0264-01")
    return digits[:8]


def padded(members: Iterable[int]) -> str:
    """Return the ten positions of a coordinate."""
    parts = [str(member) for member in members]
    return ".".join([*parts, *["0"] * (_POSITIONS - len(parts))])


def read_cube(item: Item) -> Cube:
    """Read the metadata of a table. Raises `SourceChanged`."""
    with agreed_shape(SOURCE, "the metadata of a table"):
        said = item.object
        dimensions = sorted(said["dimension"], key=lambda one: int(one["dimensionPositionId"]))
        names = [text(one["dimensionNameEn"]) for one in dimensions]
        return Cube(
            id=str(said["productId"]),
            title=text(said["cubeTitleEn"]),
            released=text(said["releaseTime"]),
            archived=str(said.get("archiveStatusEn", "")).startswith("ARCHIVED"),
            notes=tuple(
                note["footnotesEn"].strip()
                for note in said.get("footnote") or ()
                if note["link"]["dimensionPositionId"] == 0
            ),
            geography=next((place for place, name in enumerate(names) if name.casefold() == _GEOGRAPHY), None),
            dimensions=tuple((one["dimensionNameEn"], _read_members(one)) for one in dimensions),
            frequency=int(said["frequencyCode"]),
        )


def _read_members(dimension: Mapping[str, Any]) -> dict[int, Member]:
    if not dimension["member"]:
        msg = f"the dimension {dimension['dimensionNameEn']} has no members"
        raise ValueError(msg)
    return {
        int(one["memberId"]): Member(
            id=int(one["memberId"]),
            name=one["memberNameEn"].strip(),
            code=str(one["classificationCode"]) if one.get("classificationCode") else None,
            year=str(one["vintage"]) if one.get("vintage") else None,
            unit=int(one.get("memberUomCode") or 0),
        )
        for one in dimension["member"]
    }


def _part(coordinate: str, place: int) -> int:
    return int(coordinate.split(".")[place])
