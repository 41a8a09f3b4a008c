"""Which column is which: headers as people write them, brought to the columns of `Places`, or mapped by hand."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any
from unicodedata import combining, normalize

import pycountry
from rapidfuzz import process

_ADM = re.compile(r"adm(\d)")
_ADM_NAME = re.compile(r"adm\d_(name(_[a-z]{2})?|[a-z]{2})")
_ADM_CODE = re.compile(r"adm\d_(pcode?|code)")  # shapefiles cut names at ten characters


class Side(StrEnum):
    """Whose list it is; decides which header holds the id where a file has several."""

    CITIZEN = "citizen"
    OFFICIAL = "official"


class UnknownColumn(ValueError):
    """A mapping names a field or a header that does not exist; `hint` lists what does."""

    def __init__(self, message: str, *, hint: str) -> None:
        """Say which, and what there is instead."""
        super().__init__(f"{message}; {hint}")
        self.hint = hint


@dataclass(frozen=True, slots=True)
class CountColumn:
    """A column of counts: its unit and year where the header says them, and whom it counts."""

    header: str
    unit: str | None
    year: int | None = None
    group: str | None = None  # None: everybody, or whom a column of its own says

    @property
    def part(self) -> str:
        """The part it plays, as a mapping names it: "count.persons.Maasai"."""
        return ".".join(filter(None, ("count", self.unit, self.group)))


@dataclass(frozen=True)
class Assignment:
    """Which header plays which part. Every header has one part; `attributes` are those with no other."""

    single: Mapping[str, str] = field(default_factory=dict)  # field -> header
    alternative_names: tuple[tuple[str, str | None], ...] = ()  # (header, language)
    counts: tuple[CountColumn, ...] = ()
    admin: Mapping[str, str] = field(default_factory=dict)  # key such as "sub_county" or "adm2_pcode" -> header
    said: Mapping[str, str] = field(default_factory=dict)  # what `geodata.files.saidcolumns` reads -> header
    attributes: tuple[str, ...] = ()
    list_of: str | None = None  # the kind of every row, where a header gives it away

    def parts(self) -> dict[str, str]:
        """Return header -> part, for showing people how their file was read."""
        parts = {header: f"admin.{key}" for key, header in self.admin.items()}
        parts |= {header: part for part, header in (*self.single.items(), *self.said.items())}
        parts |= {header: "alt_names" for header, _ in self.alternative_names}
        parts |= {column.header: column.part for column in self.counts}
        return parts | dict.fromkeys(self.attributes, "attributes")


def fold(header: str) -> str:
    """Return a header without case, accents and punctuation: "Location_Uncertainty (m)" -> "location uncertainty m"."""
    plain = "".join(letter for letter in normalize("NFKD", header) if not combining(letter))
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", plain.rpartition("/")[2])
    return " ".join(re.findall(r"\w+", spaced.replace("_", " ").casefold()))


def assign(headers: Sequence[str], side: Side = Side.CITIZEN, mapping: Mapping[str, str] | None = None) -> Assignment:
    """Return which header plays which part.

    `mapping` is field -> header and goes before what the headers say; fields are those of the data file, any of their
    synonyms, `count.UNIT`, `count.UNIT.GROUP` and `admin.LEVEL`.
    Raises `UnknownColumn` for a field or header that does not exist.
    """
    draft = _Draft({fold(header): header for header in reversed(headers)}, list(headers))
    for field_name, header in (mapping or {}).items():
        draft.map_by_hand(field_name, header)
    words = _words()
    draft.take_pairs(words["single"]["geometry"])
    draft.take_single("id", words["id"][side])
    for part, synonyms in words["single"].items():
        draft.take_single(part, synonyms)
    draft.take_suffixes()
    draft.take_names()
    if side is Side.CITIZEN:
        draft.take_said()
    draft.take_counts()
    draft.take_admin(side)
    draft.take_single("name", words["fallback"]["name"], also_admin=True)
    return draft.finished()


@cache
def _words() -> dict[str, Any]:
    text = files("geodata.files").joinpath("headers.toml").read_text(encoding="utf-8")
    words = tomllib.loads(text)
    return {
        **words,
        "id": {Side(side): _folded(synonyms) for side, synonyms in words["id"].items()},
        "single": {part: _folded(synonyms) for part, synonyms in words["single"].items()},
        "said": {part: _folded(synonyms) for part, synonyms in words["said"].items()},
        "counts": {unit: _folded(synonyms) for unit, synonyms in words["counts"].items()},
        "alternative_names": frozenset(_folded(words["alternative_names"]["headers"])),
    }


def _folded(synonyms: Sequence[str]) -> tuple[str, ...]:
    return tuple(fold(synonym) for synonym in synonyms)


@cache
def _administrative() -> re.Pattern[str]:
    words = _words()["administrative"]
    names, endings = ("|".join(map(re.escape, _folded(words[part]))) for part in ("words", "endings"))
    return re.compile(rf"(?:{names})(?: ?\d)?(?: ?(?:{endings}))*")


def unit_of(text: str) -> str:
    """Return the common term for a unit of count ("people" -> "persons"), or the text itself, folded."""
    folded = fold(text)
    return _units().get(folded, folded)


@cache
def meanings(part: str) -> dict[str, str]:
    """Return the words, folded, by which people write the terms of a part such as "consent", and each one's term."""
    terms = _words()["meanings"][part].items()
    return {fold(word): term for term, synonyms in terms for word in (term, *synonyms)}


@cache
def _units() -> dict[str, str]:
    return {fold(word): unit for unit, synonyms in _words()["units"].items() for word in synonyms}


class _Draft:
    """Headers not yet given a part, and the parts given so far."""

    def __init__(self, by_fold: dict[str, str], headers: list[str]) -> None:
        self._by_fold = by_fold
        self._left = headers
        self._all = tuple(headers)
        self._single: dict[str, str] = {}
        self._names: list[tuple[str, str | None]] = []
        self._counts: list[CountColumn] = []
        self._admin: dict[str, str] = {}
        self._said: dict[str, str] = {}

    def map_by_hand(self, field_name: str, header: str) -> None:
        found = header if header in self._all else self._by_fold.get(fold(header))
        if found is None:
            msg = f"there is no column {header!r}"
            raise UnknownColumn(msg, hint=f"the columns are {', '.join(self._all)}")
        part, _, detail = field_name.partition(".")
        if part == "count" or fold(field_name) in _words()["counts"]["persons"]:
            unit, _, group = detail.partition(".")
            self._counts.append(CountColumn(found, unit_of(unit) if unit else None, group=group.strip() or None))
        elif part == "admin" and detail:
            self._admin[_admin_key(detail)] = found
        elif part == "alt_names" or fold(field_name) in _words()["alternative_names"]:
            self._names.append((found, None))
        elif field_name in _words()["said"]:
            self._said[field_name] = found
        else:
            self._single[_field(field_name)] = found
        if found in self._left:
            self._left.remove(found)

    def take_single(self, part: str, synonyms: Sequence[str], *, also_admin: bool = False) -> None:
        if part in self._single:
            return
        for synonym in synonyms:
            header = self._by_fold.get(synonym)
            if header in self._left:
                self._single[part] = header
                self._left.remove(header)
                return
            if also_admin and header is not None and header in self._admin.values():
                self._single[part] = header
                self._admin = {key: column for key, column in self._admin.items() if column != header}
                return

    def take_pairs(self, synonyms: Sequence[str]) -> None:
        """Take a column such as "Lat/Lon", of which the part after the stroke alone would mean something else."""
        for header in tuple(self._left):
            if "/" in header and fold(header.replace("/", " ")) in synonyms and "geometry" not in self._single:
                self._single["geometry"] = header
                self._left.remove(header)

    def take_suffixes(self) -> None:
        """Take coordinates out of the columns a form makes of one question: `_gps_latitude`, `_gps_precision`."""
        for part, ending in (("lat", " latitude"), ("lon", " longitude"), ("accuracy_m", " precision")):
            self.take_single(part, [key for key in self._by_fold if key.endswith(ending)])

    def take_names(self) -> None:
        for header in tuple(self._left):
            folded = fold(header)
            language = _language(folded)
            if language and "name" not in self._single:
                self._single["name"] = header
            elif language or folded in _words()["alternative_names"]:
                self._names.append((header, language))
            else:
                continue
            self._left.remove(header)

    def take_said(self) -> None:
        for part, synonyms in _words()["said"].items():
            header = next((self._by_fold[synonym] for synonym in synonyms if synonym in self._by_fold), None)
            if part not in self._said and header in self._left:
                self._said[part] = header
                self._left.remove(header)

    def take_counts(self) -> None:
        for header in tuple(self._left):
            words, year = _without_year(fold(header))
            unit = next((unit for unit, synonyms in _words()["counts"].items() if words in synonyms), None)
            if unit is not None:
                self._counts.append(CountColumn(header, unit or None, year))
                self._left.remove(header)

    def take_admin(self, side: Side) -> None:
        for header in tuple(self._left):
            if _administrative().fullmatch(fold(header)):
                self._admin[_admin_key(header)] = header
                self._left.remove(header)
        if side is Side.OFFICIAL:
            self._take_lowest_unit()
            if fold(self._single.get("id", "")) in {"pcode", "p code"}:
                self._admin.setdefault("pcode", self._single["id"])  # a record may name its place by this code

    def _take_lowest_unit(self) -> None:
        """Read a list of units as OCHA publishes it: the place is the deepest of `ADM1_EN, ADM1_PCODE, ADM2_EN …`."""
        depths = {key: int(found.group(1)) for key in self._admin if (found := _ADM.match(key))}
        lowest = [key for key, depth in depths.items() if depth == max(depths.values())]
        for part, ending in (("name", _ADM_NAME), ("id", _ADM_CODE)):
            own = [key for key in lowest if ending.fullmatch(key)]
            if own and part not in self._single:
                self._single[part] = self._admin[own[0]]

    def finished(self) -> Assignment:
        folded = {fold(header) for header in self._all}
        kinds = (kind for kind, signs in _words()["list_of"].items() if folded & set(signs))
        return Assignment(
            single=self._single,
            alternative_names=tuple(self._names),
            counts=tuple(self._counts),
            admin=self._admin,
            said=self._said,
            attributes=tuple(self._left),
            list_of=next(kinds, None),
        )


def _admin_key(header: str) -> str:
    """Return one key for one level, however it is written: ADM2_PCODE, admin2Pcode and adm2 pcode are adm2_pcode."""
    key = "_".join(fold(header).split())
    return re.sub(r"^adm(?:in)?_?(\d)_?", r"adm\1_", key).rstrip("_")


def _without_year(folded: str) -> tuple[str, int | None]:
    found = re.fullmatch(r"(.+) ((?:19|20)\d\d)", folded)
    return (found.group(1), int(found.group(2))) if found else (folded, None)


def _field(name: str) -> str:
    words = _words()
    if name in words["single"] or name == "id":
        return name
    folded = fold(name)
    for part, synonyms in (*words["single"].items(), ("id", words["id"][Side.CITIZEN] + words["id"][Side.OFFICIAL])):
        if folded in synonyms:
            return str(part)
    known = [
        "id",
        "alt_names",
        "count",
        "count.UNIT",
        "count.UNIT.GROUP",
        "admin.LEVEL",
        *words["single"],
        *words["said"],
    ]
    near = process.extractOne(name, known)
    msg = f"there is no field {name!r}"
    raise UnknownColumn(msg, hint=f"did you mean {near[0]}? The fields are {', '.join(known)}")


def _language(folded: str) -> str | None:
    """Return the language of a header such as `name sw` or `name fra`, by its ISO 639 code."""
    head, _, code = folded.rpartition(" ")
    if head != "name" or not code.isalpha():
        return None
    found = pycountry.languages.get(alpha_2=code) if len(code) == len("sw") else pycountry.languages.get(alpha_3=code)
    return code if found else None
