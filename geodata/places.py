"""Places: a columnar table of accounts of places, citizen or official.

One row is one account ("this organisation says there is a place called X, about here, with N people"). Both sides of
every comparison have this shape, so a single posted record is simply a table of one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.textcolumn import texts_of

_FEW = 8  # rows up to which reading their names one by one is quicker than as columns

#: A name as written, with its language (BCP 47) and script (ISO 15924), either of which may be unknown (null).
NAME = pa.struct([("text", pa.string()), ("language", pa.string()), ("script", pa.string())])

#: A count, or the reason why there is none: `status` is a `geodata.cells.CellStatus`, `value` null unless a number.
COUNT = pa.struct(
    [
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("unit", pa.string()),
        ("group", pa.string()),
        ("method", pa.string()),
        ("date", pa.date32()),
        ("status", pa.string()),
    ]
)

SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),  # unique within its table's source
        pa.field("names", pa.list_(NAME), nullable=False),  # the first is the name as given; may be empty
        pa.field("country", pa.string()),  # ISO 3166-1 alpha-3
        pa.field("admin", pa.map_(pa.string(), pa.string())),  # level or scheme -> code or name, as text
        pa.field("lat", pa.float64()),  # degrees, WGS 84; null unknown
        pa.field("lon", pa.float64()),
        pa.field("r95_m", pa.float64()),  # radius in metres holding the true point with probability 0.95; null unknown
        pa.field("area", pa.binary()),  # WKB polygon or multipolygon, WGS 84, x = longitude
        pa.field("kind", pa.string()),  # a term of `geodata.kinds`, e.g. "village"
        pa.field("level", pa.string()),  # the publisher's own word for the level, e.g. "sub-location"
        pa.field("parent", pa.string()),  # the publisher's own name or id of the unit above
        pa.field("groups", pa.list_(pa.string())),
        pa.field("counts", pa.list_(COUNT)),
        pa.field("observed", pa.date32()),
        pa.field("founded", pa.date32()),
        pa.field("attributes", pa.map_(pa.string(), pa.string())),  # other facts kept as text, e.g. "operator"
    ]
)


@dataclass(frozen=True)
class Places:
    """A table of accounts of places with the columns of `SCHEMA`, in the order they were given.

    Raises `ValueError` when the table lacks a column or a column has another type.
    """

    kept: ClassVar = ("lat", "lon", "r95_m")  # what is saved beside the table

    table: pa.Table

    def __post_init__(self) -> None:
        """Refuse any other shape at once, so that no later code has to check."""
        if not self.table.schema.equals(SCHEMA):
            msg = f"not a table of places: {_difference(self.table.schema)}"
            raise ValueError(msg)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> Places:
        """Build from dictionaries; absent keys become null, `names` may be texts or name structs."""
        return cls(pa.Table.from_pylist([_row(row) for row in rows], schema=SCHEMA))

    @classmethod
    def from_columns(cls, columns: Mapping[str, Any]) -> Places:
        """Build from columns of equal length; absent columns become null."""
        length = len(columns["id"])
        arrays = [
            pa.array(columns[field.name], type=field.type) if field.name in columns else pa.nulls(length, field.type)
            for field in SCHEMA
        ]
        return cls(pa.Table.from_arrays(arrays, schema=SCHEMA))

    @classmethod
    def concat(cls, parts: Sequence[Places]) -> Places:
        """Put several tables one after the other."""
        return cls(pa.concat_tables([part.table for part in parts]) if parts else SCHEMA.empty_table())

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.table.num_rows)

    def take(self, rows: NDArray[np.integer[Any]] | Sequence[int]) -> Places:
        """Return the given rows, in that order."""
        return Places(self.table.take(pa.array(rows, type=pa.int64())))

    @cached_property
    def ids(self) -> Sequence[str]:
        """The identifiers as Python text."""
        return texts_of(self.column("id"))

    @cached_property
    def primary_names(self) -> Sequence[str]:
        """The first name of each row, empty where there is none."""
        texts, rows = self.name_columns
        first = np.searchsorted(rows, np.arange(len(self)))
        given = np.bincount(rows, minlength=len(self)) > 0
        return texts_of(pc.fill_null(texts.take(pa.array(first, mask=~given)), ""))

    @cached_property
    def lat(self) -> NDArray[np.float64]:
        """Latitudes in degrees, NaN where unknown."""
        return self.floats("lat")

    @cached_property
    def lon(self) -> NDArray[np.float64]:
        """Longitudes in degrees, NaN where unknown."""
        return self.floats("lon")

    @cached_property
    def r95_m(self) -> NDArray[np.float64]:
        """Location uncertainty radii in metres, NaN where unknown."""
        return self.floats("r95_m")

    def column(self, name: str) -> pa.Array:
        """Return a column as one contiguous array; without a copy where the table is in one piece."""
        if name not in self._whole:
            column = self.table.column(name)
            if column.num_chunks != 1:
                return column.combine_chunks()
            self._whole[name] = column.chunk(0)
        return self._whole[name]

    @cached_property
    def _whole(self) -> dict[str, pa.Array]:
        """Columns in one piece, as they were asked for: finding one in a table takes longer than reading a value."""
        return {}

    def floats(self, name: str) -> NDArray[np.float64]:
        """Return a numeric column as floats, NaN where null."""
        return np.asarray(self.column(name).to_numpy(zero_copy_only=False), dtype=np.float64)

    def texts(self, name: str) -> list[str | None]:
        """Return a text column as Python values, None where null."""
        return self.column(name).to_pylist()  # type: ignore[no-any-return]

    @cached_property
    def flat_names(self) -> tuple[list[str], NDArray[np.int64]]:
        """Every name of every row: the texts, and for each the row it belongs to."""
        if len(self) <= _FEW:
            written = enumerate(self.column("names").to_pylist())
            named = [(name and name["text"], row) for row, names in written for name in names]
            return [text for text, _ in named], np.array([row for _, row in named], np.int64)
        texts, rows = self.name_columns
        return texts.to_pylist(), rows

    @property
    def name_columns(self) -> tuple[pa.Array, NDArray[np.int64]]:
        """Every name of every row as `flat_names` has them, the texts as an Arrow column."""
        column = self.column("names")
        rows = np.asarray(column.value_parent_indices(), dtype=np.int64)
        return pc.struct_field(column.flatten(), "text"), rows


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(row) - set(SCHEMA.names)
    if unknown:
        msg = f"not columns of places: {', '.join(sorted(unknown))}"
        raise ValueError(msg)
    names = [{"text": name} if isinstance(name, str) else name for name in row.get("names", ())]
    return {**row, "names": names}


def _difference(schema: pa.Schema) -> str:
    wrong = [
        field.name for field in SCHEMA if field.name not in schema.names or not schema.field(field.name).equals(field)
    ]
    extra = [name for name in schema.names if name not in SCHEMA.names]
    parts = [
        f"missing or of another type: {', '.join(wrong)}" if wrong else "",
        f"not expected: {', '.join(extra)}" if extra else "",
    ]
    return "; ".join(part for part in parts if part) or "the columns stand in another order"
