"""Places in few columns, as they are made up, and the table of places they become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.places import COUNT, NAME, SCHEMA, Places


@dataclass(frozen=True)
class Sketch:
    """What is known of some places; columns by place."""

    ids: Sequence[str]
    names: Sequence[Sequence[str]]  # the main name first
    country: Sequence[str]  # ISO 3166-1 alpha-3
    admin: Sequence[str]  # code of the first-order unit; empty where none is known
    points: NDArray[np.float64]  # latitude and longitude in degrees; NaN where unknown
    kind: Sequence[str | None]
    persons: NDArray[np.float64]  # NaN where nobody counted

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.ids)

    def places(self, r95_m: NDArray[np.float64] | None = None) -> Places:
        """Return the table; `r95_m` are the radii of uncertainty, where places say them."""
        columns = {
            "id": pa.array(self.ids, pa.string()),
            "names": _names(self.names),
            "country": pa.array(self.country, pa.string()),
            "admin": _admin(self.admin),
            "lat": _floats(self.points[:, 0]),
            "lon": _floats(self.points[:, 1]),
            "kind": pa.array(self.kind, pa.string()),
            "counts": _counts(self.persons),
        }
        if r95_m is not None:
            columns["r95_m"] = _floats(r95_m)
        length = len(self)
        return Places(
            pa.Table.from_arrays(
                [columns.get(field.name, pa.nulls(length, field.type)) for field in SCHEMA], schema=SCHEMA
            )
        )


def joined(parts: Sequence[Sketch]) -> Sketch:
    """Put several sketches one after the other."""
    return Sketch(
        ids=[value for part in parts for value in part.ids],
        names=[value for part in parts for value in part.names],
        country=[value for part in parts for value in part.country],
        admin=[value for part in parts for value in part.admin],
        points=np.concatenate([part.points for part in parts]),
        kind=[value for part in parts for value in part.kind],
        persons=np.concatenate([part.persons for part in parts]),
    )


def _floats(values: NDArray[np.float64]) -> pa.Array:
    return pa.array(values, pa.float64(), from_pandas=True)  # NaN becomes null


def _names(names: Sequence[Sequence[str]]) -> pa.Array:
    texts = pa.array([text for row in names for text in row], pa.string())
    unknown = pa.nulls(len(texts), pa.string())
    return pa.ListArray.from_arrays(
        _ends([len(row) for row in names]), pa.StructArray.from_arrays([texts, unknown, unknown], fields=list(NAME))
    )


def _admin(units: Sequence[str]) -> pa.Array:
    said = [unit for unit in units if unit]
    keys = pa.array(["admin1"] * len(said), pa.string())
    return pa.MapArray.from_arrays(_ends([bool(unit) for unit in units]), keys, pa.array(said, pa.string()))


def _counts(persons: NDArray[np.float64]) -> pa.Array:
    counted = np.isfinite(persons)
    values, number = pa.array(persons[counted]), int(counted.sum())
    columns = {"value": values, "unit": ["persons"] * number, "status": ["observed"] * number}
    arrays = [
        pa.array(columns[field.name], field.type) if field.name in columns else pa.nulls(number, field.type)
        for field in COUNT
    ]
    return pa.ListArray.from_arrays(_ends(counted), pa.StructArray.from_arrays(arrays, fields=list(COUNT)))


def _ends(sizes: Sequence[int] | NDArray[np.bool_]) -> pa.Array:
    ends = np.zeros(len(sizes) + 1, np.int32)
    np.cumsum(sizes, out=ends[1:])
    return pa.array(ends)
