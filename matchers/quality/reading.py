"""Reading a passport from TOML or JSON, strictly: all that is wrong is told at once, with where and how to mend it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from geodata.countries import known_country
from matchers.counting.methods import UNKNOWN, method_of
from matchers.quality.dates import Stated
from matchers.quality.declared import Declared, declared
from matchers.quality.passport import Passport

LINE, LONG, LISTED = 200, 4_000, 50  # most characters of a short text and of a long one, most entries of a list

Path = tuple[str | int, ...]

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing wrong in one place of a passport."""

    path: Path
    message: str
    hint: str

    def sentence(self) -> str:
        """Return it as one line: where, what, how to mend it."""
        return f"{'.'.join(map(str, self.path)) or 'the passport'}: {self.message} {self.hint}"


class InvalidPassport(ValueError):
    """A passport cannot be used; `problems` holds everything that is wrong with it."""

    def __init__(self, problems: tuple[Wrong, ...]) -> None:
        """Keep the problems."""
        super().__init__(" ".join(problem.sentence() for problem in problems))
        self.problems = problems


def read_toml(text: str, today: date) -> Passport:
    """Return the passport that a TOML text states. Raises `InvalidPassport`."""
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidPassport((Wrong((), f"This is not TOML: {error}.", "Mend that line."),)) from error
    return read_plain(plain, today)


def read_plain(plain: Any, today: date) -> Passport:
    """Return the passport that JSON or TOML values state; nothing in it may lie after `today`.

    Raises `InvalidPassport`.
    """
    reader = _Reader(today)
    found = reader.table(Passport, plain, ())
    if reader.wrong:
        raise InvalidPassport(tuple(reader.wrong))
    assert isinstance(found, Passport)  # noqa: S101 - nothing was wrong
    return found


def as_plain(value: Any) -> Any:
    """Return a passport, or a part of one, as JSON values; what is not said is left out, so that it reads back."""
    if isinstance(value, Stated):
        return value.text
    if is_dataclass(value):
        parts = {each.name: as_plain(getattr(value, each.name)) for each in fields(value)}
        return {name: part for name, part in parts.items() if part is not None and part != {}}
    return list(value) if isinstance(value, tuple) else value


class _Reader:
    """Reads values by the fields they belong to, and collects what is wrong."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.wrong: list[Wrong] = []

    def table(self, kind: type[Any], plain: Any, path: Path) -> Any:
        if not isinstance(plain, Mapping):
            return self._tell(path, "This has to be a table.", "Write its fields under it.")
        known = declared(kind)
        for name in plain:
            if name not in known:
                near = get_close_matches(str(name).casefold(), known, n=1)
                hint = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(known)}."
                self._tell((*path, str(name)), "There is no such field.", hint)
        read = {name: self._value(each, plain[name], (*path, name)) for name, each in known.items() if name in plain}
        if kind is Passport and "title" not in plain:
            self._tell((*path, "title"), "This is needed and was not given.", "Give the collection a title.")
        if self.wrong:
            return None
        self._agree(kind, read, path)
        return kind(**read)

    def _value(self, each: Declared, plain: Any, path: Path) -> Any:
        if plain is None and each.optional:
            return None
        if each.table:
            return self.table(each.kind, plain, path)
        if each.several:
            return self._list(each, plain, path)
        if issubclass(each.kind, StrEnum):
            return self._term(each.kind, plain, path)
        return _READERS[each.kind](self, each, plain, path)

    def _list(self, each: Declared, plain: Any, path: Path) -> Any:
        if not isinstance(plain, list | tuple) or len(plain) > LISTED:
            return self._tell(path, "This has to be a list.", f"Write up to {LISTED} texts in square brackets.")
        return tuple(self.text(each, one, (*path, number)) for number, one in enumerate(plain))

    def _term(self, kind: type[StrEnum], plain: Any, path: Path) -> Any:
        if isinstance(plain, str) and plain in set(kind):
            return kind(plain)
        return self._tell(path, "This is not one of the values it can have.", f"Use {', '.join(kind)}.")

    def text(self, each: Declared, plain: Any, path: Path) -> Any:
        if not isinstance(plain, str) or _UNSEEN.search(plain) or not plain.strip():
            return self._tell(path, "This has to be text that can be read.", "Write it in quotes, or leave it out.")
        text, most = " ".join(plain.split()), LONG if each.about.long else LINE
        if len(text) > most:
            return self._tell(path, "This is too long.", f"Keep it to {most} characters.")
        if each.about.country:
            code = known_country(text)
            return code or self._tell(path, f"There is no country {text!r}.", "Write its ISO code, such as KEN.")
        if each.about.method and method_of(text).code == UNKNOWN.code != text:
            hint = "Write full_enumeration, household_listing, structures, t_square, quadrat, extrapolation,"
            return self._tell(
                path, f"{text!r} is no method known here.", f"{hint} key_informant, membership or unknown."
            )
        return text

    def number(self, each: Declared, plain: Any, path: Path) -> Any:
        whole = each.kind is int  # 270.0 is one as well: to JSON there is one kind of number
        fits = isinstance(plain, int | float) and not isinstance(plain, bool) and (not whole or plain % 1 == 0)
        least, most = each.about.least, each.about.most
        if not fits or not least <= plain <= most:
            kind = "a whole number" if whole else "a number"
            return self._tell(path, f"This has to be {kind} from {least} to {most}.", "Write it without quotes.")
        return each.kind(plain)

    def truth(self, _each: Declared, plain: Any, path: Path) -> Any:
        return (
            plain if isinstance(plain, bool) else self._tell(path, "This has to be true or false.", "Leave quotes out.")
        )

    def stated(self, _each: Declared, plain: Any, path: Path) -> Any:
        text = plain.isoformat() if type(plain) is date else plain  # a TOML date
        hint = 'Write it as "2019", "2019-08" or "2019-08-24".'
        try:
            found = Stated(text if isinstance(text, str) else "")
        except ValueError:
            return self._tell(path, "This is not a day, month or year of the calendar.", hint)
        if found.first > self.today:
            return self._tell(path, "This has not come yet.", "Give the time it describes, not the time it is planned.")
        return found

    def _agree(self, kind: type[Any], read: Mapping[str, Any], path: Path) -> None:
        """Tell what is well written but contradicts itself."""
        start, end = read.get("start"), read.get("end")
        if start is not None and end is not None and end.middle.day < start.first:
            self._tell((*path, "end"), "This lies before the start.", "Turn the two around.")
        if kind.__name__ == "Funding" and read.get("undisclosed") and read.get("funders"):
            hint = "Leave out undisclosed, or the funders."
            self._tell((*path, "undisclosed"), "Funders are named, and said not to be.", hint)

    def _tell(self, path: Path, message: str, hint: str) -> Any:
        """Keep what is wrong, and return that nothing was read."""
        self.wrong.append(Wrong(path, message, hint))
        return None


_READERS: dict[Any, Callable[..., Any]] = {
    str: _Reader.text,
    int: _Reader.number,
    float: _Reader.number,
    bool: _Reader.truth,
    Stated: _Reader.stated,
}
