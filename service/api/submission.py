"""What a record looks like when it comes in, checked field by field, and the account it stands for."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from geodata.coordinates import check_point
from geodata.kinds import kind_of
from service.accounts.account import Account, Count, Name, written
from service.api.areas import Area, MultiPolygonGiven, PolygonGiven, check_area
from service.api.fields import (
    NAMED,
    Code,
    Country,
    Day,
    Language,
    Line,
    Link,
    Number,
    Saying,
    SayingShort,
    Script,
    Sdg,
    Word,
    mistake,
)
from service.disclosure import Consent, Sensitivity


class Given(BaseModel):
    """A part of a body; a field nobody declared is a mistake, not something to overlook."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NameGiven(Given):
    """A name as people write or say it."""

    text: Saying = Field(description="as written, in any script")
    language: Language | None = Field(default=None, description="BCP 47, such as sw or pt-BR")
    script: Script | None = Field(default=None, description="ISO 15924, such as Latn; told by the letters unless said")


def _text_or_object(given: object) -> object:
    return {"text": given} if isinstance(given, str) else given


SpokenName = Annotated[NameGiven, BeforeValidator(_text_or_object, json_schema_input_type=Line | NameGiven)]


class LocationGiven(Given):
    """A point in WGS 84 degrees, and how well it is known."""

    lat: Number = Field(description="degrees north", json_schema_extra={"minimum": -90, "maximum": 90})
    lon: Number = Field(description="degrees east", json_schema_extra={"minimum": -180, "maximum": 180})
    uncertainty_m: Number | None = Field(
        default=None, ge=0, le=500_000, description="radius in metres that holds the true place with probability 0.95"
    )


class CountGiven(Given):
    """A count of people or dwellings: one value, or a range from low to high."""

    value: Number | None = Field(default=None, ge=0, le=1e10)
    low: Number | None = Field(default=None, ge=0, le=1e10)
    high: Number | None = Field(default=None, ge=0, le=1e10)
    unit: Word = Field(default="persons", description="persons, households, dwellings, pupils …")
    group: SayingShort | None = Field(default=None, description="whom it counts; left out for everybody")
    method: SayingShort | None = Field(default=None, description="how it was counted, such as enumeration or estimate")
    date: Day | None = Field(default=None, description="the day it describes")

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if self.value is None and (self.low is None or self.high is None):
            message = "A count needs a value, or both low and high."
            raise mistake(message, 'Give {"value": 120}, or {"low": 100, "high": 150}.', at="value")
        low, high = self.low, self.high
        if low is not None and high is not None and low > high:
            message = "low is greater than high."
            raise mistake(message, "Turn the two around.", at="low")
        if self.value is not None and not (low or 0) <= self.value <= (self.value if high is None else high):
            message = "The value lies outside low and high."
            raise mistake(message, "Give a range that holds the value.", at="value")
        return self


class RecordGiven(Given):
    """One organisation's account of one community: a name, a country, and where it is; all else sharpens the answer."""

    id: Code | None = Field(default=None, description="your own identifier; sending it again is a correction")
    name: Saying | None = Field(default=None, description="short for one entry in names")
    names: list[SpokenName] = Field(default=[], max_length=50, description="the first is the name as given")
    aliases: list[SpokenName] = Field(default=[], max_length=50, description="other names it is known by")
    country: Country = Field(description="ISO 3166 code or English name")
    location: LocationGiven | None = Field(default=None, description="a point inside it")
    area: Area | None = Field(default=None, description="GeoJSON Polygon or MultiPolygon, longitude first")
    admin: dict[Word, Code] = Field(
        default={},
        max_length=20,
        description="level or scheme to code or name; codes are text: zeros lead",
        json_schema_extra=NAMED,
    )
    pcode: Word | None = Field(default=None, description="P-code of the unit it lies in, as text")
    kind: SayingShort | None = Field(default=None, description="kind of place, such as village or informal settlement")
    groups: list[SayingShort] = Field(default=[], max_length=50, description="who lives there")
    counts: list[CountGiven] = Field(default=[], max_length=200)
    observed: Day | None = Field(default=None, description="the day of the observation")
    founded: Day | None = Field(default=None, description="the day the community began")
    drivers: list[SayingShort] = Field(
        default=[], max_length=50, description="why it may be left behind, such as eviction"
    )
    sdg: list[Sdg] = Field(default=[], max_length=50, description="goals, targets or indicators of the 2030 Agenda")
    consent: Consent = Field(default=Consent.INTERNAL, description="how far the community agreed to be shown")
    sensitivity: Sensitivity = Field(default=Sensitivity.OPEN, description="how much harm showing it could do")
    evidence: list[Link] = Field(default=[], max_length=50, description="links to what supports the account")
    collection: Saying | None = Field(default=None, description="the survey or project it belongs to")

    @field_validator("location")
    @classmethod
    def _point_in_country(cls, given: LocationGiven | None, info: ValidationInfo) -> LocationGiven | None:
        wrong = check_point(given.lat, given.lon, info.data.get("country")) if given else None
        if wrong is not None:
            message = f"The location cannot be right: {wrong.message}."
            raise mistake(message, f"{wrong.hint[:1].upper()}{wrong.hint[1:]}.")
        return given

    @field_validator("area")
    @classmethod
    def _area_in_country(
        cls, given: PolygonGiven | MultiPolygonGiven | None, info: ValidationInfo
    ) -> PolygonGiven | MultiPolygonGiven | None:
        if given is not None:
            check_area(given, info.data.get("country"))
        return given

    @model_validator(mode="after")
    def _named_and_somewhere(self) -> Self:
        if not self.name and not self.names:
            message = "A record needs a name."
            raise mistake(message, "Give `name`, or `names` with at least one entry.", at="name")
        if self.location is None and self.area is None and not self.admin and self.pcode is None:
            message = "Nothing says where this is."
            raise mistake(message, "Give `location`, `area`, `admin` or `pcode`.", at="location")
        return self

    def account(self) -> Account:
        """Return the account this body stands for."""
        location, kind = self.location, kind_of(self.kind)
        code = (("pcode", self.pcode),) if self.pcode else ()
        # A word for the kind that we do not know is kept as given: it is evidence, and we may learn it.
        unknown_kind = (("kind_as_given", self.kind),) if self.kind and kind is None else ()
        return Account(
            names=self._all_names(),
            country=self.country,
            own_id=self.id,
            lat=location.lat if location else None,
            lon=location.lon if location else None,
            r95_m=location.uncertainty_m if location else None,
            area=self.area.model_dump() if self.area else None,
            admin=(*self.admin.items(), *code),
            kind=kind,
            groups=tuple(self.groups),
            counts=tuple(Count(**dict(count)) for count in self.counts),
            observed=self.observed,
            founded=self.founded,
            drivers=tuple(self.drivers),
            sdg=tuple(self.sdg),
            consent=self.consent.value,
            sensitivity=self.sensitivity.value,
            evidence=tuple(self.evidence),
            collection=self.collection,
            attributes=unknown_kind,
        )

    def _all_names(self) -> tuple[Name, ...]:
        others = [written(one.text, one.language, one.script) for one in (*self.names, *self.aliases)]
        first = [next((one for one in others if one.text == self.name), written(self.name))] if self.name else []
        return tuple(dict.fromkeys((*first, *others)))
