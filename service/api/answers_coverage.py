"""What an estimate of coverage looks like, declared for the OpenAPI document."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from service.api.answers import Shown, Texts


class CoverageScopeShown(Shown):
    """What was asked; null means everywhere and of every kind."""

    country: str | None
    admin: str | None
    kind: str | None
    lists: Texts
    stratify: Texts
    seeded: Texts


class TotalShown(Shown):
    """How many there are altogether, with a standard error and a 95 % interval."""

    value: float
    se: float
    low: float
    high: float


class RangeShown(Shown):
    """Between the lowest and the highest total of models that fit about as well."""

    low: float
    high: float
    models: int = Field(description="that fit about as well")


class StrataRangeShown(Shown):
    """Sums of the lowest and of the highest totals."""

    low: float
    high: float


class LowerBoundShown(TotalShown):
    """Chao's lower bound, where some communities are harder to see for every list."""

    bias_corrected: float


class DependenceShown(TotalShown):
    """The total if the two lists were dependent."""

    odds_ratio: float = Field(description="odds of being on the one list for those on the other, over all others")


class FitShown(TotalShown):
    """One log-linear model of how the lists depend on one another."""

    model: str = Field(examples=["[map-kibera·health, ke-villages]"])
    df: int
    deviance: float
    aic: float
    bic: float


class ListShown(Shown):
    """One list."""

    name: str
    size: int | None


class OverlapShown(Shown):
    """Two lists, and how many are on both."""

    lists: Texts
    both: int | None


class HistoryShown(Shown):
    """A combination of lists, and how many are on exactly these."""

    on: Texts
    count: int | None


class RefusalShown(Shown):
    """One reason for which no number is told."""

    code: str = Field(examples=["links_unmeasured"])
    reason: str
    remedy: str


class EstimateShown(Shown):
    """What lists tell about how many there are. `total` is null where anything was refused."""

    unit: str
    lists: list[ListShown]
    overlaps: list[OverlapShown]
    histories: list[HistoryShown]
    at_least: int | None = Field(description="on one list or more")
    unknown: int | None = Field(description="left out: it is open whether the official list names them")
    total: TotalShown | None
    method: str | None = Field(description="`chapman`, `linkage-corrected`, or the model with the lowest BIC")
    range: RangeShown | None = Field(description="of three lists or more; stands where only the models disagree")
    lower_bound: LowerBoundShown | None
    dependence: list[DependenceShown] = Field(description="of two lists, always beside a total")
    uncorrected: TotalShown | None = Field(description="of two lists, as if every link were right")
    models: list[FitShown] = Field(description="every model fitted, the lowest BIC first")
    refusals: list[RefusalShown]
    assumptions: Texts


class StratifiedShown(Shown):
    """The estimate of each stratum, and their sum."""

    total: TotalShown | None
    range: StrataRangeShown | None
    differs_from_pooled: bool | None = Field(description="whether the sum differs from the whole beyond chance")
    refusals: list[RefusalShown]
    strata: dict[str, EstimateShown]


class CoverageShown(EstimateShown):
    """How many communities are on none of several lists, or why nobody can tell."""

    scope: CoverageScopeShown
    generated_at: datetime
    snapshot: str | None = Field(description="sha256 of the official list")
    summary: Texts = Field(description="the estimate in sentences")
    outside: int | None = Field(description="left out: the official list would not name such a place")
    stratified: StratifiedShown | None
    withheld: str | None = Field(description="why numbers are left out, where they are")
