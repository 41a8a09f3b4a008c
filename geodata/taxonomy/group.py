"""A group of people as the taxonomy knows it. What is shown of it is always its label."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Dimension(StrEnum):
    """What kind of difference a group is told by; official lists ask for one or several of them."""

    ETHNIC = "ethnic"
    CASTE = "caste"
    LANGUAGE = "language"
    RELIGIOUS = "religious"
    DISABILITY = "disability"
    LEGAL_STATUS = "legal_status"
    LIVELIHOOD = "livelihood"
    GENDER = "gender"  # gender and sexuality: named here above all so that nobody is exposed by it

    @property
    def spoken(self) -> str:
        """The dimension in the words of a questionnaire."""
        return _SPOKEN[self]


_SPOKEN = {
    Dimension.ETHNIC: "ethnic group",
    Dimension.CASTE: "caste",
    Dimension.LANGUAGE: "language",
    Dimension.RELIGIOUS: "religion",
    Dimension.DISABILITY: "disability",
    Dimension.LEGAL_STATUS: "legal status",
    Dimension.LIVELIHOOD: "livelihood",
    Dimension.GENDER: "gender identity or sexuality",
}


class SensitivityClass(StrEnum):
    """How much harm it could do to show where a group lives, from least to most."""

    S0 = "S0"  # open
    S1 = "S1"  # caution: shown coarsely, counts rounded
    S2 = "S2"  # restricted: not shown to the public one by one
    S3 = "S3"  # closed: to the public it does not exist


class NameKind(StrEnum):
    """Whose word a name is. Every kind is matched; only the label is ever shown."""

    LABEL = "label"  # the preferred name, the group's own choice where that is known
    ENDONYM = "endonym"  # what the group calls itself
    EXONYM = "exonym"  # what others call it
    ALIAS = "alias"  # another spelling, a form in another language, a category of a questionnaire
    PEJORATIVE = "pejorative"  # resented by the group: matched, never displayed


@dataclass(frozen=True, slots=True)
class GroupName:
    """One name of a group; language is BCP 47, None where it was not said."""

    text: str
    kind: NameKind
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from."""

    key: str
    citation: str


@dataclass(frozen=True, slots=True)
class Group:
    """One entry of the taxonomy."""

    id: str
    dimension: Dimension
    label: str
    names: tuple[GroupName, ...]  # the label first
    sources: tuple[Source, ...]
    sources_of: tuple[tuple[str, Source], ...] = ()  # fact (e.g. "pejorative") -> where that comes from, if elsewhere
    broader: tuple[str, ...] = ()  # ids of groups this one is part of
    overlaps: tuple[str, ...] = ()  # ids of groups that share people with this one
    countries: frozenset[str] = frozenset()  # ISO 3166-1 alpha-3 where it is at home; empty: anywhere
    sensitivity: SensitivityClass = SensitivityClass.S1
    sensitivity_in: tuple[tuple[str, SensitivityClass], ...] = field(default=())  # country -> class there

    def sensitivity_for(self, country: str | None) -> SensitivityClass:
        """Return the class in a country; where the country is not known, the highest of any."""
        there = [one for code, one in self.sensitivity_in if country in {None, code}]
        return max([self.sensitivity, *there])

    def source_of(self, fact: str) -> tuple[Source, ...]:
        """Return where a fact of this entry comes from: "label", "pejorative", "sensitivity" and the like."""
        own = tuple(source for of, source in self.sources_of if of == fact)
        return own or self.sources
