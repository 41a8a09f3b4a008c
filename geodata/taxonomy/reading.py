"""Taxonomy files: TOML, one table per group, with the sources of its facts. A bad file is told with file and line.

::

    [sources]
    knbs-2019 = "Kenya National Bureau of Statistics, 2019 Census, Volume IV, table 2.31"

    [defaults]                            # for entries that do not say
    dimension = "ethnic"
    sensitivity = "S1"
    source = ["knbs-2019"]

    [groups.sengwer]
    label = "Sengwer"
    endonyms = ["Sengwer"]
    exonyms = { en = ["Cherangany"] }     # by language, or a plain list
    pejorative = ["Dorobo"]               # matched, never displayed
    countries = ["KEN"]
    broader = ["dorobo-hunters"]
    source_of = { pejorative = "knchr-2018" }
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from geodata.countries import UnknownCountry, country_code
from geodata.taxonomy.group import Dimension, Group, GroupName, NameKind, SensitivityClass, Source
from geodata.taxonomy.naming import name_key

_NAMES = {
    "endonyms": NameKind.ENDONYM,
    "exonyms": NameKind.EXONYM,
    "aliases": NameKind.ALIAS,
    "pejorative": NameKind.PEJORATIVE,
}
_KEYS = frozenset(
    {"label", "dimension", "broader", "overlaps", "countries", "sensitivity", "sensitivity_in", "source", "source_of"}
    | {"reviewer"}
    | set(_NAMES)
)
_DEFAULTS = frozenset({"dimension", "sensitivity", "countries", "source", "broader"})
_SECTIONS = frozenset({"sources", "defaults", "groups"})
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class InvalidTaxonomy(ValueError):
    """A taxonomy file cannot be read; the message names the file, the line, the entry and the way to mend it."""


@dataclass(frozen=True)
class Sheet:
    """One taxonomy file as text."""

    name: str
    text: str

    def wrong(self, problem: str, group: str | None = None) -> InvalidTaxonomy:
        """Return the complaint about an entry, with the line where it begins."""
        if group is None:
            return InvalidTaxonomy(f"{self.name}: {problem}")
        quoted = rf"[\"']?{re.escape(group)}[\"']?"
        begins = re.compile(rf"\s*(?:\[groups\.{quoted}\]|(?:groups\.)?{quoted}\s*=)")
        lines = (number for number, line in enumerate(self.text.splitlines(), 1) if begins.match(line))
        line = next(lines, None)
        return InvalidTaxonomy(f"{self.name}{f', line {line}' if line else ''}, [groups.{group}]: {problem}")


def read_groups(sheets: Iterable[Sheet]) -> dict[str, Group]:
    """Return the groups of several files by id; a later file adds groups, or replaces what it says of a known one.

    A later file may raise a sensitivity class; to lower one, the entry has to name a `reviewer`.
    Raises `InvalidTaxonomy`.
    """
    entries: dict[str, tuple[Sheet, dict[str, Any]]] = {}
    sources: dict[str, str] = {}
    for sheet in sheets:
        plain = _plain(sheet)
        sources |= plain.get("sources", {})
        defaults = plain.get("defaults", {})
        for group_id, said in plain.get("groups", {}).items():
            before = entries[group_id][1] if group_id in entries else defaults
            _check(sheet, group_id, said, before if group_id in entries else None)
            entries[group_id] = (sheet, {**before, **said})
    groups = {group_id: _group(sheet, group_id, said, sources) for group_id, (sheet, said) in entries.items()}
    for group_id, (sheet, _) in entries.items():
        _related(sheet, groups, groups[group_id])
    return groups


def _plain(sheet: Sheet) -> dict[str, Any]:
    try:
        plain = tomllib.loads(sheet.text)
    except tomllib.TOMLDecodeError as error:
        problem = f"is not TOML: {error}"
        raise sheet.wrong(problem) from error
    if unknown := sorted(set(plain) - _SECTIONS):
        problem = f"{', '.join(unknown)} is not a section; known are {', '.join(sorted(_SECTIONS))}"
        raise sheet.wrong(problem)
    for section, value in plain.items():
        if not isinstance(value, dict):
            problem = f"{section} is not a table; write [{section}]"
            raise sheet.wrong(problem)
    if unknown := sorted(set(plain.get("defaults", {})) - _DEFAULTS):
        problem = f"[defaults] cannot say {', '.join(unknown)}; it may say {', '.join(sorted(_DEFAULTS))}"
        raise sheet.wrong(problem)
    return plain


def _check(sheet: Sheet, group_id: str, said: Any, before: Mapping[str, Any] | None) -> None:
    if not isinstance(said, dict):
        problem = "an entry is a table with at least a label and a source"
        raise sheet.wrong(problem, group_id)
    if not _ID.fullmatch(group_id):
        problem = "an id is lower-case letters and digits joined by hyphens, such as roma-and-travellers"
        raise sheet.wrong(problem, group_id)
    if unknown := sorted(set(said) - _KEYS):
        problem = f"{', '.join(unknown)} is not known; known are {', '.join(sorted(_KEYS))}"
        raise sheet.wrong(problem, group_id)
    if before and "reviewer" not in said and str(said.get("sensitivity", "S9")) < before.get("sensitivity", "S1"):
        problem = "lowers the sensitivity class; name the reviewer who decided that"
        raise sheet.wrong(problem, group_id)


def _group(sheet: Sheet, group_id: str, said: Mapping[str, Any], sources: Mapping[str, str]) -> Group:
    try:
        label = _text(said.get("label"), "label")
        return Group(
            id=group_id,
            dimension=_one_of(Dimension, said.get("dimension"), "dimension"),
            label=label,
            names=(GroupName(label, NameKind.LABEL), *_names(said)),
            sources=tuple(_source(key, sources) for key in _texts(said.get("source", ()), "source")),
            sources_of=tuple(
                (fact, _source(key, sources))
                for fact, keys in _table(said.get("source_of", {}), "source_of").items()
                for key in _texts(keys, "source_of")
            ),
            broader=_texts(said.get("broader", ()), "broader"),
            overlaps=_texts(said.get("overlaps", ()), "overlaps"),
            countries=frozenset(map(country_code, _texts(said.get("countries", ()), "countries"))),
            sensitivity=_one_of(SensitivityClass, said.get("sensitivity", "S1"), "sensitivity"),
            sensitivity_in=tuple(
                (country_code(country), _one_of(SensitivityClass, one, "sensitivity_in"))
                for country, one in _table(said.get("sensitivity_in", {}), "sensitivity_in").items()
            ),
        )
    except UnknownCountry as error:
        problem = f"{error}; {error.hint}"
        raise sheet.wrong(problem, group_id) from error
    except _Wrong as error:
        raise sheet.wrong(str(error), group_id) from error


def _related(sheet: Sheet, groups: Mapping[str, Group], group: Group) -> None:
    if not group.sources:
        problem = 'states no source; write source = ["…"] with a key of [sources]'
        raise sheet.wrong(problem, group.id)
    for other in (*group.broader, *group.overlaps):
        if other not in groups:
            problem = f"speaks of {other!r}, which no entry is called"
            raise sheet.wrong(problem, group.id)
    if group.id in _above(groups, group):
        problem = "is broader than itself by way of its own broader groups"
        raise sheet.wrong(problem, group.id)
    resented = {name_key(name.text).key for name in group.names if name.kind is NameKind.PEJORATIVE}
    for name in group.names:
        if name.kind is not NameKind.PEJORATIVE and name_key(name.text).key in resented:
            problem = f"{name.text!r} is also among its pejorative names; what is resented is never shown"
            raise sheet.wrong(problem, group.id)


def _above(groups: Mapping[str, Group], group: Group) -> set[str]:
    """Return the ids of all broader groups; of entries that go in a circle, each other and themselves."""
    above: set[str] = set()
    ahead = list(group.broader)
    while ahead:
        one = ahead.pop()
        if one in groups and one not in above:
            above.add(one)
            ahead += groups[one].broader
    return above


def _names(said: Mapping[str, Any]) -> Iterator[GroupName]:
    for key, kind in _NAMES.items():
        given = said.get(key, ())
        by_language = given if isinstance(given, dict) else {None: given}
        for language, texts in by_language.items():
            for text in _texts(texts, key):
                yield GroupName(text, kind, language)


class _Wrong(ValueError):
    """What is wrong with one value of an entry."""


def _source(key: str, sources: Mapping[str, str]) -> Source:
    if key not in sources:
        msg = f"the source {key!r} is not among [sources]"
        raise _Wrong(msg)
    return Source(key, sources[key])


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        msg = f"{key} is to be a text"
        raise _Wrong(msg)
    return value.strip()


def _texts(value: Any, key: str) -> tuple[str, ...]:
    if isinstance(value, str):
        return (_text(value, key),)
    if not isinstance(value, list | tuple):
        msg = f"{key} is to be a list of texts"
        raise _Wrong(msg)
    return tuple(_text(item, key) for item in value)


def _table(value: Any, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        msg = f"{key} is to be a table such as {{ KEN = … }}"
        raise _Wrong(msg)
    return value


def _one_of(terms: Any, value: Any, key: str) -> Any:
    if value not in set(terms):
        msg = f"{key} = {value!r} is not known; give one of {', '.join(terms)}"
        raise _Wrong(msg)
    return terms(value)
