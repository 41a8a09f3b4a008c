"""What the answer about the policy of disclosure looks like, declared for the OpenAPI document."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from service.api.answers import Shown, Texts
from service.disclosure import Sensitivity


class ClassShown(Shown):
    """How a class of communities is handled."""

    id: Sensitivity
    seen_by: str
    smallest_count: int = Field(description="no smaller number is published")
    round_to: int = Field(description="published numbers are multiples of it")
    location: Literal["donut", "h3", "admin", "hold"]
    finest_cell: int = Field(description="H3 resolution")
    least_population: int = Field(description="residents of a cell that is shown")
    least_settlements: int = Field(description="settlements in it")
    least_around: int = Field(description="people among whom a point is moved, least")
    most_around: int = Field(description="and most")
    embargo_days: int = Field(description="before an absence or undercount is public")
    place_in_words: str


class RuleShown(Shown):
    """Which communities call for a class; an empty list means any, and what is named has to hold together."""

    id: str
    label: str
    sensitivity: Annotated[Sensitivity, Field(alias="class")]
    why: str
    groups: Texts
    countries: Texts
    kinds: Texts
    drivers: Texts


class BoardShown(Shown):
    """Who signed off that something is lower than what ships."""

    name: str
    date: date
    reason: str


class PolicyShown(Shown):
    """The policy of disclosure in force."""

    version: str
    digest: str = Field(description="of all of it; the same one means the same policy")
    classes: list[ClassShown] = Field(description="from least to most sensitive")
    rules: list[RuleShown]
    boards: list[BoardShown]
    note: str
