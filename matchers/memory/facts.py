"""What a person's decision about a record and an entry rests on: what either says of itself, digested part by part.

Digests of what is written, not of what the model makes of it: a new model, snapshot or count reopens nothing.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import orjson
import shapely

from geodata.names.folding import fold
from geodata.places import Places
from matchers.records import KIND_WORDS, OPERATOR_HEADERS

_DIGITS = 5  # decimals of degrees: about a metre, less than which is no news
UNITS = "administrative units"  # as `Facts.changed` calls them
_SPOKEN = {"units": UNITS}


@dataclass(frozen=True, slots=True)
class Facts:
    """One account of a place, part by part, each as a digest of 128 bits in hexadecimal."""

    names: str  # and the names of who runs it
    location: str  # point, uncertainty and area
    kind: str
    units: str  # country, administrative units, the unit above
    groups: str

    def changed(self, since: Facts) -> tuple[str, ...]:
        """Return in words which parts are not what they were."""
        names = [field.name for field in fields(self) if getattr(self, field.name) != getattr(since, field.name)]
        return tuple(_SPOKEN.get(name, name) for name in names)


def facts_of(places: Places, rows: Sequence[int]) -> list[Facts]:
    """Return the facts of some rows, in the order asked."""
    return [_facts(row) for row in places.take(rows).table.to_pylist()]


def evidence_hash(record: Facts, entry: Facts) -> str:
    """Return the sha256 of what both sides of a pair say: same evidence, same hash."""
    return hashlib.sha256(orjson.dumps([record, entry])).hexdigest()


def _facts(row: Mapping[str, Any]) -> Facts:
    attributes = [(fold(header), text) for header, text in row["attributes"] or () if text]
    operators = [text for header, text in attributes if header in OPERATOR_HEADERS]
    kinds = [text for header, text in attributes if not KIND_WORDS.isdisjoint(header.split())]
    units = sorted(f"{fold(level)}={_plain(unit)}" for level, unit in row["admin"] or () if unit)
    return Facts(
        names=_digest(_distinct(name["text"] for name in row["names"]), _distinct(operators)),
        location=_digest(_degrees(row["lat"]), _degrees(row["lon"]), _metres(row["r95_m"]), _area(row["area"])),
        kind=_digest(row["kind"], row["level"], _distinct(kinds)),
        units=_digest(row["country"], units, _plain(row["parent"])),
        groups=_digest(_distinct(row["groups"] or ())),
    )


def _digest(*said: object) -> str:
    return hashlib.blake2b(orjson.dumps(said), digest_size=16).hexdigest()


def _plain(text: str | None) -> str | None:
    return None if text is None else " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _distinct(texts: Iterable[str]) -> list[str]:
    return sorted({_plain(text) or "" for text in texts})


def _degrees(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS) + 0.0  # no negative zero


def _metres(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _area(wkb: bytes | None) -> str | None:
    if wkb is None:
        return None
    rounded = shapely.transform(shapely.from_wkb(wkb), lambda points: np.round(points, _DIGITS) + 0.0)
    return str(shapely.to_wkb(shapely.normalize(rounded), hex=True))
