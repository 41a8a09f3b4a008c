"""What answers about decisions and due process look like, declared for the OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from service.api.answers import Probability, Shown, Texts
from service.api.answers_flag import FlagShown
from service.store.values import FlagStatus


class ReasonCodeShown(Shown):
    """One reason that decisions are given with."""

    code: str
    label: str = Field(description="in the language asked for, else in English")
    labels: dict[str, str] = Field(description="by language")
    decisions: Texts = Field(description="for which it may be given; `undo` takes another decision back")
    needs: Texts = Field(description="what has to come with it: note, official_id")


class ReasonCodesShown(Shown):
    """The code list in force."""

    version: str
    items: list[ReasonCodeShown]


class AppealShown(Shown):
    """Why those who sent a record want a decision looked at again."""

    id: str
    flag_id: str
    review_id: str = Field(description="the decision it is against")
    organisation: str
    grounds: str | None = Field(description="null once it was erased")
    evidence: dict[str, Any] | None = Field(description="what is new: records, counts, documents")
    created_at: datetime
    answered_by: str | None = Field(description="the decision that answered it")
    answered_at: datetime | None


class AppealsShown(Shown):
    """The appeals about one flag, the oldest first."""

    items: list[AppealShown]


class ReasonShown(Shown):
    """Why, as a code and in words."""

    code: str
    label: str


class AppealingShown(Shown):
    """Whether and how a decision can be appealed against, and whether it was."""

    possible: bool
    until: datetime | None = Field(description="null where it cannot be appealed against, or no more")
    address: str | None = Field(description="where to send the appeal")
    made_at: datetime | None
    answered_at: datetime | None
    answered_by: str | None = Field(description="the decision that answered it, an outcome of its own")


class OutcomeShown(Shown):
    """One decision about a community, as whoever sent its record, or speaks for it, is told it."""

    id: str
    flag_id: str
    record_id: str = Field(description="your oldest record of that community, or the oldest in your charge")
    own_id: str | None
    decision: FlagStatus
    taken_back: str | None = Field(description="the decision that this one takes back")
    holds: bool = Field(description="it is where the matter stands now")
    status: FlagStatus = Field(description="where the matter stands now")
    reason: ReasonShown
    office: str = Field(description="which office decided; never which person")
    decided_at: datetime
    message: str | None = Field(description="written for you")
    question: str | None = Field(description="what the office has to know of you; answer by sending the record again")
    until: date | None = Field(description="of a deferral: when it is put before people again")
    appeal: AppealingShown


class OutcomesShown(Shown):
    """Outcomes in the order they were decided."""

    items: list[OutcomeShown]
    next: str | None = Field(description="where to go on, null where there are no more yet")
    cursor: str = Field(description="keep it, and ask with it the next time: what comes then is new to you")


class BlindShown(Shown):
    """A matter to judge, as if nobody had judged it; null where there is none for you now."""

    flag: FlagShown | None


class BesideShown(Shown):
    """Other matters about the same place that nobody has settled."""

    items: list[FlagShown]


class KappaShown(Shown):
    """How far two people who judged the same matters apart from one another agree; null where too few were judged."""

    matters: int
    agreed: int
    share: Probability | None
    share_low: Probability | None = Field(description="of a 95 % interval (Wilson)")
    share_high: Probability | None
    by_chance: Probability | None = Field(description="the share that would agree by chance")
    kappa: float | None = Field(ge=-1, le=1, description="Cohen's: 1 always the same, 0 as by chance")
    kappa_low: float | None = Field(
        ge=-1,
        le=1,
        description="of a 95 % interval (Fleiss, Cohen and Everitt); null too with too few matters or none disputed",
    )
    kappa_high: float | None = Field(ge=-1, le=1)


class AgreementShown(Shown):
    """How far reviewers agree, over all that was judged twice and is neither closed, held nor withdrawn by now."""

    share_drawn: Probability = Field(description="share of decisions that are judged a second time")
    waiting: int = Field(description="matters that wait for a second or third judgement")
    overall: KappaShown
    both_blind: KappaShown = Field(description="of matters that the first judged without seeing what the machine says")
    second_blind: KappaShown = Field(description="the others: the first saw it, or nobody said")
    by_decision: dict[str, KappaShown] = Field(description="on whether a matter is this, all else taken together")
    sentence: str


class OfficeShown(Shown):
    """How one office answers. Numbers are rounded; null where too few communities stand behind them."""

    office: str
    matters: int | None = Field(description="put before it")
    share_answered: Probability | None
    share_confirmed: Probability | None = Field(description="of those it answered")
    median_days: float | None = Field(description="until half were answered, those still open counted (Kaplan-Meier)")
    withheld: str | None = Field(description="why numbers are missing")


class OfficesShown(Shown):
    """How each office answers."""

    as_of: date
    limits: Texts
    items: list[OfficeShown]
