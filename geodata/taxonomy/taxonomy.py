"""The taxonomy of groups: entries by id, how they stand to one another, and what may be shown of a name."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Self

import orjson

from geodata.names.folding import fold
from geodata.taxonomy.group import Dimension, Group, NameKind, SensitivityClass
from geodata.taxonomy.naming import name_key
from geodata.taxonomy.reading import InvalidTaxonomy, Sheet, read_groups
from geodata.taxonomy.recognition import ACCEPTED, How, Recognised, Recogniser

_DISTINCT = 5  # letters from which on a word is not likely to be another word elsewhere
_LIKELY = 0.3  # probability that a label means a group of a class, from which on the class holds


class Taxonomy:
    """Groups of people with their names. Immutable; safe to share between threads."""

    def __init__(self, groups: dict[str, Group]) -> None:
        """Take groups by id, as `geodata.taxonomy.reading.read_groups` gives them."""
        self.groups = groups

    @classmethod
    def load(cls, *extra: Path) -> Self:
        """Return the shipped groups with what further files add or override by id, the last word counting.

        Raises `InvalidTaxonomy`, naming file, line and entry.
        """
        return cls(read_groups([*_shipped_sheets(), *map(_sheet, extra)]))

    @cached_property
    def sha256(self) -> str:
        """The digest of all groups with their names: two installations with one digest know the same ones."""
        return hashlib.sha256(orjson.dumps(self.groups, default=sorted, option=orjson.OPT_SORT_KEYS)).hexdigest()

    def __len__(self) -> int:
        """Return the number of groups."""
        return len(self.groups)

    def __getitem__(self, group_id: str) -> Group:
        """Return a group by its id; raises `KeyError`."""
        return self.groups[group_id]

    def get(self, group_id: str) -> Group | None:
        """Return a group by its id, None where there is none."""
        return self.groups.get(group_id)

    def __contains__(self, group_id: object) -> bool:
        """Return whether there is a group of this id."""
        return group_id in self.groups

    def recognise(
        self, label: str, country: str | None = None, dimensions: Iterable[Dimension] = ()
    ) -> tuple[Recognised, ...]:
        """Return the groups a label may mean, the most probable first; see `Recogniser.recognise`."""
        return self._recogniser.recognise(label, country, frozenset(dimensions))

    def group_of(self, label: str, country: str | None = None, dimensions: Iterable[Dimension] = ()) -> Group | None:
        """Return the group that a label means, None where that is not nearly certain."""
        found = self.recognise(label, country, dimensions)
        return found[0].group if found and found[0].probability >= ACCEPTED else None

    def bears(self, label: str) -> bool:
        """Return whether some group bears this name, letter by letter but for case, accents and plural."""
        return name_key(label).key in self._recogniser.by_key

    def broader(self, group_id: str) -> frozenset[str]:
        """Return the ids of every group this one is part of."""
        return self._above[group_id]

    def narrower(self, group_id: str) -> frozenset[str]:
        """Return the ids of every group that is part of this one."""
        return self._below.get(group_id, frozenset())

    def overlap(self, one: str, other: str) -> bool:
        """Return whether two groups are said to share people without one being part of the other; symmetric."""
        return other in self[one].overlaps or one in self[other].overlaps

    @lru_cache(maxsize=20_000)  # noqa: B019 - a taxonomy lives as long as its process
    def shown(self, label: str, country: str | None = None) -> str:
        """Return what may be displayed of a label: as written, or the preferred label in place of a resented name.

        A word that is an insult in one country and a name in another is judged by the country.
        """
        words = tuple(fold(label).split())
        phrase = max(
            (one for one in self._resented if _said(one, words, self._resented[one], country)), key=len, default=()
        )
        found = self.recognise(label, country)
        certain = found[0] if found and found[0].probability >= ACCEPTED else None
        if not phrase or (certain and len(phrase) == len(words) and certain.how is not How.RESENTED):
            return label
        if certain:
            return certain.group.label
        meant = self._resented[phrase]
        return " or ".join(dict.fromkeys(one.label for one in _at_home(meant, country) or meant))

    def reworded(self, text: str, country: str | None = None) -> str:
        """Return a sentence about a group with the preferred label in place of every resented name."""
        return self._phrases(country).sub(lambda found: self.shown(found[0], country), text)

    def sensitivity(self, labels: Iterable[str], country: str | None) -> SensitivityClass:
        """Return the highest class among the groups that labels may mean, S0 where none is known.

        A possible meaning is enough: who may be in danger is treated like somebody in danger.
        """
        return max((self._sensitivity(label, country) for label in labels), default=SensitivityClass.S0)

    def meant(self, labels: Iterable[str], country: str | None) -> frozenset[str]:
        """Return the ids of the groups that labels may mean, likely enough to be treated so, with broader ones."""
        likely = (
            found.group.id
            for label in labels
            for found in self.recognise(label, country)
            if found.probability >= _LIKELY
        )
        return frozenset(one for group_id in likely for one in (group_id, *self.broader(group_id)))

    def told_by(self, name: str, country: str | None) -> SensitivityClass:
        """Return the highest class of a group whose name stands in the name of a place, S0 where none does.

        Only names of some length are looked for, and of groups at home in the country: a short word is likely to be
        another word, and a group that lives elsewhere another thing.
        """
        words = tuple(fold(name).split())
        if self.telling_words.isdisjoint(words):
            return SensitivityClass.S0
        phrases = (words[start:end] for start in range(len(words)) for end in range(start + 1, len(words) + 1))
        told = (group for phrase in phrases for group in self._telling.get(phrase, ()))
        at_home = (group for group in told if country is None or not group.countries or country in group.countries)
        meant = (self[one] for group in at_home for one in (group.id, *self.broader(group.id)))
        return max((group.sensitivity_for(country) for group in meant), default=SensitivityClass.S0)

    @cached_property
    def telling_words(self) -> frozenset[str]:
        """The folded words with which the names begin that `told_by` looks for."""
        return frozenset(phrase[0] for phrase in self._telling)

    def _sensitivity(self, label: str, country: str | None) -> SensitivityClass:
        likely: dict[SensitivityClass, float] = defaultdict(float)
        for found in self.recognise(label, country):
            meant = (found.group.id, *self.broader(found.group.id))
            likely[max(self[one].sensitivity_for(country) for one in meant)] += found.probability
        reached = (one for one in SensitivityClass if sum(p for of, p in likely.items() if of >= one) >= _LIKELY)
        return max(reached, default=SensitivityClass.S0)

    @cached_property
    def _recogniser(self) -> Recogniser:
        return Recogniser.of(self.groups.values())

    @lru_cache(maxsize=300)  # noqa: B019 - a taxonomy lives as long as its process
    def _phrases(self, country: str | None) -> re.Pattern[str]:
        texts = {
            name.text
            for group in _at_home(self.groups.values(), country)
            for name in group.names
            if name.kind is NameKind.PEJORATIVE
        }
        longest_first = sorted(texts, key=lambda text: (-len(text), text))
        return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})s?\b", re.IGNORECASE)

    @cached_property
    def _above(self) -> dict[str, frozenset[str]]:
        above: dict[str, frozenset[str]] = {}

        def climb(group_id: str) -> frozenset[str]:
            if group_id not in above:
                direct = self.groups[group_id].broader
                above[group_id] = frozenset(direct).union(*(climb(one) for one in direct))
            return above[group_id]

        for group_id in self.groups:
            climb(group_id)
        return above

    @cached_property
    def _below(self) -> dict[str, frozenset[str]]:
        below: dict[str, set[str]] = defaultdict(set)
        for group_id, above in self._above.items():
            for one in above:
                below[one].add(group_id)
        return {group_id: frozenset(ids) for group_id, ids in below.items()}

    @cached_property
    def _telling(self) -> dict[tuple[str, ...], tuple[Group, ...]]:
        """Groups that are not open to everybody, by their names that cannot well be another word."""
        telling: dict[tuple[str, ...], list[Group]] = defaultdict(list)
        for group in self.groups.values():
            open_everywhere = group.sensitivity is SensitivityClass.S0 and not group.sensitivity_in
            for name in () if open_everywhere else group.names:
                phrase = tuple(fold(name.text).split())
                if sum(map(len, phrase)) >= _DISTINCT:
                    telling[phrase].append(group)
                    telling[*phrase[:-1], f"{phrase[-1]}s"].append(group)
        return {phrase: tuple(groups) for phrase, groups in telling.items()}

    @cached_property
    def _resented(self) -> dict[tuple[str, ...], tuple[Group, ...]]:
        resented: dict[tuple[str, ...], list[Group]] = defaultdict(list)
        for group in self.groups.values():
            for name in group.names:
                if name.kind is NameKind.PEJORATIVE:
                    resented[tuple(fold(name.text).split())].append(group)
        return {phrase: tuple(groups) for phrase, groups in resented.items()}


@cache
def shipped() -> Taxonomy:
    """Return the groups that ship with the product, read once."""
    return Taxonomy.load()


class _Installed:
    """The taxonomy of this process. A rule about who may be shown has to hold at every door, whoever opens it."""

    taxonomy: Taxonomy | None = None


def install(*extra: Path) -> None:
    """Make the shipped groups with those of further files the ones in force, in this process, from now on.

    Raises `InvalidTaxonomy`; then those before stay in force.
    """
    _Installed.taxonomy = Taxonomy.load(*extra) if extra else None


def in_force() -> Taxonomy:
    """Return the groups of this installation: those that ship, unless others were installed."""
    return _Installed.taxonomy or shipped()


def _said(phrase: tuple[str, ...], words: tuple[str, ...], groups: tuple[Group, ...], country: str | None) -> bool:
    """Return whether a resented name stands in a label; of a short word among others only the country can tell."""
    whole, letters = len(phrase) == len(words), sum(map(len, phrase))
    if not whole and not _at_home(groups, country):
        return False
    if not whole and letters < _DISTINCT and country is None:
        return False
    plural = (*phrase[:-1], f"{phrase[-1]}s")
    size = len(phrase)
    return any(words[start : start + size] in {phrase, plural} for start in range(len(words) - size + 1))


def _at_home(groups: Iterable[Group], country: str | None) -> tuple[Group, ...]:
    return tuple(group for group in groups if not group.countries or country is None or country in group.countries)


@cache
def _shipped_sheets() -> tuple[Sheet, ...]:
    folder = files("geodata").joinpath("taxonomy/groups")
    found = sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)
    return tuple(Sheet(path.name, path.read_text(encoding="utf-8")) for path in found)


def _sheet(path: Path) -> Sheet:
    try:
        return Sheet(path.name, path.read_text(encoding="utf-8"))
    except OSError as error:
        msg = f"{path}: the taxonomy file cannot be opened: {error.strerror}; check the path and the permissions"
        raise InvalidTaxonomy(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: the taxonomy file is not UTF-8 text; save it as UTF-8"
        raise InvalidTaxonomy(msg) from error
