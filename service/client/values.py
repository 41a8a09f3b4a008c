"""What the service answers, as values. Each keeps everything that came in `data`: fields here are those scripts use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from service.client.errors import Conflict, Invalid, Refused

Data = Mapping[str, Any]

_CONFLICT = 409
_ENDED = frozenset({"done", "failed", "cancelled"})


def _place(community: Data) -> dict[str, Any]:
    location = community.get("location") or {}
    return {
        "name": community.get("name"),
        "country": community.get("country"),
        "lat": location.get("lat"),
        "lon": location.get("lon"),
        "uncertainty_m": location.get("uncertainty_m"),
    }


@dataclass(frozen=True, slots=True)
class Record:
    """A record and the verdict on it, as your key sees it. What is withheld is None."""

    id: str
    own_id: str | None
    state: str  # pending, verified, quarantined, withdrawn
    verdict: str | None
    probability: float | None  # that the list does not name the community
    reason: str | None
    flag_id: str | None
    name: str | None
    country: str | None
    lat: float | None
    lon: float | None
    uncertainty_m: float | None
    data: Data = field(repr=False)

    @classmethod
    def of(cls, data: Data) -> Self:
        """Read it from JSON."""
        names = ("id", "own_id", "state", "verdict", "probability", "reason", "flag_id")
        return cls(**{name: data[name] for name in names}, **_place(data), data=data)


@dataclass(frozen=True, slots=True)
class Flag:
    """The open matter about one community, as your key sees it. What is withheld is None."""

    id: str
    status: str
    version: int
    verdict: str
    probability: float | None  # that the list does not name the community
    reason: str | None
    name: str | None
    country: str | None
    lat: float | None  # as exact as the community agreed to; `uncertainty_m` says how exact
    lon: float | None
    uncertainty_m: float | None
    updated_at: str
    data: Data = field(repr=False)

    @classmethod
    def of(cls, data: Data) -> Self:
        """Read it from JSON."""
        names = ("id", "status", "version", "verdict", "probability", "reason", "updated_at")
        return cls(**{name: data[name] for name in names}, **_place(data["community"]), data=data)


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one record of a batch: the record, or why it was refused."""

    index: int  # 0-based position in what was sent
    record: Record | None
    error: Refused | None
    created: bool  # False where it was known word for word, or refused

    @classmethod
    def of(cls, data: Data) -> Self:
        """Read it from JSON."""
        problem = data["problem"]
        kind = Conflict if data["status"] == _CONFLICT else Invalid
        error = None if problem is None else kind(data["status"], problem)
        record = None if data["record"] is None else Record.of(data["record"])
        return cls(data["index"], record, error, created=data["status"] == 201)  # noqa: PLR2004 - as HTTP has it


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of each record of a batch, in the order sent."""

    items: tuple[Item, ...]

    @classmethod
    def of(cls, data: Data) -> Self:
        """Read it from JSON."""
        return cls(tuple(map(Item.of, data["items"])))

    @property
    def refused(self) -> tuple[Item, ...]:
        """Those that were not kept."""
        return tuple(item for item in self.items if item.error is not None)


@dataclass(frozen=True, slots=True)
class Import:
    """A file that was sent, and how far it has been read."""

    id: str
    state: str  # waiting, running, done, failed, cancelled
    rows_read: int
    kept: int
    set_aside: int  # rows that could not be kept
    data: Data = field(repr=False)

    @classmethod
    def of(cls, data: Data) -> Self:
        """Read it from JSON."""
        names = ("id", "state", "rows_read", "kept", "set_aside")
        return cls(**{name: data[name] for name in names}, data=data)

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in _ENDED


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a flag: as you see it now, or that you see it no longer (`flag` is None)."""

    type: str
    flag_id: str
    at: str
    flag: Flag | None

    @classmethod
    def of(cls, data: Data) -> Self:
        """Read it from JSON."""
        flag = None if data["flag"] is None else Flag.of(data["flag"])
        return cls(data["type"], data["flag_id"], data["at"], flag)


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Some changes, and the cursor to go on from once they are taken over."""

    items: tuple[Change, ...]
    cursor: str
    more: bool

    @classmethod
    def of(cls, data: Data) -> Self:
        """Read it from JSON."""
        return cls(tuple(map(Change.of, data["items"])), data["cursor"], data["next"] is not None)
