"""Columns of counts, several to a row, each with its unit, method, date and group."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.cells import CellStatus
from geodata.files.arrays import lists_of
from geodata.files.cellwise import Column, Refusal, column_of
from geodata.files.dates import date_reader
from geodata.files.habits import Habit, habit_of
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

    A blank cell says nothing and gives no count; a reason such as "unknown" gives one without a number. Columns of a
    lower and an upper bound belong to the first column that counts everybody; without one they are a count themselves.
    """
    problems: list[RowProblem] = []
    bounds = _bounds(table, parts, problems)
    counts = parts.counts or ((CountColumn("", None),) if bounds else ())
    if not counts:
        return None, []
    columns = []
    dates = _dates(table, parts, observed, problems)
    whose = next((at for at, count in enumerate(counts) if count.group is None), 0)
    for at, count in enumerate(counts):
        quantities = pa.nulls(len(table), _QUANTITY)
        if count.header:
            quantities, doubts = _quantities(column_of(table, count.header))
            problems += doubts
        if bounds and at == whose:
            quantities = _bounded(quantities, bounds)
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
    # Three zeros behind a point may be thousands; fewer or more are decimals that a spreadsheet wrote.
    whole = r"^[1-9]\d{0,14}(\.0|\.00|\.0000+)?$"
    plain = pc.fill_null(pc.match_substring_regex(column.cells, whole), fill_value=False)
    numbers = pc.if_else(plain, column.cells, pa.scalar(None, pa.string())).cast(pa.float64())
    others = Column(column.header, pc.if_else(plain, pa.scalar(None, pa.string()), column.cells), column.rows)
    habit = habit_of(others.cells.unique().to_pylist())
    read, problems = others.read(lambda text: _quantity(text, habit), _QUANTITY)
    problems += _assumed(column, habit)
    observed = _repeat(CellStatus.OBSERVED.value, pa.string(), len(numbers))
    value = pc.coalesce(numbers, pc.struct_field(read, "value"))
    status = pc.if_else(plain, observed, pc.struct_field(read, "status"))
    bounds = [pc.struct_field(read, name) for name in ("low", "high")]
    mask = pc.is_null(status)
    return pa.StructArray.from_arrays([value, *bounds, status], fields=list(_QUANTITY), mask=mask), problems


def _bounds(table: Table, parts: Assignment, problems: list[RowProblem]) -> tuple[pa.Array, pa.Array] | None:
    """Return the columns of lower and upper bounds as numbers, None without any; ranges upside down are set aside."""
    ends = []
    for part in ("count_low", "count_high"):
        if part not in parts.single:
            ends.append(pa.nulls(len(table), pa.float64()))
            continue
        read, doubts = _quantities(column_of(table, parts.single[part]))
        problems += doubts
        ends.append(pc.struct_field(read, "value"))
    if all(end.null_count == len(end) for end in ends):
        return None
    low, high = ends
    wrong = pc.fill_null(pc.greater(low, high), fill_value=False)
    if pc.any(wrong).as_py():
        column = column_of(table, parts.single["count_low"])
        where = np.asarray(wrong.to_numpy(zero_copy_only=False), np.bool_)
        hint = "turn the lower and the upper bound around"
        problems += column.problems(where, "is more than the upper bound", hint)
        low, high = (pc.if_else(wrong, pa.scalar(None, pa.float64()), end) for end in (low, high))
    return low, high


def _bounded(quantities: pa.Array, bounds: tuple[pa.Array, pa.Array]) -> pa.Array:
    """Return quantities with bounds from columns of their own, where their cells say none themselves."""
    value, status = (pc.struct_field(quantities, name) for name in ("value", "status"))
    low, high = (
        pc.coalesce(pc.struct_field(quantities, name), end) for name, end in zip(("low", "high"), bounds, strict=True)
    )
    said = pc.or_(pc.is_valid(low), pc.is_valid(high))
    estimated = _repeat(CellStatus.ESTIMATED.value, pa.string(), len(quantities))
    status = pc.coalesce(status, pc.if_else(said, estimated, pa.scalar(None, pa.string())))
    fields = list(_QUANTITY)
    return pa.StructArray.from_arrays([value, low, high, status], fields=fields, mask=pc.is_null(status))


def _assumed(column: Column, habit: Habit) -> list[RowProblem]:
    if habit.sample is None:
        return []
    message = f"the point parts thousands: {habit.sample} is read as {habit.sample.replace('.', '')}"
    hint = "write whole numbers without marks if it does not"
    return [RowProblem(None, column.header, habit.sample, message, hint, fatal=False)]


def _quantity(text: str, habit: Habit) -> dict[str, object] | Refusal:
    read = read_quantity(text, habit)
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
