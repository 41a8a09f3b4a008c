"""Identity: under which identifier of its organisation each row of a file is kept, the same at every upload.

A row's own identifier is kept as it stands. It means something within its collection only: where the organisation uses
it in another one already, the name of the collection is put in front. A row without one is called after what it says
about which community it is: collection, first name, country, administrative units and point to five decimals (about a
metre); so a corrected count corrects the record, and a corrected name or point is another record. Rows that say the
same of all these are numbered in the order of the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray

from geodata.places import Places

#: Begins the identifiers made here; 20 hexadecimal digits of a sha256 follow.
MADE = "auto-"
_DIGITS = 20
_DECIMALS = 5


class Seen:
    """The identifiers that a file had so far, each as 64 bits.

    A million take 16 MB. Two different ones are taken for the same with a probability of about 3e-8 in a file of a
    million; the second would be set aside and told.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._codes = np.empty(0, np.int64)
        self._times = np.empty(0, np.int64)

    def __contains__(self, own_id: str) -> bool:
        """Return whether a file had this identifier."""
        return bool(self.times([own_id])[0])

    def times(self, own_ids: Sequence[str]) -> NDArray[np.int64]:
        """Return how often each stood in the file before."""
        codes = _codes(own_ids)
        if not len(self._codes):
            return np.zeros(len(codes), np.int64)
        at = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        return np.where(self._codes[at] == codes, self._times[at], 0)

    def add(self, own_ids: Sequence[str]) -> NDArray[np.int64]:
        """Note these identifiers and return how often each stood before, earlier ones of the same part included."""
        if not own_ids:
            return np.empty(0, np.int64)
        codes, before = _codes(own_ids), self.times(own_ids)
        order = np.argsort(codes, kind="stable")
        ordered = codes[order]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        within = np.empty(len(codes), np.int64)
        within[order] = np.arange(len(codes)) - np.repeat(starts, np.diff(np.r_[starts, len(codes)]))
        both = np.concatenate((self._codes, codes))
        times = np.concatenate((self._times, np.ones(len(codes), np.int64)))
        self._codes, inverse = np.unique(both, return_inverse=True)
        self._times = np.bincount(inverse, weights=times).astype(np.int64)
        return before + within


def made_ids(places: Places, collection: str) -> list[str]:
    """Return for each row the identifier that follows from what it says, without a number for repeated ones."""
    columns = (
        places.primary_names,
        places.texts("country"),
        places.column("admin").to_pylist(),
        places.lat.round(_DECIMALS).tolist(),
        places.lon.round(_DECIMALS).tolist(),
    )
    return [_made(collection, *row) for row in zip(*columns, strict=True)]


def numbered(made: Sequence[str], before: NDArray[np.int64]) -> list[str]:
    """Return identifiers made here with a number where they stood before: the second one ends in -2."""
    return [one if not times else f"{one}-{times + 1}" for one, times in zip(made, before.tolist(), strict=True)]


def qualified(own_ids: Sequence[str], collection: str, elsewhere: Mapping[str, str | None]) -> list[str]:
    """Return identifiers with their collection in front where the organisation uses them in another one."""
    return [f"{collection}/{own_id}" if own_id in elsewhere else own_id for own_id in own_ids]


def with_ids(places: Places, own_ids: Sequence[str]) -> Places:
    """Return places under these identifiers."""
    at = places.table.schema.get_field_index("id")
    return Places(places.table.set_column(at, places.table.schema.field(at), pa.array(own_ids, type=pa.string())))


def _made(collection: str, *said: object) -> str:
    name, *others = said
    folded = " ".join(str(name).casefold().split())
    body = orjson.dumps([collection, folded, *others])  # a missing number is null
    return f"{MADE}{hashlib.sha256(body).hexdigest()[:_DIGITS]}"


def _codes(own_ids: Sequence[str]) -> NDArray[np.int64]:
    return np.fromiter(map(hash, own_ids), np.int64, len(own_ids))
