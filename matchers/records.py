"""Both sides of a comparison made ready: which names, roles and kinds each account carries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.index.admin import AdminKey, admin_of
from geodata.index.entries import Entry, entries_of
from geodata.kinds import kind_of, lineage
from geodata.names import NameForms, forms
from geodata.places import Places
from matchers.features.sizes import Measured

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

#: Attributes that name who runs a facility: registers often list it under that name.
OPERATOR_HEADERS = frozenset(
    {"operator", "operator name", "operated by", "run by", "owner", "managed by", "management"}
)

#: Words of an attribute's header that announce a kind.
KIND_WORDS = frozenset({"type", "kind", "category", "class"})


@dataclass(frozen=True)
class Records:
    """Citizen accounts ready for comparison; all columns by position of their row."""

    places: Places
    names: NameForms  # own names first, then operators' names
    name_rows: Rows
    is_operator: NDArray[np.bool_]  # of each name
    kinds: list[str | None]
    units: list[Entry]  # administrative units as written
    attributes: list[Entry]
    admin: list[AdminKey]
    admin_rows: Rows
    sizes: Measured

    @classmethod
    def of(cls, places: Places) -> Records:
        """Prepare a table of citizen accounts."""
        texts, rows = places.flat_names
        units, attributes = entries_of(places.column("admin")), entries_of(places.column("attributes"))
        operators = [entry for entry in attributes if entry.header in OPERATOR_HEADERS and entry.text]
        names = forms([*texts, *(entry.text for entry in operators)])
        name_rows = np.concatenate((rows, np.array([entry.row for entry in operators], np.int64)))
        own = np.arange(len(names)) < len(texts)
        admin, admin_rows = admin_of(places, units)
        return cls(
            places=places,
            names=names,
            name_rows=name_rows,
            is_operator=~own,
            kinds=kinds_of(places, attributes, (names, name_rows[own])),
            units=units,
            attributes=attributes,
            admin=admin,
            admin_rows=admin_rows,
            sizes=Measured.of(places.column("counts")),
        )


def kinds_of(places: Places, attributes: Sequence[Entry], named: tuple[NameForms, Rows]) -> list[str | None]:
    """Return each account's kind as precisely as it says it: in its own column, an attribute, its level or its name.

    What is said first wins; a later word only makes it more precise: a "school" called "X Primary" is a primary school.
    `named` are names and the rows they belong to; names beyond those rows say nothing.
    """
    said: list[list[str]] = [[kind] if (kind := kind_of(text)) else [] for text in places.texts("kind")]
    for entry in attributes:
        if not KIND_WORDS.isdisjoint(entry.header.split()):
            _add(said[entry.row], kind_of(entry.text))
    for words, text in zip(said, places.texts("level"), strict=True):
        _add(words, kind_of(text))
    names, rows = named
    implied = [kind_of(generic) if generic else None for generic in names.parts.generic.tolist()]
    for which, row in zip(names.which.tolist(), rows.tolist(), strict=False):
        _add(said[row], implied[which])
    return [_most_precise(words) for words in said]


def _add(words: list[str], kind: str | None) -> None:
    if kind is not None:
        words.append(kind)


def _most_precise(words: list[str]) -> str | None:
    if not words:
        return None
    best = words[0]
    for word in words[1:]:
        if best in lineage(word):
            best = word
    return best
