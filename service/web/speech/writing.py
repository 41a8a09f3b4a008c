"""Numbers, shares, days and terms as a language writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pycountry
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from geodata.countries import country_name
from service.web.speech.languages import Language
from service.web.wording import STATUSES, VERDICTS, YES

_WHOLE = 100  # per cent


@dataclass(frozen=True, slots=True)
class Writing:
    """How one language writes what stands on a page."""

    spoken: Language

    def number(self, count: float | None, *, at_least: bool = False) -> str:
        """Return a count with its thousands; words where it is withheld."""
        if count is None:
            return self._say("withheld")
        written = str(format_decimal(count, locale=self.spoken.locale))
        return self._say("%(number)s or more") % {"number": written} if at_least else written

    def percent(self, share: float | None, *, digits: int = 0) -> str:
        """Return a probability in per cent; never 0 or 100, because nothing here is certain."""
        if share is None:
            return self._say("not known")
        least = 10**-digits
        rounded = round(share * _WHOLE, digits)
        if rounded < least:
            return f"< {self.number(least)} %"
        if rounded > _WHOLE - least:
            return f"> {self.number(_WHOLE - least)} %"
        return f"{self.number(rounded)} %"

    def day(self, moment: datetime | date | str) -> str:
        """Return a moment as a day."""
        return str(format_date(_moment(moment), "long", locale=self.spoken.locale))

    def moment(self, at: datetime | str) -> str:
        """Return a moment to the minute, in UTC."""
        return f"{format_datetime(_moment(at), 'd MMMM y, HH:mm', locale=self.spoken.locale)} UTC"

    def verdict(self, term: str) -> str:
        """Return what a verdict is called on a page."""
        return self._say(VERDICTS[term][0]) if term in VERDICTS else plain(term)

    def status(self, term: str) -> str:
        """Return what a status of a flag is called on a page."""
        return self._say(STATUSES[term]) if term in STATUSES else plain(term)

    def country(self, code: str) -> str:
        """Return what a country (ISO 3166-1 alpha-3) is called, in English where the language has no name for it."""
        found = pycountry.countries.get(alpha_3=code)
        if found is None or self.spoken.locale.language == "en":
            return country_name(code)
        return str(self.spoken.locale.territories.get(found.alpha_2) or country_name(code))

    def yes(self, said: bool | None) -> str:  # noqa: FBT001 - a value to be told, not a switch
        """Return what a list says, in a word."""
        return self._say(YES[said])

    def _say(self, message: str) -> str:
        return str(self.spoken.messages.gettext(message))


def filters(spoken: Language) -> Mapping[str, Callable[..., Any]]:
    """Return the filters of templates that depend on the language."""
    writing = Writing(spoken)
    names = ("number", "percent", "day", "moment", "verdict", "status", "country", "yes")
    return {name: getattr(writing, name) for name in names} | {"plain": plain}


def plain(term: str) -> str:
    """Return a term of the API with spaces for its underscores."""
    return term.replace("_", " ")


def _moment(at: datetime | date | str) -> Any:
    return datetime.fromisoformat(at) if isinstance(at, str) else at
