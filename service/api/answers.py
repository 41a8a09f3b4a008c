"""What answers look like: the shapes `service.disclosure` and the routers write, declared for the OpenAPI document.

Answers are written straight from plain values, which is several times as fast as building these models; tests hold
every answer to them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from matchers.base import Verdict
from service.disclosure import Consent, Sensitivity
from service.store.values import RecordState

Probability = Annotated[float, Field(ge=0, le=1)]
Absent = Annotated[Probability | None, Field(description="that the list does not name the community")]
Texts = list[str]
Withheld = Annotated[dict[str, str], Field(description="what is left out or blurred for this caller, and why")]


class Shown(BaseModel):
    """A part of an answer; it carries these members and no others."""

    model_config = ConfigDict(extra="forbid")


class NameShown(Shown):
    """A name as written."""

    text: str
    language: str | None
    script: str | None


class LocationShown(Shown):
    """A point in WGS 84 degrees, as exact as the caller may know it."""

    lat: float
    lon: float
    uncertainty_m: float | None = Field(description="radius in metres that holds the true place with probability 0.95")
    precision: str = Field(
        description="as_given, area (a point inside the area), h3_7 (a cell of H3 of that resolution), donut (moved "
        "once) or admin (the middle of a district)"
    )
    label: Literal["approximate"] | None = Field(description="to be written beside it on a map; null where it is exact")
    cell: str | None = Field(description="index of the H3 cell, where precision is one")
    unit: str | None = Field(description="name of the district, where precision is admin")


class CountShown(Shown):
    """A count, or in `status` the reason why there is none."""

    value: float | None
    low: float | None
    high: float | None
    unit: str
    group: str | None
    method: str | None
    date: date | None
    status: str


class SdgTagShown(Shown):
    """A goal, target or indicator that the community bears on."""

    code: str
    formerly: Texts = Field(description="numbers the indicator had in earlier lists")
    basis: Texts = Field(description="the fields that evidence it; never a name, never a guess")


class TagShown(Shown):
    """A category that the community falls under."""

    code: str
    label: str
    basis: Texts = Field(description="the fields that evidence it; never a name, never a guess")


Tags = list[TagShown]


class TagsShown(Shown):
    """What the fields of a record evidence, by rule, as far as the caller sees these fields."""

    sdg: list[SdgTagShown]
    dimensions: Tags = Field(description="along which official statistics should tell its people apart")
    factors: Tags = Field(description="by which people are left behind")
    themes: Tags
    seeds: Tags = Field(description="groups that the Leave No One Behind pilot in India began with")
    groups: Tags = Field(description="of the taxonomy, with every broader one they are part of")
    score: int = Field(description="number of factors evidenced; most are furthest behind")


# Named here, because a member below is itself called `list`.
Names = list[NameShown]
Counts = list[CountShown]


class CommunityShown(Shown):
    """What was said about a community. What this caller may not see is empty and named under `withheld`."""

    name: str | None
    names: Names
    country: str
    location: LocationShown | None
    area: dict[str, Any] | None
    admin: dict[str, str]
    kind: str | None
    groups: Texts
    counts: Counts
    observed: date | None
    founded: date | None
    drivers: Texts
    sdg: Texts = Field(description="as declared; see also `tags`")
    consent: Consent
    sensitivity: Sensitivity
    evidence: Texts
    tags: TagsShown


class ListShown(Shown):
    """The official list a verdict speaks of."""

    source: str
    title: str
    vintage: str | None
    snapshot: str = Field(description="sha256 of the snapshot, see /v1/snapshots")
    holds_at: str | None = Field(description="sha256 of a later snapshot of which nothing concerned the record")
    holds_at_vintage: str | None = Field(description="the state of the list there; null where `holds_at` is")


class OfficialShown(Shown):
    """The best entry of the list, whether or not it was accepted."""

    id: str
    name: str | None
    probability: Probability | None = Field(description="that this entry is the community")


class EvidenceShown(Shown):
    """One feature of a comparison, in bits (log2 of the likelihood ratio) and in words."""

    feature: str | None
    level: str | None
    bits: float | None
    citizen: str | None
    official: str | None
    sentence: str | None


class CandidateShown(Shown):
    """An entry of the list that was considered."""

    rank: int
    official_id: str
    official_name: str
    probability: Probability | None = Field(description="null while you judge it blind")
    distance_m: float | None
    similarity: float | None
    evidence: list[EvidenceShown]


Candidates = Annotated[list[CandidateShown], Field(description="best first, at most five")]


class SearchShown(Shown):
    """How a record was searched for in a list."""

    names: Texts = Field(description="every name looked for, operators' and parts of compounds too")
    radius_m: float | None = Field(description="around the record's location; null where it gives none")
    units: dict[str, bool] = Field(description="administrative columns looked in, and whether the list has its unit")
    entries: int = Field(description="of the list")
    boundaries: int = Field(description="official boundaries that hold the location")
    candidates: int = Field(description="entries weighed")
    prior: Probability = Field(description="of absence, by what the list claims")
    preconditions: dict[str, str | None] = Field(description="of calling it absent, and what speaks against each")


class CountedShown(Shown):
    """What the test of a pair of counts came to: how much of the people the official one covers, and how surely."""

    citizen: float
    official_low: float = Field(description="the published number, or the least it may be where only bounds are")
    official_high: float
    unit: str
    group: str | None = Field(description="null: everybody")
    method: str | None = Field(description="how the record's count was made")
    spread: float = Field(description="total standard deviation on the log scale")
    years: float = Field(description="from the official to the record's date")
    growth: float = Field(description="log growth applied over these years")
    p_under: Probability = Field(description="that the list covers less than nine tenths")
    p_over: Probability
    ratio: float = Field(description="official over true count: the median")
    ratio_low: float = Field(description="5 % quantile")
    ratio_high: float = Field(description="95 % quantile")
    shortfall: float = Field(description="in `unit`, at the median")
    detectable: float | None = Field(description="greatest ratio at which such counts could have shown an undercount")
    gap: float | None = Field(default=None, description="of the spread: boundaries or universes that differ")
    noise: float | None = Field(default=None, description="standard deviation of what the publisher added, in `unit`")
    coherent: bool | None = Field(default=None, description="whether the list's own numbers about this entry add up")


class FindingShown(Shown):
    """What the comparison with one list found."""

    id: str
    list: ListShown
    model: str
    verdict: Verdict
    subtype: str | None
    probability: Absent
    probability_alone: Absent = Field(description="the same by the record's own evidence, without its company")
    official: OfficialShown | None
    competitor: str | None = Field(description="the record that an entry rather went to")
    causes: Texts = Field(description="likely causes of an absence")
    counted: CountedShown | None = Field(description="null where no counts were tested")
    needs_review: bool
    attributes: Texts
    failed_preconditions: Texts
    reason: str
    parameters: str | None = Field(description="sha256 of the numbers it was judged with")
    search: SearchShown | None = Field(description="null where found before searches were kept")
    created_at: datetime


Findings = Annotated[list[FindingShown], Field(description="one per list, the primary one first")]


class VerificationShown(Shown):
    """The verdict and its grounds."""

    verdict: Verdict | None = Field(description="null while the record waits to be compared")
    subtype: str | None
    probability: Absent
    needs_review: bool
    reason: str | None
    reasons: Texts
    list: ListShown | None
    official: OfficialShown | None
    candidates: Candidates
    findings: Findings


class GroundShown(Shown):
    """Why a record is set aside until a person looked at it."""

    code: str = Field(description="copied_geometry, rate_alarm, implausible_count, copied_text, digit_heaping")
    sentence: str


class RecordShown(CommunityShown, VerificationShown):
    """A record: what was said, and what was found."""

    id: str
    own_id: str | None
    organisation: str | None
    collection: str | None
    revision: int
    state: RecordState
    created_at: datetime
    updated_at: datetime
    flag_id: str | None
    community_id: str | None = Field(description="what this and other records are about")
    quarantine: list[GroundShown] = Field(description="while the state is quarantined: why")
    decided: dict[str, Any] | None = Field(
        description="to its organisation, where one record is asked for: the last entry of /v1/outcomes about it"
    )
    withheld: Withheld


class SubmittedShown(RecordShown):
    """A record as it stands after it was sent."""

    outcome: Literal["created", "revised", "unchanged"]


class MistakeShown(Shown):
    """One thing to mend."""

    pointer: str = Field(description="JSON pointer into the body, or ?name for a parameter")
    message: str
    hint: str
    value: str | None = None


class ProblemShown(BaseModel):
    """A failure as RFC 9457 tells it."""

    model_config = ConfigDict(extra="allow")  # a kind may add members, such as `conflicting_id`

    type: str = Field(description="a page about this kind of problem")
    title: str
    status: int
    detail: str
    instance: str
    code: str = Field(description="stable, for programs")
    hint: str
    request_id: str
    errors: list[MistakeShown] = []


class BatchItem(Shown):
    """What became of one item of a batch, in the order sent: a record, or what is wrong with it."""

    index: int = Field(description="0-based position in the batch")
    line: int | None = Field(description="1-based line of NDJSON, null for a JSON array")
    status: Literal[200, 201, 409, 422]
    record: SubmittedShown | None
    problem: ProblemShown | None


class BatchShown(Shown):
    """What became of every item of a batch. Good items are kept whatever is wrong with others."""

    accepted: int
    refused: int
    items: list[BatchItem]


class PageShown(Shown):
    """One page of a list, oldest first; new items never move old ones."""

    numberReturned: int  # noqa: N815 - as OGC API Features names it
    next: str | None = Field(description="address of the next page; null on the last")


class RecordPage(PageShown):
    """Records."""

    items: list[RecordShown]
