"""What stands in brackets behind an official name: "Atong (Cameroon)" tells two Atongs apart, if the record says where.

A bracketed country or unit is compared with the record's own countries, units and brackets. Rows without brackets, and
records that say nothing of the kind, are not compared.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from geodata.countries import UnknownCountry, country_code
from geodata.index import PlaceIndex
from geodata.index.entries import Entries, folded
from matchers.pairs import Feature, Pairs, Rows, log2
from matchers.parameters import Geography
from matchers.records import Records

LEVELS = ("not_available", "same", "different")
_COUNTRY_HEADERS = frozenset({"country", "countries", "country codes", "country code"})
_USUAL = 20  # brackets a list is thought to hold besides its own, so that a rare one is not overrated


@dataclass(frozen=True)
class Qualifiers:
    """The first bracket of each row of the list."""

    row: Rows  # by row: position in `texts`, -1 where none
    texts: tuple[str, ...]  # folded; a country as its code
    countries: tuple[bool, ...]  # whether each text is a country
    share: tuple[float, ...]  # of the bracketed rows, how many bear each

    @classmethod
    def of(cls, index: PlaceIndex) -> Qualifiers:
        """Read the brackets of a list."""
        first: dict[int, str] = {}
        for which, row in zip(index.names.which.tolist(), index.name_rows.tolist(), strict=True):
            qualifier = index.names.parts[which].qualifier
            if qualifier:
                first.setdefault(row, as_country(qualifier) or qualifier)
        counted = Counter(first.values())
        texts = tuple(sorted(counted))
        number = {text: i for i, text in enumerate(texts)}
        rows = np.full(len(index.places), -1, np.int64)
        for row, text in first.items():
            rows[row] = number[text]
        total = len(first) + _USUAL
        return cls(rows, texts, tuple(text.isupper() for text in texts), tuple((counted[t] + 1) / total for t in texts))


def compare_qualifiers(pairs: Pairs, records: Records, listed: Qualifiers, geography: Geography) -> Feature:
    """Weigh the brackets of each pair's official name."""
    level, bits = np.zeros(len(pairs), np.int64), np.zeros(len(pairs))
    bracketed = np.flatnonzero(listed.row[pairs.row] >= 0)
    if len(bracketed):
        hints = hints_of(records)
        for pair in bracketed.tolist():
            which = int(listed.row[pairs.row[pair]])
            level[pair] = _level(hints[int(pairs.record[pair])], listed.texts[which], country=listed.countries[which])
        share = np.array([*listed.share])[listed.row[pairs.row[bracketed]]]
        same, different = geography.admin_same / share, geography.admin_different / (1 - share)
        at = level[bracketed]
        bits[bracketed] = log2(np.where(at == 1, same, np.where(at == 2, different, 1.0)))  # noqa: PLR2004 - positions in LEVELS
    return Feature("qualifier", LEVELS, level, bits)


@dataclass(frozen=True, slots=True)
class Hints:
    """What a record says of where it lies, apart from coordinates."""

    countries: frozenset[str]  # alpha-3
    words: frozenset[str]  # folded units, levels and brackets


def hints_of(records: Records) -> list[Hints]:
    """Return the hints of every record."""
    count = len(records.places)
    countries: list[set[str]] = [{code} if code else set() for code in records.places.texts("country")]
    words: list[set[str]] = [set() for _ in range(count)]
    units, attributes = (Entries.of(records.places, column) for column in ("admin", "attributes"))
    for row, value in zip(units.rows.tolist(), folded(units.values), strict=True):
        words[row].add(value)
    telling = [i for i, header in enumerate(folded(attributes.headers)) if header in _COUNTRY_HEADERS]
    texts = attributes.values.take(pa.array(telling, pa.int64())).to_pylist()
    for position, text in zip(telling, texts, strict=True):
        codes = (as_country(part) for part in re.split(r"[;,|/]", text or ""))
        countries[int(attributes.rows[position])].update(code for code in codes if code)
    for which, row in zip(records.names.which.tolist(), records.name_rows.tolist(), strict=True):
        qualifier = records.names.parts[which].qualifier
        if qualifier:
            code = as_country(qualifier)
            (countries if code else words)[row].add(code or qualifier)
    return [Hints(frozenset(c), frozenset(w)) for c, w in zip(countries, words, strict=True)]


def as_country(text: str) -> str | None:
    """Return the code of a country by name or code, None for anything else."""
    try:
        return country_code(text.strip())
    except UnknownCountry:
        return None


def _level(hints: Hints, text: str, *, country: bool) -> int:
    said = hints.countries if country else hints.words
    if not said:
        return 0
    if text in said:
        return 1
    # Two countries contradict one another; two other words may be names of one and the same region.
    return 2 if country else 0
