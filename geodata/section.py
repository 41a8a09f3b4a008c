"""One section of a manifest, read strictly: a refusal names the section and the key, and says how to mend it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

_Term = TypeVar("_Term", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Section:
    """The name of a section and the error it is refused with. Every method reads one plain value, or raises `error`."""

    name: str
    error: type[ValueError]

    def refuse(self, what: str, cause: Exception | None = None) -> NoReturn:
        """Raise the section's error: what is wrong, and how to mend it."""
        msg = f"{self.name}: {what}"
        raise self.error(msg) from cause

    def table(self, value: Any, key: str, known: Collection[str]) -> Mapping[str, Any]:
        """Return a table that has no other than the known keys."""
        if not isinstance(value, Mapping):
            self.refuse(f"{key} is to be a table with {', '.join(sorted(known))}")
        if unknown := sorted(set(value) - set(known)):
            self.refuse(f"{', '.join(unknown)} is not known in {key}; known are {', '.join(sorted(known))}")
        return value

    def list(self, value: Any, key: str) -> list[Any]:
        """Return a list."""
        if not isinstance(value, list | tuple):
            self.refuse(f"{key} is to be a list")
        return [*value]

    def text(self, value: Any, key: str) -> str:
        """Return a text that says something, without the space around it."""
        if not isinstance(value, str) or not value.strip():
            self.refuse(f"{key} is to be a text")
        return value.strip()

    def texts(self, value: Any, key: str) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(self.text(item, key) for item in self.list(value, key))

    def optional(self, table: Mapping[str, Any], key: str) -> str | None:
        """Return the text of a key, None where it is not said."""
        return None if table.get(key) is None else self.text(table[key], key)

    def flag(self, value: Any, key: str) -> bool:
        """Return true or false."""
        if not isinstance(value, bool):
            self.refuse(f"{key} is to be true or false")
        return value

    def term(self, terms: type[_Term], value: Any, key: str) -> _Term:
        """Return one of the terms."""
        if not isinstance(value, str) or value not in set(terms):
            self.refuse(f"{key} = {value!r} is not known; give one of {', '.join(terms)}")
        return terms(value)

    def real(self, value: Any, key: str) -> float:
        """Return a number."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.refuse(f"{key} = {value!r} cannot be read; give a number")
        return float(value)

    def positive(self, table: Mapping[str, Any], key: str, most: float = 1e10) -> float | None:
        """Return the number of a key, above 0 and at most `most`, None where it is not said."""
        if table.get(key) is None:
            return None
        value = self.real(table[key], key)
        if not 0 < value <= most:
            self.refuse(f"{key} = {value:g} cannot be right; give a number above 0, at most {most:g}")
        return value

    def whole(self, table: Mapping[str, Any], key: str, least: int) -> int | None:
        """Return the whole number of a key, at least `least`, None where it is not said."""
        value = table.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.refuse(f"{key} = {value!r} cannot be read; give a whole number from {least}")
        return value

    def day(self, value: Any, key: str) -> date:
        """Return a date, given as one or as text."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except (TypeError, ValueError) as error:
            self.refuse(f"{key} = {value!r} is to be a date such as 2009-08-24", error)


def said(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said of a table, terms as their texts: the way back to plain values."""
    return {
        key: value.value if isinstance(value, StrEnum) else value for key, value in table.items() if value is not None
    }
