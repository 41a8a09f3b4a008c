"""The plan of an import: how its file is read, settled when the file comes, so that a resumed import reads it alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from service.disclosure.policy import Consent, Sensitivity
from service.errors import INVALID, Mistake, Problem
from service.store.import_tables import Mode

__all__ = ["Mode", "Plan", "Upload", "Usual", "Wish"]


@dataclass(frozen=True, slots=True)
class Usual:
    """What holds for the records of a collection that do not say otherwise."""

    country: str | None = None  # ISO 3166-1 alpha-3
    kind: str | None = None  # a term of `geodata.kinds`
    consent: str = Consent.INTERNAL.value
    sensitivity: str = Sensitivity.OPEN.value


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of an import, beyond the file."""

    mode: Mode = Mode.APPEND
    columns: Mapping[str, str] = field(default_factory=dict)  # field -> header; goes before any profile
    profile: str | None = None  # None: the one that fits the file, if any
    sheet: str | None = None  # of a workbook; None: the one that holds the data


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that lies in its private directory, what people call it, and the collection it is for."""

    import_id: str
    path: Path
    name: str
    collection: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is read."""

    columns: Mapping[str, str] = field(default_factory=dict)  # field -> header
    left_out: tuple[str, ...] = ()  # headers that are not read
    profile: str | None = None
    sheet: str | None = None
    usual: Usual = field(default_factory=Usual)

    def plain(self) -> dict[str, Any]:
        """Return the plan as JSON values."""
        return asdict(self) | {"columns": dict(self.columns), "left_out": list(self.left_out)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Plan:
        """Return the plan of JSON values."""
        return cls(**{**plain, "left_out": tuple(plain["left_out"]), "usual": Usual(**plain["usual"])})


def columns_of(pairs: list[str]) -> dict[str, str]:
    """Return what "field=HEADER" texts say. Raises `Problem` (invalid) where one cannot be read."""
    said: dict[str, str] = {}
    for text in pairs:
        name, equals, header = text.partition("=")
        if not equals or not name.strip() or not header.strip():
            message = f"{text[:80]!r} does not say which column is which."
            mistake = Mistake("?map", message, "Write field=HEADER, such as name=VILLAGE_NM.")
            raise Problem(INVALID, f"{message} {mistake.hint}", errors=[mistake.members()])
        said[name.strip()] = header.strip()
    return said
