"""Both sides of a comparison made ready: which names, roles and kinds each account carries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.index.entries import Entries, folded
from geodata.index.place_index import AdminKey, admin_of
from geodata.kinds import kind_of, lineage
from geodata.names import NameForms, forms
from geodata.places import Places

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

#: Attributes that name who runs a facility: registers often list it under that name.
OPERATOR_HEADERS = frozenset(
    {"operator", "operator name", "operated by", "run by", "owner", "managed by", "management"}
)

#: Words of an attribute's header that announce a kind.
_KIND_WORDS = frozenset({"type", "kind", "category", "class"})


@dataclass(frozen=True)
class Records:
    """Citizen accounts ready for comparison; all columns by position of their row."""

    places: Places
    names: NameForms  # own names first, then operators' names
    name_rows: Rows
    is_operator: NDArray[np.bool_]  # of each name
    kinds: list[str | None]
    admin: list[AdminKey]
    admin_rows: Rows

    @classmethod
    def of(cls, places: Places) -> Records:
        """Prepare a table of citizen accounts."""
        texts, rows = places.flat_names
        operators, operator_rows = _operators(places)
        admin, admin_rows = admin_of(places)
        return cls(
            places=places,
            names=forms([*texts, *operators]),
            name_rows=np.concatenate((rows, operator_rows)),
            is_operator=np.arange(len(texts) + len(operators)) >= len(texts),
            kinds=kinds_of(places),
            admin=admin,
            admin_rows=admin_rows,
        )


def kinds_of(places: Places) -> list[str | None]:
    """Return each account's kind as precisely as it says it: in its own column, an attribute, its level or its name.

    What is said first wins; a later word only makes it more precise: a "school" called "X Primary" is a primary school.
    """
    said: list[list[str]] = [[kind] if (kind := kind_of(text)) else [] for text in places.texts("kind")]
    entries = Entries.of(places, "attributes")
    telling = [i for i, header in enumerate(folded(entries.headers)) if not _KIND_WORDS.isdisjoint(header.split())]
    for i, text in zip(telling, entries.values.take(pa.array(telling, pa.int64())).to_pylist(), strict=True):
        _add(said[int(entries.rows[i])], kind_of(text))
    for words, text in zip(said, places.texts("level"), strict=True):
        _add(words, kind_of(text))
    texts, rows = places.flat_names
    names = forms(texts)
    implied = [kind_of(part.generic) if part.generic else None for part in names.parts]
    for which, row in zip(names.which.tolist(), rows.tolist(), strict=True):
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


def _operators(places: Places) -> tuple[list[str], Rows]:
    entries = Entries.of(places, "attributes")
    at = [i for i, header in enumerate(folded(entries.headers)) if header in OPERATOR_HEADERS]
    texts = entries.values.take(pa.array(at, pa.int64())).to_pylist()
    named = [position for position, text in enumerate(texts) if text]
    return [texts[position] for position in named], entries.rows[[at[position] for position in named]]
