"""Columns of counts, several to a row, each with its unit, method, date and group."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from geodata.cells import CellStatus
from geodata.files.arrays import lists_of
from geodata.files.cellwise import Column, Refusal, column_of
from geodata.files.dates import date_reader
from geodata.files.headers import Assignment, CountColumn, unit_of
from geodata.files.quantities import read_quantity
from geodata.files.sheet import Table
from geodata.places import COUNT
from geodata.rows import RowProblem

_QUANTITY = pa.struct([COUNT.field(name) for name in ("value", "low", "high", "status")])


def read_counts(
    table: Table, parts: Assignment, observed: pa.Array, defaults: tuple[str, str | None]
) -> tuple[pa.Array | None, list[RowProblem]]:
    """Return the counts of each row as a column of `Places`, or None without any; `defaults` are unit and method.

    A blank cell says nothing and gives no count; a reason such as "unknown" gives one without a number.
    """
    if not parts.counts:
        return None, []
    problems: list[RowProblem] = []
    columns = []
    dates = _dates(table, parts, observed, problems)
    for count in parts.counts:
        quantities, doubts = _quantities(column_of(table, count.header))
        problems += doubts
        fields = {
            **{name: pc.struct_field(quantities, name) for name in ("value", "low", "high", "status")},
            "unit": _unit(table, parts, count, defaults[0]),
            "group": _text(table, parts, "count_group", None)
            if count.group is None
            else _repeat(count.group, pa.string(), len(table)),
            "method": _text(table, parts, "method", defaults[1]),
            "date": dates if count.year is None else _repeat(date(count.year, 7, 1), pa.date32(), len(table)),
        }
        mask = quantities.is_null()
        columns.append(pa.StructArray.from_arrays([fields[f.name] for f in COUNT], fields=list(COUNT), mask=mask))
    return lists_of(columns), problems


def _quantities(column: Column) -> tuple[pa.Array, list[RowProblem]]:
    """Read whole numbers in one sweep, and only the rest one by one."""
    plain = pc.fill_null(pc.match_substring_regex(column.cells, r"^[1-9]\d{0,14}(\.0+)?$"), fill_value=False)
    numbers = pc.if_else(plain, column.cells, pa.scalar(None, pa.string())).cast(pa.float64())
    others = Column(column.header, pc.if_else(plain, pa.scalar(None, pa.string()), column.cells), column.rows)
    read, problems = others.read(_quantity, _QUANTITY)
    observed = _repeat(CellStatus.OBSERVED.value, pa.string(), len(numbers))
    value = pc.coalesce(numbers, pc.struct_field(read, "value"))
    status = pc.if_else(plain, observed, pc.struct_field(read, "status"))
    bounds = [pc.struct_field(read, name) for name in ("low", "high")]
    mask = pc.is_null(status)
    return pa.StructArray.from_arrays([value, *bounds, status], fields=list(_QUANTITY), mask=mask), problems


def _quantity(text: str) -> dict[str, object] | Refusal:
    read = read_quantity(text)
    if isinstance(read, Refusal):
        return read
    return {"value": read.value, "low": read.low, "high": read.high, "status": read.status.value}


def _dates(table: Table, parts: Assignment, observed: pa.Array, problems: list[RowProblem]) -> pa.Array:
    if "count_date" not in parts.single:
        return observed
    column = column_of(table, parts.single["count_date"])
    values, doubts = column.read(date_reader(column.cells.unique().to_pylist()), pa.date32())
    problems += doubts
    return pc.coalesce(values, observed)


def _unit(table: Table, parts: Assignment, count: CountColumn, default: str) -> pa.Array:
    if count.unit is not None:
        return _repeat(count.unit, pa.string(), len(table))
    if "unit" not in parts.single:
        return _repeat(default, pa.string(), len(table))
    units, _ = column_of(table, parts.single["unit"]).read(unit_of, pa.string())
    return pc.fill_null(units, default)


def _text(table: Table, parts: Assignment, part: str, default: str | None) -> pa.Array:
    header = parts.single.get(part)
    cells = pa.nulls(len(table), pa.string()) if header is None else column_of(table, header).cells
    return cells if default is None else pc.fill_null(cells, default)


def _repeat(value: object, kind: pa.DataType, length: int) -> pa.Array:
    return pa.repeat(pa.scalar(value, kind), length)
