"""What answers about collections look like, declared for the OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from service.api.answers import Shown, Withheld
from service.disclosure import Consent, Sensitivity

Share = Annotated[float, Field(ge=0, le=1)]


class CriterionShown(Shown):
    """One of the five criteria, how far it is met, and why."""

    name: str
    score: int = Field(ge=0, le=3)
    reason: str
    improve: list[str] = Field(description="what would raise the score, most important first")


class ImprovementShown(Shown):
    """One thing to mend, and what it would bring."""

    what: list[str] = Field(description="any of these")
    criterion: str | None = Field(description="whose score it raises; null for what must not be missing")
    gain: float = Field(description="of the quality index, for one point more")
    grade: str = Field(description="reached with it, all else as it is")


class FactsShown(Shown):
    """What the records of a collection show by themselves, as shares of 0 to 1."""

    records: int
    gaps: dict[str, Share] = Field(description="share of records that lack a part every record should have")
    duplicates: Share
    coarse: Share = Field(description="of locations that are known to a kilometre only")
    identical: Share = Field(description="of located records that share their point with another")
    heaped: Share | None = Field(description="of counts that end in 0 or 5; null where there are too few to tell")
    rounds: int = Field(description="years in which anything was observed")
    newest: date | None


class GradedShown(Shown):
    """How a collection was graded at one time."""

    grade: str
    policy: str
    passport_version: int
    records: int
    index: Share
    created_at: datetime


class QualityShown(Shown):
    """What a collection is worth by the policy in force, with reasons."""

    policy: str = Field(description="version of the quality policy")
    index: Share | None = Field(description="null without a passport")
    criteria: list[CriterionShown]
    missing: list[str] = Field(description="what must not be missing and is; any of it makes the grade D")
    allowed_actions: list[str] = Field(description="store, existence, undercount")
    improvements: list[ImprovementShown]
    facts: FactsShown | None
    history: list[GradedShown] = Field(description="earlier grades with the policy they were given by, oldest first")


class UsualShown(Shown):
    """What holds for the records of a collection that do not say otherwise."""

    country: str | None
    kind: str | None
    consent: Consent
    sensitivity: Sensitivity


class CollectionShown(Shown):
    """A collection of records, as exactly as the caller may know it."""

    id: str = Field(description="as its records name it; `default` holds those that name none")
    organisation: str
    title: str | None = Field(description="null without a passport")
    method: str | None
    grade: str = Field(description="A, B, C, D, or undeclared")
    records: int | None
    passport: dict[str, Any] | None = Field(description="as it was declared")
    passport_version: int | None
    usual: UsualShown | None = Field(description="what holds for records that do not say otherwise")
    declared_at: datetime | None
    quality: QualityShown | None
    withheld: Withheld


class CollectionPage(Shown):
    """The collections a caller may know of."""

    items: list[CollectionShown]


class DeclaredShown(CollectionShown):
    """A collection whose passport was just declared."""

    waiting: int = Field(description="records that are still to be verified again, which goes on by itself")
