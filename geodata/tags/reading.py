"""Files of rules as text: TOML, one table per entry. A bad file is told with file, line and the way to mend it.

::

    [dimensions]
    river-islands = "River islands"           # a dimension of your own

    [people.char-dwellers]                    # a word for people whom the taxonomy of groups does not hold
    label = "Char dwellers"
    words = ["char dwellers", "চরবাসী"]

    [rules.char-dwellers]
    label = "Dwellers of river islands"
    countries = ["BGD"]                       # left out: anywhere
    when = { people = ["char-dwellers"], driver = ["river erosion"] }   # any of these is enough
    sdg = ["1.5.1", "13.1.x"]                 # x: all indicators of the target
    dimensions = ["river-islands"]
    factors = ["geography", "shocks"]
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geodata.tags import goals
from geodata.tags.tag import Factor

#: What an entry of a section may say; the first must be there.
ENTRY = {
    "people": ("label", "words", "group", "cited"),
    "rules": ("label", "when", "sdg", "dimensions", "factors", "countries"),
    "themes": ("label", "definition", "when", "sdg", "dimensions", "factors", "countries"),
    "seeds": ("label", "definition", "when", "sdg", "dimensions", "factors", "countries"),
}
_TABLES = ("dimensions", "factors")
_LIST = ("title", "year")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class InvalidRules(ValueError):
    """A file of rules cannot be read; the message names the file, the line, the entry and the way to mend it."""


@dataclass(frozen=True)
class Sheet:
    """One file of rules as text."""

    name: str
    text: str

    @classmethod
    def of(cls, path: Path) -> Sheet:
        """Read a file. Raises `InvalidRules` where it cannot be opened."""
        try:
            return cls(path.name, path.read_text(encoding="utf-8"))
        except OSError as error:
            msg = f"{path}: the file of rules cannot be opened: {error.strerror}; check the path and the permissions"
            raise InvalidRules(msg) from error
        except UnicodeDecodeError as error:
            msg = f"{path}: the file of rules is not UTF-8 text; save it as UTF-8"
            raise InvalidRules(msg) from error

    def wrong(self, problem: str, section: str = "", entry: str = "") -> InvalidRules:
        """Return the complaint about an entry, with the line where it begins."""
        if not entry:
            return InvalidRules(f"{self.name}: {problem}")
        begins = re.compile(rf"\s*\[{section}\.[\"']?{re.escape(entry)}[\"']?\]")
        line = next((number for number, line in enumerate(self.text.splitlines(), 1) if begins.match(line)), None)
        return InvalidRules(f"{self.name}{f', line {line}' if line else ''}, [{section}.{entry}]: {problem}")


@dataclass(frozen=True)
class Entry:
    """One entry of a section, as several files together say it."""

    sheet: Sheet  # that said the last of it
    section: str
    id: str
    said: dict[str, Any]

    def wrong(self, problem: str) -> InvalidRules:
        """Return a complaint about this entry."""
        return self.sheet.wrong(problem, self.section, self.id)

    def texts(self, key: str, within: dict[str, Any] | None = None) -> tuple[str, ...]:
        """Return a list of texts; none where the key is left out. Raises `InvalidRules`."""
        given = (self.said if within is None else within).get(key, ())
        if not isinstance(given, list | tuple) or not all(isinstance(one, str) and one.strip() for one in given):
            problem = f'{key} is to be a list of texts, such as {key} = ["…"]'
            raise self.wrong(problem)
        return tuple(given)

    def text(self, key: str) -> str:
        """Return a text that must be there. Raises `InvalidRules`."""
        given = self.said.get(key)
        if not isinstance(given, str) or not given.strip():
            problem = f"says no {key}; write {key} as a text"
            raise self.wrong(problem)
        return given


@dataclass(frozen=True)
class Said:
    """What several files say together."""

    entries: dict[tuple[str, str], Entry]  # by section and id
    labels: dict[str, dict[str, str]]  # of dimensions and factors, by code


def read(sheets: Iterable[Sheet]) -> Said:
    """Return what the files say; a later one adds entries, or replaces what it says of a known one.

    Raises `InvalidRules`.
    """
    entries: dict[tuple[str, str], Entry] = {}
    labels: dict[str, dict[str, str]] = {name: {} for name in _TABLES}
    for sheet in sheets:
        plain = _plain(sheet)
        for name in _TABLES:
            labels[name] |= {_id(sheet, name, code): str(label) for code, label in plain.get(name, {}).items()}
        for section in ENTRY:
            for entry_id, said in plain.get(section, {}).items():
                _check(sheet, section, entry_id, said)
                before = entries.get((section, entry_id))
                merged = {**(before.said if before else {}), **said}
                entries[section, entry_id] = Entry(sheet, section, entry_id, merged)
    return Said(entries, labels)


def _plain(sheet: Sheet) -> dict[str, Any]:
    try:
        plain = tomllib.loads(sheet.text)
    except tomllib.TOMLDecodeError as error:
        problem = f"is not TOML: {error}"
        raise sheet.wrong(problem) from error
    for problem in _mistakes(plain):
        raise sheet.wrong(problem)
    return plain


def _mistakes(plain: dict[str, Any]) -> Iterator[str]:
    sections = ("list", *_TABLES, *ENTRY)
    if unknown := sorted(set(plain) - set(sections)):
        yield f"{', '.join(unknown)} is not a section; known are {', '.join(sections)}"
    for section, value in plain.items():
        if not isinstance(value, dict):
            yield f"{section} is not a table; write [{section}]"
    told = plain.get("list", {})
    if unknown := sorted(set(told) - set(_LIST)):
        yield f"[list] cannot say {', '.join(unknown)}; it may say {', '.join(_LIST)}"
    if unknown := sorted(set(plain.get("factors", {})) - set(Factor)):
        yield f"[factors] cannot say {', '.join(unknown)}; there are five: {', '.join(Factor)}"
    if told.get("year", goals.YEAR) != goals.YEAR:
        yield f"is written for the list of indicators of {told['year']}; the one known here is of {goals.YEAR}"


def _check(sheet: Sheet, section: str, entry_id: str, said: Any) -> None:
    _id(sheet, section, entry_id)
    if not isinstance(said, dict):
        problem = f"an entry is a table; write [{section}.{entry_id}]"
        raise sheet.wrong(problem, section, entry_id)
    if unknown := sorted(set(said) - set(ENTRY[section])):
        problem = f"{', '.join(unknown)} is not known; known are {', '.join(ENTRY[section])}"
        raise sheet.wrong(problem, section, entry_id)


def _id(sheet: Sheet, section: str, entry_id: str) -> str:
    if not _ID.fullmatch(entry_id):
        problem = "an id is lower-case letters and digits joined by hyphens, such as river-islands"
        raise sheet.wrong(problem, section, entry_id)
    return entry_id
