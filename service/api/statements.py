"""What a response or a meeting looks like when it comes in. Whatever would tell who answered has no field here."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from service.accounts.statement import Form, Question, Statement
from service.api.fields import NAMED, Country, Day, Line, blanked, mistake
from service.api.submission import Given
from service.consultations.accepting import Sent
from service.consultations.demography import GENDERS, added, age_of, gender_of
from service.consultations.grouping import group
from service.disclosure import Consent

MOST_PEOPLE = 1_000_000


def _listed(given: object) -> object:
    return [given] if isinstance(given, str) else given


def _text(given: object) -> object:
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else given


Text = Annotated[str, StringConstraints(max_length=1_000), AfterValidator(blanked)]
Texts = Annotated[list[Text], Field(max_length=50), BeforeValidator(_listed, json_schema_input_type=Text | list[Text])]
AgeText = Annotated[
    str, StringConstraints(min_length=1, max_length=40), BeforeValidator(_text, json_schema_input_type=int | str)
]
Number = Annotated[int, Field(ge=0, le=MOST_PEOPLE, strict=True)]


def _no_age(*, at: str) -> PydanticCustomError:
    message = "This is no age band."
    return mistake(message, "Write it as 20-40, under 20, over 80, or not stated.", at=at)


def _no_gender(*, at: str) -> PydanticCustomError:
    message = "This gender is not known here."
    return mistake(message, f"Write {', '.join(GENDERS)} or not stated.", at=at)


class StatementGiven(Given):
    """What responses and meetings share."""

    id: Line | None = Field(default=None, description="your own identifier; of it only a digest is kept")
    country: Country = Field(description="ISO 3166 code or English name")
    province: Line | None = Field(default=None, description="code or name")
    municipality: Line | None = Field(default=None, description="code or name; nothing finer is kept")
    groups: Texts = Field(default=[], description="who is left behind, in their words or ours, any language")
    drivers: Texts = Field(default=[], description="why")
    sdg: Texts = Field(default=[], description="which goals matter for them, such as 5 or SDG 11.1")
    priorities: Texts = Field(default=[], description="what is to be done first")
    consent: Consent = Field(
        default=Consent.INTERNAL, description="from public_aggregate on it may be part of public totals"
    )

    def parts(self) -> tuple[dict[str, Any], tuple[tuple[Question, str], ...]]:
        """Return what both forms have in common, grouped, and the words that nobody could group."""
        grouped = group({question: getattr(self, question.value) for question in Question}, self.country)
        common = {name: getattr(self, name) for name in ("country", "province", "municipality")}
        return common | grouped.by_name | {"consent": self.consent.value}, grouped.words


class ResponseGiven(StatementGiven):
    """One respondent of a survey. Free text is grouped on the way in, and the text itself is not kept."""

    age: AgeText | None = Field(default=None, description="a band such as 20-40; a year of life becomes its band")
    gender: Line | None = Field(default=None, description=f"{', '.join(GENDERS)}, or a usual word for one of these")

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.age is not None and age_of(self.age) is None:
            raise _no_age(at="age")
        if self.gender is not None and gender_of(self.gender) is None:
            raise _no_gender(at="gender")
        return self

    def sent(self) -> Sent:
        """Return it as it is kept."""
        parts, words = self.parts()
        ages = added({self.age: 1} if self.age else {}, age_of)
        genders = added({self.gender: 1} if self.gender else {}, gender_of)
        return Sent(Statement(Form.RESPONSE, ages=ages, genders=genders, **parts), self.id, words)


class ParticipantsGiven(Given):
    """Who took part in a meeting, in numbers."""

    total: Number | None = Field(default=None, description="left out: as many as the bands or genders add up to")
    by_age: dict[Line, Number] = Field(default={}, max_length=30, description="band to people", json_schema_extra=NAMED)
    by_gender: dict[Line, Number] = Field(
        default={}, max_length=10, description="gender to people", json_schema_extra=NAMED
    )

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        for name, read, wrong in (("by_age", age_of, _no_age), ("by_gender", gender_of, _no_gender)):
            numbers: dict[str, int] = getattr(self, name)
            if any(read(term) is None for term in numbers):
                raise wrong(at=name)
            if self.total is not None and sum(numbers.values()) > self.total:
                message = f"{name} adds up to more people than took part."
                raise mistake(message, "Correct the total or the numbers.", at=name)
        return self

    @property
    def people(self) -> int:
        """How many took part."""
        return max(sum(self.by_age.values()), sum(self.by_gender.values())) if self.total is None else self.total


class MeetingGiven(StatementGiven):
    """One meeting of a dialogue: where, when, how many took part, and what they named together."""

    date: Day | None = Field(default=None, description="the day of the meeting")
    participants: ParticipantsGiven = Field(
        default=ParticipantsGiven(), description="as numbers, never as names; fewer than ten are not published"
    )

    def sent(self) -> Sent:
        """Return it as it is kept."""
        parts, words = self.parts()
        took_part = self.participants
        statement = Statement(
            Form.MEETING,
            day=self.date,
            people=took_part.people,
            ages=added(took_part.by_age, age_of),
            genders=added(took_part.by_gender, gender_of),
            **parts,
        )
        return Sent(statement, self.id, words)
