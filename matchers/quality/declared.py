"""The fields of a passport, read off its types: what each may hold, and what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from matchers.quality.dates import Stated
from matchers.quality.passport import About


@dataclass(frozen=True, slots=True)
class Declared:
    """What a field of a passport may hold."""

    kind: Any  # the type of a single value
    optional: bool
    several: bool
    about: About

    @property
    def table(self) -> bool:
        """Whether it is a table of its own."""
        return is_dataclass(self.kind) and self.kind is not Stated


def declared(kind: type[Any]) -> Mapping[str, Declared]:
    """Return the fields of a passport, or of a table in it, by name."""
    return _declared_in(kind)  # type: ignore[arg-type]  # mypy holds that a type cannot be hashed


@cache
def _declared_in(kind: type[Any]) -> Mapping[str, Declared]:
    return {name: _declared(hint) for name, hint in get_type_hints(kind, include_extras=True).items()}


def _declared(hint: Any) -> Declared:
    held, about = get_args(hint)
    kinds = [one for one in get_args(held) if one is not type(None)] or [held]
    several = get_origin(kinds[0]) is tuple
    return Declared(str if several else kinds[0], type(None) in get_args(held), several, about)
