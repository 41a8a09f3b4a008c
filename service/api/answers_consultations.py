"""What answers about consultations look like, declared for the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from service.api.answers import ProblemShown, Shown, Texts
from service.submit import Outcome

People = Annotated[int | None, Field(description="null where the number is withheld")]
Share = Annotated[float | None, Field(ge=0, le=1, description="of the respondents of the area")]
Edition = Annotated[
    Literal["public", "exact"], Field(description="`public`: rounded, without small numbers; `exact`: as it was said")
]


class ReceiptShown(Shown):
    """A statement that was kept."""

    id: str
    revision: int
    outcome: Outcome


class StatementItemShown(Shown):
    """What became of one item of a batch."""

    index: int
    line: int | None
    status: int = Field(description="201 kept, 200 known word for word, 422 refused")
    statement: ReceiptShown | None
    problem: ProblemShown | None


class StatementBatchShown(Shown):
    """A batch, each item answered for itself in the order sent."""

    accepted: int
    refused: int
    items: list[StatementItemShown]


class UngroupedWordShown(Shown):
    """A short answer that no list knows."""

    question: str
    word: str
    times: int


class UngroupedShown(Shown):
    """Short answers that no list knows, the most frequent first."""

    items: list[UngroupedWordShown]


class AgeShown(Shown):
    """One age band."""

    band: str
    people: People
    share: Share


class GenderShown(Shown):
    """One gender."""

    gender: str
    people: People
    share: Share


class PartShown(Shown):
    """Who took part in surveys, or in dialogues."""

    consultations: int
    meetings: int
    people: People
    ages: list[AgeShown]
    genders: list[GenderShown]


class NamedShown(Shown):
    """How many named one thing."""

    respondents: People
    share: Share
    meetings: Annotated[int | None, Field(description="of dialogues; null where the number is withheld")]
    participants: Annotated[int | None, Field(description="of the meetings that named it")]
    at_least: bool = Field(description="the numbers are lower bounds, in steps of fifty")


class AnswerShown(NamedShown):
    """A driver, goal or priority that was named."""

    code: str
    label: str


class ListNamedShown(Shown):
    """An official list, by the vintage that was asked."""

    source: str
    title: str
    vintage: str
    snapshot: str


class CountedShown(Shown):
    """What one list says about one group in one area. Null: the list does not say."""

    list: ListNamedShown
    collected: bool | None = Field(description="the variable that tells the group apart was asked for")
    category: bool | None = Field(description="the group is one of its answers")
    published: bool | None = Field(description="a number is published for this area")
    because: str | None = Field(description="why it is not counted", examples=["variable_not_collected"])
    reason: str


class PlaceShown(Shown):
    """An area, as it was written."""

    level: Literal["province", "municipality"]
    province: str | None
    municipality: str | None


class AreaShown(PlaceShown):
    """An area with those asked there."""

    respondents: People
    participants: Annotated[int | None, Field(description="of meetings there")]


class GroupAreaShown(PlaceShown, NamedShown):
    """One group in one area."""

    official: list[CountedShown]


class GroupShown(NamedShown):
    """A group that people name as left behind, and whether official lists count it."""

    group: str = Field(description="id of the taxonomy, or of declared people", examples=["persons-with-disabilities"])
    label: str = Field(description="the group's own choice where it is known")
    dimension: str | None
    goals: Texts = Field(description="of the 2030 Agenda that bear on the group")
    factors: Texts
    official: list[CountedShown] = Field(description="for the whole country")
    findings: dict[str, int] = Field(description="flags on records of the group, by why a list does not count it")
    areas: list[GroupAreaShown]


class CountryShown(Shown):
    """A country."""

    code: str
    name: str


class SummaryListShown(ListNamedShown):
    """An official list that covers the country."""

    speaks_of_groups: bool


class RecordNumbersShown(Shown):
    """Records of citizens in the country, as far as the caller may count them."""

    verdicts: dict[str, int]
    statuses: dict[str, int] = Field(description="flags by status")


class SummaryShown(Shown):
    """Which groups people name in a country, side by side with whether official statistics count them."""

    country: CountryShown
    organisation: str | None
    edition: Edition
    surveys: PartShown
    dialogues: PartShown
    groups: list[GroupShown]
    areas: list[AreaShown]
    drivers: list[AnswerShown]
    sdg: list[AnswerShown]
    priorities: list[AnswerShown]
    not_recognised: dict[str, NamedShown] = Field(description="answers that nobody could group, by question")
    records: RecordNumbersShown
    lists: list[SummaryListShown]
    withheld: dict[str, str]
    limits: Texts
    cite: str


class SurveyCountryShown(Shown):
    """The margins of a survey in one country; null where other surveys are part of the country's public numbers too."""

    country: str
    name: str
    respondents: People
    ages: list[AgeShown]
    genders: list[GenderShown]


class CrossedShown(Shown):
    """Respondents of one age band and gender."""

    band: str
    gender: str
    people: int


class MarginsShown(Shown):
    """Age and gender of those who answered a survey, overall and by country."""

    organisation: str
    collection: str
    edition: Edition
    respondents: People
    ages: list[AgeShown]
    genders: list[GenderShown]
    ages_by_gender: list[CrossedShown] = Field(description="only in the exact edition")
    countries: list[SurveyCountryShown]
