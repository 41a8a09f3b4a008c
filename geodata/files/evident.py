"""Columns that their cells give away: where no header speaks of coordinates, a column of points still is one."""

from __future__ import annotations

from dataclasses import replace

from geodata.files.angles import is_utm, propose_point, read_point
from geodata.files.headers import Assignment
from geodata.files.sheet import Table

#: Cells looked at, and the share of them that must be points.
_SAMPLE = 200
_MOST = 0.8


def with_evident_points(parts: Assignment, table: Table) -> Assignment:
    """Return the parts with the column whose cells are points as the geometry, where nothing else says the location."""
    if table.shapes is not None or {"lat", "lon", "geometry"} & set(parts.single):
        return parts
    for header in (*parts.attributes, *parts.admin.values()):
        if _holds_points(table, header):
            return replace(
                parts,
                single={**parts.single, "geometry": header},
                attributes=tuple(one for one in parts.attributes if one != header),
                admin={key: one for key, one in parts.admin.items() if one != header},
            )
    return parts


def _holds_points(table: Table, header: str) -> bool:
    cells = table.columns.column(header).combine_chunks().drop_null()[:_SAMPLE].to_pylist()
    cells = [cell for cell in cells if cell.strip()]
    return bool(cells) and sum(map(_is_point, cells)) >= _MOST * len(cells)


def _is_point(cell: str) -> bool:
    if is_utm(cell) or propose_point(cell) is not None or cell.upper().startswith(("POINT", "POLYGON", "MULTIPOLYGON")):
        return True
    numbers = read_point(cell)
    decimal = cell.count(".") + cell.count(",") > 1
    return numbers is not None and decimal and abs(numbers[0]) <= 180 and abs(numbers[1]) <= 180  # noqa: PLR2004 - degrees of the globe
