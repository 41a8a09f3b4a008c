"""Administrative keys: which units a place belongs to, and the rows of each unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.index.entries import Entries, Entry
from geodata.index.groups import Groups, coded
from geodata.names import NameForm, forms
from geodata.names.forms import form, forms_of_column
from geodata.names.lexicon import lexicon
from geodata.numbering import numbered
from geodata.places import Places
from geodata.texts import Texts

Rows = NDArray[np.int64]

_COUNTRY = "country"
_FEW = 64  # values up to which reading them one by one is quicker than as a column
_BETWEEN = "\x00"  # a column and its value; before any letter, so that keys stand in the order of their columns


class AdminKey(NamedTuple):
    """A place belongs to a unit: an administrative column, folded, and the key of the name or code written there."""

    column: str
    value: str


@dataclass(frozen=True, eq=False)
class AdminGroups:
    """Rows by administrative key."""

    groups: Groups  # by column and value in one text

    @classmethod
    def of(cls, places: Places) -> AdminGroups:
        """Group the rows of a table by what `admin_of` says of them, in columns throughout."""
        entries = Entries.of(places.column("admin"))
        values = forms_of_column(entries.texts)
        units = Texts.of([_unit(part) if part.core else "" for part in values.parts])
        said = np.flatnonzero(units.sizes[values.which])
        written = pc.dictionary_encode(places.column("country"))
        countries = Texts.of([(country or "").lower() for country in written.dictionary.to_pylist()])
        code = pc.fill_null(written.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
        stated = np.flatnonzero(code >= 0)
        stated = stated[countries.sizes[code[stated]] > 0]
        # Few values recur in many rows: each pair of a column and a value is written once.
        columns, span = [*entries.headers, _COUNTRY], len(units) + len(countries)
        pair = np.concatenate(
            (
                entries.header[said] * span + values.which[said],
                len(entries.headers) * span + len(units) + code[stated],
            )
        )
        distinct, which = coded(pair)
        texts = [*units.tolist(), *countries.tolist()]
        keys = Texts.of([f"{columns[at // span]}{_BETWEEN}{texts[at % span]}" for at in distinct.tolist()])
        number, place = numbered(keys)
        return cls(Groups.of(number, place[which], np.concatenate((entries.row[said], stated))))

    def __len__(self) -> int:
        """Return the number of keys."""
        return len(self.groups)

    @property
    def keys(self) -> list[AdminKey]:
        """The keys, in order."""
        return [AdminKey(*key.split(_BETWEEN)) for key in self.groups.number]

    def numbers(self, keys: Sequence[AdminKey]) -> Rows:
        """Return the number of each key, -1 where it is unknown."""
        return self.groups.numbers([_BETWEEN.join(key) for key in keys])

    def rows_of(self, numbers: Rows, limit: int | None = None) -> tuple[Rows, Rows]:
        """Return (position in `numbers`, row) for every row of every numbered key, as `Groups.rows_of` does."""
        return self.groups.rows_of(numbers, limit)


def admin_of(places: Places, entries: Sequence[Entry]) -> tuple[list[AdminKey], Rows]:
    """Return every administrative key of every row, its country among them, and the row it belongs to.

    `entries` are those of the column `admin`. Values are compared as names are: "Penobscot County" is "Penobscot",
    "KE-047" is "KE047"; and below one header a number says all: "Ward 5" is "5".
    """
    values = _values([entry.text for entry in entries])
    written = zip(entries, values, strict=True)
    units = [(AdminKey(entry.header, value), entry.row) for entry, value in written if value]
    countries = enumerate(places.texts(_COUNTRY))
    units.extend((AdminKey(_COUNTRY, country.lower()), row) for row, country in countries if country)
    return [key for key, _ in units], np.array([row for _, row in units], np.int64)


def unit_key(name: str) -> str:
    """Return the key of a unit as written, empty where nothing is said: "Penobscot County" is "Penobscot"."""
    return _value(name)


def _values(texts: Sequence[str | None]) -> list[str]:
    """Return the key of each unit as written, empty where nothing is said."""
    if len(texts) <= _FEW:
        return [_value(text or "") for text in texts]
    values = forms(texts)
    keys = [_unit(part) if part.core else "" for part in values.parts]
    return [keys[which] for which in values.which.tolist()]


@lru_cache(maxsize=16_384)
def _value(text: str) -> str:
    part = form(text)
    return _unit(part) if part.core else ""


def _unit(name: NameForm) -> str:
    kinds = lexicon().generic
    bare = name.number and all(word.isdigit() or word in kinds for word in name.core.split())
    return f"|{name.modifier}|{name.number}" if bare else name.key
