"""What one caller reads of the consultations of a country, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.accounts.statement import Question
from service.disclosure.consultations.tally import Area


@dataclass(frozen=True, slots=True)
class Named:
    """How many named one thing in one area. None where that is withheld, or nobody was asked."""

    people: int | None = None  # respondents
    share: float | None = None  # of the respondents of the area, 0..1
    meetings: int | None = None
    participants: int | None = None  # of the meetings that named it
    at_least: bool = False  # the numbers are lower bounds, in steps of fifty


@dataclass(frozen=True, slots=True)
class Margin:
    """One age band or gender."""

    term: str
    people: int | None
    share: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """Those who took part in consultations of one form."""

    consultations: int = 0
    meetings: int = 0  # 0 of surveys
    people: int | None = 0
    ages: tuple[Margin, ...] = ()
    genders: tuple[Margin, ...] = ()
    crossed: Mapping[tuple[str, str], int] | None = None  # age by gender; None to outsiders


@dataclass(frozen=True, slots=True)
class Told:
    """What one caller reads of the consultations of a country."""

    exact: bool
    surveys: Part
    dialogues: Part
    areas: Mapping[Area, tuple[int | None, int | None]]  # respondents and participants of each area that is told
    written: Mapping[Area, str]
    named: Mapping[Question, Mapping[str, Mapping[Area, Named]]]
    unknown: Mapping[Question, Named]
    withheld: Mapping[str, str] = field(default_factory=dict)


def share_of(number: int | None, whole: int) -> float | None:
    """Return a share to the percent, None where the number is withheld or nobody was asked."""
    return None if number is None or not whole else round(min(1.0, number / whole), 2)
