"""The small types bodies are made of: texts that show something, days that have come, countries that exist."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, LiteralString

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    AwareDatetime,
    BeforeValidator,
    Field,
    JsonValue,
    Strict,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from geodata.countries import UnknownCountry, country_code
from geodata.personal.texts import blot
from geodata.tags.goals import PATTERN as SDG_PATTERN
from geodata.tags.goals import is_sdg

#: How a moment begins.
_DATED = re.compile(r"\s*\d{4}-\d{2}-\d{2}")

#: Control characters, and the invisible marks that turn text around. Zero-width joiners stay: Indic scripts need them.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")

#: The same in the words of JSON Schema: none of them, and something that can be seen.
_HIDDEN = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff"
SEEN: dict[str, JsonValue] = {"pattern": rf"^[^{_HIDDEN}]*[^{_HIDDEN}\s][^{_HIDDEN}]*$"}

#: Of a table by name: that no other names are taken than those that fit.
NAMED: dict[str, JsonValue] = {"additionalProperties": False}

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_URL = TypeAdapter(AnyHttpUrl)


def mistake(
    message: str, hint: str, at: str | None = None, kind: LiteralString = "not_accepted"
) -> PydanticCustomError:
    """Return an error that carries both our sentences to the caller; `at` names the field when the whole is checked."""
    return PydanticCustomError(kind, "{message}", {"message": message, "hint": hint, "at": at})


def impersonal(text: str) -> str:
    """Return a text as it is. Raises where it holds what is about one person; what stood there is not told again."""
    return _impersonal(text, code=False)


def impersonal_code(code: str) -> str:
    """Return a code or a number as it is. Raises for an e-mail address, a phone number or a secret in its place."""
    return _impersonal(code, code=True)


def _impersonal(text: str, *, code: bool) -> str:
    for rule in blot(text, code=code).rules:
        message = f"This holds what is about one person: {rule.label}."
        hint = f"Leave it out. {rule.why} The rule is `{rule.id}` of /v1/personal-data-rules."
        raise mistake(message, hint, kind="personal_data")
    return text


def blanked(text: str) -> str:
    """Return an answer in somebody's own words, a space for each character that cannot be seen, such as NUL."""
    return _UNSEEN.sub(" ", text)


def seen(text: str) -> str:
    """Return the text with its spaces put in order. Raises for what nobody could have meant to write."""
    if _UNSEEN.search(text):
        message = "This holds a character that cannot be seen, such as NUL."
        raise mistake(message, "Type it again instead of copying it.")
    trimmed = " ".join(text.split())
    if not trimmed:
        message = "This holds only spaces."
        raise mistake(message, "Write it out, or leave the field out.")
    return trimmed


def _written(given: object) -> object:
    # Numbers count seconds since 1970 for Pydantic: somebody's "2026" would be a moment of that year's first hour.
    if not (given is None or isinstance(given, datetime) or (isinstance(given, str) and _DATED.match(given))):
        message = "This is not a moment."
        raise mistake(message, "Write it with its day, time and zone, such as 2026-03-31T12:00:00Z.")
    return given


def _country(given: str) -> str:
    try:
        return country_code(given)
    except UnknownCountry as error:
        message = f"There is no country {given!r}."
        raise mistake(message, f"{error.hint[:1].upper()}{error.hint[1:]}.") from None


def _day(given: object) -> object:
    if isinstance(given, date):
        return given
    try:
        if isinstance(given, str) and _DAY.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    message = "This is not a day of the calendar."
    raise mistake(message, "Write it as year-month-day, such as 2026-03-31.")


def _past(day: date) -> date:
    # Somewhere on Earth it is tomorrow already.
    if day > datetime.now(UTC).date() + timedelta(days=1):
        message = "This day has not come yet."
        raise mistake(message, "Give the day it was observed, counted or founded.")
    return day


def _sdg(code: str) -> str:
    if not is_sdg(code):
        message = f"There is no goal, target or indicator {code!r}."
        raise mistake(message, "Write a goal (11), a target (11.1, 16.b) or an indicator (11.1.1).")
    return code


def _link(given: str) -> str:
    try:
        _URL.validate_python(given)
    except ValidationError:
        message = "This is not the address of a page or file."
        raise mistake(message, "Write it as https://example.org/photo.jpg.") from None
    return seen(given)


Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
Word = Annotated[str, Field(min_length=1, max_length=40, json_schema_extra=SEEN), AfterValidator(seen)]
Phrase = Annotated[str, Field(min_length=1, max_length=120, json_schema_extra=SEEN), AfterValidator(seen)]
Line = Annotated[str, Field(min_length=1, max_length=200, json_schema_extra=SEEN), AfterValidator(seen)]
Country = Annotated[
    str,
    Field(min_length=1, max_length=120, json_schema_extra={"format": "country"}),
    AfterValidator(seen),
    AfterValidator(_country),
]
Day = Annotated[
    date, BeforeValidator(_day), AfterValidator(_past), WithJsonSchema({"type": "string", "format": "date"})
]
Ahead = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Code = Annotated[Line, AfterValidator(impersonal_code)]
Saying = Annotated[Line, AfterValidator(impersonal)]
SayingShort = Annotated[Phrase, AfterValidator(impersonal)]
Link = Annotated[
    str,
    Field(max_length=2_000, json_schema_extra={"format": "uri"}),
    AfterValidator(impersonal),
    AfterValidator(_link),
]
Sdg = Annotated[
    str, Field(max_length=8, json_schema_extra={"pattern": SDG_PATTERN, "format": "sdg"}), AfterValidator(_sdg)
]
Language = Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", max_length=35)]
Script = Annotated[str, Field(pattern=r"^[A-Z][a-z]{3}$")]
