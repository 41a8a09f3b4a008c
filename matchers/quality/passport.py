"""The quality passport: what an organisation declares about one of its collections of records.

Its fields follow the Copenhagen Framework on Citizen Data and PARIS21's work on citizen-generated data. All but the
title may be left out: what is not said is told as a gap, with what it costs, never refused. An empty list says "none";
a list left out says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from matchers.quality.dates import Middle, Stated, between


class Part(StrEnum):
    """What part citizens have in one stage."""

    LEAD = "lead"
    SHARE = "share"
    NONE = "none"


class OrganisationType(StrEnum):
    """What kind of organisation it is."""

    COMMUNITY = "community"  # of the people counted themselves
    CIVIL_SOCIETY = "civil_society"
    ACADEMIC = "academic"
    MEDIA = "media"
    COMPANY = "company"
    GOVERNMENT = "government"
    INTERNATIONAL = "international"
    OTHER = "other"


class Frequency(StrEnum):
    """How often it is collected."""

    ONCE = "once"
    IRREGULAR = "irregular"
    YEARLY = "yearly"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"
    CONTINUOUS = "continuous"


@dataclass(frozen=True, slots=True)
class About:
    """What a field holds, in a few words, and the rules it is checked by."""

    text: str
    long: bool = False
    country: bool = False  # has to be a country
    method: bool = False  # has to be a way of counting known here
    least: float = 0
    most: float = 10**10


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who stands behind the collection."""

    name: Annotated[str | None, About("the name it goes by")] = None
    registered_id: Annotated[str | None, About("its number in a register, and which register")] = None
    contact: Annotated[str | None, About("where questions about the data are answered; never shown to outsiders")] = (
        None
    )
    type: Annotated[OrganisationType | None, About("what kind of organisation it is")] = None


@dataclass(frozen=True, slots=True)
class CitizenRole:
    """What part citizens had in each stage, from first idea to use (Copenhagen Framework)."""

    design: Annotated[Part | None, About("deciding what is asked, and how")] = None
    collect: Annotated[Part | None, About("collecting it")] = None
    process: Annotated[Part | None, About("cleaning and coding it")] = None
    analyse: Annotated[Part | None, About("working out what it says")] = None
    disseminate: Annotated[Part | None, About("making it known")] = None
    use: Annotated[Part | None, About("using it")] = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Of whom and of where it speaks."""

    countries: Annotated[tuple[str, ...] | None, About("ISO 3166 codes", country=True)] = None
    area: Annotated[str | None, About("the area covered, in words")] = None
    population: Annotated[str | None, About("the people covered, in words")] = None
    universe: Annotated[
        str | None, About("who is counted and who is not, such as everybody who usually sleeps there")
    ] = None


@dataclass(frozen=True, slots=True)
class Reference:
    """When it was so."""

    start: Annotated[Stated | None, About("first day, month or year it describes")] = None
    end: Annotated[Stated | None, About("last day, month or year it describes; left out: the same")] = None
    frequency: Annotated[Frequency | None, About("how often it is collected")] = None


@dataclass(frozen=True, slots=True)
class Method:
    """How it was counted."""

    code: Annotated[str | None, About("how it was counted, such as full_enumeration", method=True)] = None
    description: Annotated[str | None, About("the same in words", long=True)] = None
    frame: Annotated[str | None, About("the list or map from which units were drawn", long=True)] = None
    design: Annotated[str | None, About("how they were drawn; everybody, if so", long=True)] = None
    n: Annotated[int | None, About("units interviewed or observed", least=1)] = None
    non_response: Annotated[float | None, About("share of units that gave no answer, 0 to 1", least=0, most=1)] = None
    training: Annotated[str | None, About("how enumerators were trained", long=True)] = None
    questionnaire: Annotated[str | None, About("the questions asked, or their address", long=True)] = None
    quality_assurance: Annotated[tuple[str, ...] | None, About("the checks made, one by one")] = None
    limits: Annotated[str | None, About("known limits", long=True)] = None


@dataclass(frozen=True, slots=True)
class Funding:
    """Who paid, and what they want of it."""

    funders: Annotated[tuple[str, ...] | None, About("who paid; an empty list where nobody did")] = None
    interest: Annotated[
        str | None, About("what organisation and funders gain if numbers come out one way", long=True)
    ] = None
    undisclosed: Annotated[bool | None, About("true where the organisation does not want to say who paid")] = None


@dataclass(frozen=True, slots=True)
class Ethics:
    """With whose consent, and for whom it may be dangerous."""

    consent_basis: Annotated[
        str | None, About("how people agreed, such as spoken consent of each household", long=True)
    ] = None
    sensitive_categories: Annotated[
        tuple[str, ...] | None, About("such as ethnicity or health; an empty list where none")
    ] = None
    governance: Annotated[
        str | None, About("who decides about the data, among them a representative of the community", long=True)
    ] = None


@dataclass(frozen=True, slots=True)
class Passport:
    """What an organisation declares about one collection."""

    title: Annotated[str, About("the name the collection goes by")]
    version: Annotated[str | None, About("of the collection, such as 2.1 or 2019")] = None
    purpose: Annotated[str | None, About("what it was made for", long=True)] = None
    licence: Annotated[str | None, About("under which others may use it, such as CC-BY-4.0 or ODbL-1.0")] = None
    seed_lists: Annotated[tuple[str, ...] | None, About("lists from which it started; an empty list where none")] = None
    organisation: Annotated[Organisation, About("who stands behind it")] = field(default_factory=Organisation)
    citizen_role: Annotated[CitizenRole, About("what part citizens had in each stage: lead, share or none")] = field(
        default_factory=CitizenRole
    )
    scope: Annotated[Scope, About("of whom and of where it speaks")] = field(default_factory=Scope)
    reference: Annotated[Reference, About("when it was so")] = field(default_factory=Reference)
    method: Annotated[Method, About("how it was counted")] = field(default_factory=Method)
    funding: Annotated[Funding, About("who paid, and what they want of it")] = field(default_factory=Funding)
    ethics: Annotated[Ethics, About("with whose consent, and for whom it may be dangerous")] = field(
        default_factory=Ethics
    )

    @property
    def dated(self) -> Middle | None:
        """The middle of the reference period, for records that give no date of their own; None where none is stated."""
        return between(self.reference.start, self.reference.end)
