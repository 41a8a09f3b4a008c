"""What stands in brackets behind an official name: "Atong (Cameroon)" tells two Atongs apart, if the record says where.

A bracketed country or unit is compared with the record's own countries, units and brackets. Rows without brackets, and
records that say nothing of the kind, are not compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.countries import known_country
from geodata.index import PlaceIndex
from geodata.index.entries import folded
from geodata.index.groups import distinct
from geodata.numbering import Numbering, numbered
from geodata.texts import Texts
from matchers.pairs import Feature, Flags, Floats, Pairs, Rows, log2
from matchers.parameters import Geography
from matchers.records import Records

LEVELS = ("not_available", "same", "different")
_SAME, _DIFFERENT = 1, 2
_COUNTRY_HEADERS = frozenset({"country", "countries", "country codes", "country code"})
_USUAL = 20  # brackets a list is thought to hold besides its own, so that a rare one is not overrated


@dataclass(frozen=True)
class Qualifiers:
    """The first bracket of each row of the list."""

    row: Rows  # by row: number of its text, -1 where none
    number: Numbering  # of each text; folded, a country as its code
    is_country: NDArray[np.bool_]  # by number
    share: Floats  # by number: of the bracketed rows, how many bear it

    @classmethod
    def of(cls, index: PlaceIndex) -> Qualifiers:
        """Read the brackets of a list."""
        qualifiers, rows = index.names.parts.qualifier, np.full(len(index.places), -1, np.int64)
        code = qualifiers.code[index.names.which]
        bracketed = np.flatnonzero(code)[::-1]
        rows[index.name_rows[bracketed]] = code[bracketed]  # the first of each row is written last
        used = distinct(rows[rows >= 0])
        words = [qualifiers.words[at] for at in used.tolist()]
        number, place = numbered(Texts.of([known_country(word) or word for word in words]))
        rows[rows >= 0] = place[np.searchsorted(used, rows[rows >= 0])]
        held = np.bincount(rows[rows >= 0], minlength=len(number))
        upper = np.array([text.isupper() for text in number], np.bool_)
        return cls(rows, number, upper, (held + 1) / (held.sum() + _USUAL))

    @property
    def texts(self) -> Texts:
        """The texts, in order."""
        return self.number.texts


def compare_qualifiers(pairs: Pairs, records: Records, listed: Qualifiers, geography: Geography) -> Feature:
    """Weigh the brackets of each pair's official name."""
    level, bits = np.zeros(len(pairs), np.int64), np.zeros(len(pairs))
    bracketed = np.flatnonzero(listed.row[pairs.row] >= 0)
    if len(bracketed):
        record, text = pairs.record[bracketed], listed.row[pairs.row[bracketed]]
        same, different = _agreement(record, text, hints_of(records), listed)
        level[bracketed] = np.where(same, _SAME, np.where(different, _DIFFERENT, 0))
        agree, differ = geography.admin_same / listed.share[text], geography.admin_different / (1 - listed.share[text])
        bits[bracketed] = log2(np.where(same, agree, np.where(different, differ, 1.0)))
    return Feature("qualifier", LEVELS, level, bits)


def _agreement(record: Rows, text: Rows, hints: list[Hints], listed: Qualifiers) -> tuple[Flags, Flags]:
    """Return for pairs of a record and a bracketed text whether it says the same, and whether it says otherwise."""
    span, said = len(listed.number), np.array(said_brackets(hints, listed), np.int64).reshape(-1, 2)
    same = np.isin(record * span + text, said[:, 0] * span + said[:, 1])
    # Two countries contradict one another; two other words may be names of one and the same region.
    elsewhere = np.array([bool(own.countries) for own in hints])[record]
    return same, ~same & listed.is_country[text] & elsewhere


def said_brackets(hints: list[Hints], listed: Qualifiers) -> list[tuple[int, int]]:
    """Return (record, number of a text) for what each record says that stands in brackets in the list."""
    number = listed.number
    return [
        (at, number[hint]) for at, own in enumerate(hints) for hint in (*own.countries, *own.words) if hint in number
    ]


@dataclass(frozen=True, slots=True)
class Hints:
    """What a record says of where it lies, apart from coordinates."""

    countries: frozenset[str]  # alpha-3
    words: frozenset[str]  # folded units, levels and brackets


def hints_of(records: Records) -> list[Hints]:
    """Return the hints of every record."""
    countries: list[set[str]] = [{code} if code else set() for code in records.places.texts("country")]
    words: list[set[str]] = [set() for _ in countries]
    for unit, written in zip(records.units, folded([unit.text for unit in records.units]), strict=True):
        words[unit.row].add(written)
    for entry in records.attributes:
        if entry.header in _COUNTRY_HEADERS:
            codes = (known_country(part) for part in re.split(r"[;,|/]", entry.text or ""))
            countries[entry.row].update(code for code in codes if code)
    for which, row in zip(records.names.which.tolist(), records.name_rows.tolist(), strict=True):
        qualifier = records.names.parts[which].qualifier
        if qualifier:
            code = known_country(qualifier)
            (countries if code else words)[row].add(code or qualifier)
    return [Hints(frozenset(c), frozenset(w)) for c, w in zip(countries, words, strict=True)]
