"""Rules from files, read strictly: what an entry names must exist, or the file is refused with file and line."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from geodata.countries import UnknownCountry, country_code
from geodata.kinds import BROADER
from geodata.names.folding import fold
from geodata.tags import goals
from geodata.tags.reading import Entry, Said, Sheet, read
from geodata.tags.rule import Field, Rule, Rules, Term
from geodata.tags.tag import Factor, TagKind
from geodata.taxonomy import Dimension, Taxonomy
from geodata.taxonomy.naming import name_key

_LISTS = ("kind", "dimension", "group", "cited", "people", "driver", "method")
_SWITCHES = ("flagged", "counted")
_SECTIONS = {"rules": None, "themes": TagKind.THEME, "seeds": TagKind.SEED}


def rules(taxonomy: Taxonomy, extra: Iterable[Sheet] = ()) -> Rules:
    """Return the shipped rules with what further files add or override by id, for these groups of people.

    Raises `InvalidRules`, naming file, line and entry.
    """
    sheets = [*_shipped(), *extra]
    said = read(sheets)
    reading = _Reading(said, taxonomy)
    digest = hashlib.sha256("\0".join(sheet.text for sheet in sheets).encode()).hexdigest()
    entries = [entry for entry in said.entries.values() if entry.section in _SECTIONS]
    labels = {
        TagKind.DIMENSION: said.labels["dimensions"],
        TagKind.FACTOR: said.labels["factors"],
        TagKind.THEME: {entry.id: entry.text("label") for entry in entries if entry.section == "themes"},
        TagKind.SEED: {entry.id: entry.text("label") for entry in entries if entry.section == "seeds"},
        TagKind.GROUP: {group.id: group.label for group in taxonomy.groups.values()},
    }
    people = tuple(
        (entry.id, entry.text("label"), tuple(map(spoken, entry.texts("words"))))
        for entry in said.entries.values()
        if entry.section == "people" and not entry.id.startswith("age-")
    )
    return Rules(tuple(map(reading.rule, entries)), labels, digest, people)


def spoken(text: str) -> str:
    """Return what declared names of people are compared by; signs count where there are numbers, as in "80+"."""
    if any(sign.isdigit() for sign in text):
        return " ".join(text.casefold().replace("\N{EN DASH}", "-").split())
    return name_key(text).key


class _Reading:
    """The entries of all files, turned into rules one by one."""

    def __init__(self, said: Said, taxonomy: Taxonomy) -> None:
        self.said, self.taxonomy = said, taxonomy
        self.known = {
            "kind": set(BROADER),
            "dimension": set(map(str, Dimension)),
            "group": set(taxonomy.groups),
            "cited": {source.key for group in taxonomy.groups.values() for source in group.sources},
            "people": {entry_id for section, entry_id in said.entries if section == "people"},
            "dimensions": set(said.labels["dimensions"]),
            "factors": set(map(str, Factor)),
        }

    def rule(self, entry: Entry) -> Rule:
        own = _SECTIONS[entry.section]
        when = self._when(entry)
        return Rule(
            id=entry.id,
            label=entry.text("label"),
            definition=entry.text("definition") if own else "",
            terms=frozenset(self._terms(entry)),
            gives=(
                *(((own, entry.id),) if own else ()),
                *((TagKind.SDG, code) for code in self._codes(entry)),
                *((TagKind.DIMENSION, code) for code in self._listed(entry, "dimensions")),
                *((TagKind.FACTOR, code) for code in self._listed(entry, "factors")),
            ),
            countries=frozenset(self._countries(entry)),
            counted=when.get("counted", False),
        )

    def _when(self, entry: Entry) -> dict[str, Any]:
        when = entry.said.get("when")
        if not isinstance(when, dict) or not set(when) - {"counted"}:
            problem = 'names no field it rests on; write when = { kind = ["…"] } or another field'
            raise entry.wrong(problem)
        if unknown := sorted(set(when) - {*_LISTS, *_SWITCHES}):
            problem = f"{', '.join(unknown)} is no field of a record; known are {', '.join((*_LISTS, *_SWITCHES))}"
            raise entry.wrong(problem)
        if any(when.get(switch, True) is not True for switch in _SWITCHES):
            problem = f"{' and '.join(_SWITCHES)} can only be true; else leave them out"
            raise entry.wrong(problem)
        if "flagged" in when and "countries" in entry.said:
            problem = "a rule about every flag holds everywhere; leave countries out"
            raise entry.wrong(problem)
        return when

    def _terms(self, entry: Entry) -> Iterator[Term]:
        when = self._when(entry)
        if "flagged" in when:
            yield Term(Field.FLAGGED, "")
        for key in ("kind", "dimension", "group", "cited"):
            yield from (Term(Field(key), one) for one in self._listed(entry, key, when))
        for key in ("driver", "method"):
            yield from (Term(Field(key), fold(one)) for one in entry.texts(key, when))
        for people in self._listed(entry, "people", when):
            yield from self._people(self.said.entries["people", people])

    def _people(self, entry: Entry) -> Iterator[Term]:
        entry.text("label")
        yield from (Term(Field.WORD, spoken(word)) for word in entry.texts("words"))
        for key in ("group", "cited"):
            yield from (Term(Field(key), one) for one in self._listed(entry, key))

    def _listed(self, entry: Entry, key: str, within: dict[str, Any] | None = None) -> tuple[str, ...]:
        given = entry.texts(key, within)
        if unknown := [one for one in given if one not in self.known[key]]:
            told = sorted(self.known[key])
            some = f"; known are {', '.join(told)}" if len(told) < 50 else ""  # noqa: PLR2004 - what a reader takes in
            problem = f"{key} names {', '.join(unknown)}, which there is not{some}"
            raise entry.wrong(problem)
        return given

    def _codes(self, entry: Entry) -> Iterator[str]:
        for code in entry.texts("sdg"):
            target, dot, last = code.rpartition(".")
            found = goals.indicators(target) if dot and last == "x" else (code,)
            if not found or not all(map(goals.is_current, found)):
                problem = f"there is no goal, target or indicator {code} in the list of {goals.YEAR}"
                raise entry.wrong(problem)
            yield from found

    def _countries(self, entry: Entry) -> Iterator[str]:
        for country in entry.texts("countries"):
            try:
                yield country_code(country)
            except UnknownCountry as error:
                problem = f"{error}; {error.hint}"
                raise entry.wrong(problem) from error


@cache
def _shipped() -> tuple[Sheet, ...]:
    folder = files("geodata").joinpath("tags")
    return tuple(
        Sheet(name, folder.joinpath(name).read_text(encoding="utf-8")) for name in ("rules.toml", "themes.toml")
    )
