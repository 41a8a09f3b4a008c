"""Neighbours: the records that may be about the same community as others, found by place and by name.

The globe is cut into cells of a hundredth of a degree. A record's neighbours lie in the cells that its errors reach; of
records without a point, those with the very same first name in the same country.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import ceil, cos, floor, radians
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import JSON, BigInteger, Row, Select, and_, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from geodata.names.folding import fold
from service.accounts.account import Account
from service.store.engine import Session
from service.store.records import LATEST, RECORDS, REVISIONS
from service.store.terms import TERMS, account_of
from service.store.values import SILENT

_PER_DEGREE = 100  # cells
_AROUND = 360 * _PER_DEGREE
_SIDE_KM = 111.195 / _PER_DEGREE  # of a cell, from south to north
_FARTHEST = 3  # cells to each side; whoever knows a place no better is found by name only
_MOST = 5_000  # neighbours looked at
_MOST_CELLS = 5_000  # in one query

_COLUMNS = [
    RECORDS.c[name] for name in ("id", "community_id", "organisation", "own_id", "collection", "search", "cell", "seq")
]
_KNOWN = select(*_COLUMNS).where(RECORDS.c.community_id.is_not(None), RECORDS.c.state.not_in(SILENT))
_CALLED = and_(
    RECORDS.c.country.in_(bindparam("countries", expanding=True)),
    RECORDS.c.name_key.in_(bindparam("names", expanding=True)),
    or_(RECORDS.c.cell.is_(None), RECORDS.c.name_key.in_(bindparam("unplaced", expanding=True))),
)


@cache
def _around_them(dialect: str) -> Select[Any]:
    """Return the query for what lies in some cells or is called by a name; each half has its index.

    Hundreds of cells are one parameter: written out they take longer than the search.
    """
    if dialect == "postgresql":
        inside = RECORDS.c.cell == any_(bindparam("cells", type_=ARRAY(BigInteger)))
    else:
        each = func.json_each(bindparam("cells", type_=JSON)).table_valued("value")
        inside = RECORDS.c.cell.in_(select(each.c.value))
    return _KNOWN.where(or_(inside, _CALLED)).limit(_MOST)


_MEMBERS = _KNOWN.where(RECORDS.c.community_id.in_(bindparam("communities", expanding=True))).order_by(RECORDS.c.seq)
_BELONGING = _MEMBERS.with_only_columns(RECORDS.c.id, RECORDS.c.community_id)
_COMPANY = _MEMBERS.add_columns(REVISIONS.c.body, *TERMS).join(REVISIONS, LATEST)


@dataclass(frozen=True, slots=True)
class Wanted:
    """For which account neighbours are looked for, and how far from it in metres."""

    account: Account
    point: tuple[float, float] | None
    reach_m: float


class Belonging(NamedTuple):
    """That a kept record is of a community."""

    id: str
    community_id: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A kept record, without its account."""

    id: str
    community_id: str
    organisation: str
    own_id: str | None
    collection: str | None
    names: tuple[str, ...]  # folded


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Kept records around some accounts, the oldest first."""

    records: tuple[Neighbour, ...]
    per_km2: float  # of those that have a point


def near(session: Session, wanted: Sequence[Wanted], unkept: Sequence[Account] = ()) -> Neighbourhood:
    """Return the records near these accounts, themselves included where they are kept.

    Records in quarantine, and withdrawn ones, belong to no community and are left out. `unkept` are accounts that are
    about to be kept, and count already for how many there are to the square kilometre.
    """
    if not wanted:
        return Neighbourhood((), 0.0)
    cells = sorted({cell for one in wanted for cell in _cells(one)})
    named = {
        "countries": sorted({one.account.country for one in wanted}),
        "names": sorted({key for one in wanted if (key := name_key(one.account))}),
        "unplaced": sorted({key for one in wanted if one.point is None and (key := name_key(one.account))}),
    }
    found: dict[str, Row[Any]] = {}
    for start in range(0, max(len(cells), 1), _MOST_CELLS):
        asked = {"cells": cells[start : start + _MOST_CELLS]} | named
        found |= {row.id: row for row in session.execute(_around_them(session.dialect.name), asked)}
    ordered = sorted(found.values(), key=lambda row: int(row.seq))
    held = sum(row.cell is not None for row in ordered)
    held += sum(cell_of(account.point()) in cells for account in unkept)
    return Neighbourhood(tuple(map(_neighbour, ordered)), held / _km2(cells) if cells else 0.0)


def members(session: Session, community_ids: Iterable[str]) -> tuple[Neighbour, ...]:
    """Return the records of these communities, the oldest first."""
    return tuple(map(_neighbour, session.execute(_MEMBERS, {"communities": sorted(set(community_ids))})))


def belonging(session: Session, community_ids: Iterable[str]) -> list[Belonging]:
    """Return who belongs to these communities, the oldest first."""
    return [Belonging(*row) for row in session.execute(_BELONGING, {"communities": sorted(set(community_ids))})]


def company(session: Session, community_ids: Iterable[str]) -> list[tuple[Neighbour, Account]]:
    """Return the records of these communities with their present accounts, the oldest first."""
    rows = session.execute(_COMPANY, {"communities": sorted(set(community_ids))})
    return [(_neighbour(row), account_of(row)) for row in rows]


def cell_of(point: tuple[float, float] | None) -> int | None:
    """Return the cell a point (latitude, longitude) lies in, None where there is none."""
    return None if point is None else _cell(*_position(point))


def cells_of(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the cell each of many points lies in; their coordinates are degrees."""
    rows, columns = np.floor((lat + 90) * _PER_DEGREE), np.floor((lon + 180) * _PER_DEGREE)
    return rows.astype(np.int64) * _AROUND + columns.astype(np.int64) % _AROUND


def name_key(account: Account) -> str:
    """Return the letters of an account's first name, folded; empty where it has none."""
    return fold(account.names[0].text).replace(" ", "") if account.names else ""


def search_names(account: Account) -> tuple[str, ...]:
    """Return an account's names as they are kept for searching: folded."""
    return tuple(folded for name in account.names if (folded := fold(name.text)))


def _cells(wanted: Wanted) -> list[int]:
    """Return every cell within reach of a point, at most `_FARTHEST` to each side."""
    if wanted.point is None:
        return []
    row, column = _position(wanted.point)
    tall = min(ceil(wanted.reach_m / 1000 / _SIDE_KM), _FARTHEST)
    shrink = max(cos(radians(wanted.point[0])), 0.05)
    wide = min(ceil(wanted.reach_m / 1000 / (_SIDE_KM * shrink)), ceil(_FARTHEST / shrink))
    return [_cell(row + up, column + along) for up, along in product(range(-tall, tall + 1), range(-wide, wide + 1))]


def _position(point: tuple[float, float]) -> tuple[int, int]:
    return floor((point[0] + 90) * _PER_DEGREE), floor((point[1] + 180) * _PER_DEGREE)


def _cell(row: int, column: int) -> int:
    return row * _AROUND + column % _AROUND


def _km2(cells: Sequence[int]) -> float:
    """Return the ground that cells cover together."""
    south = np.array(cells, np.int64) // _AROUND / _PER_DEGREE - 90
    return float(np.sum(_SIDE_KM**2 * np.maximum(np.cos(np.radians(south)), 0.05)))


def _neighbour(row: Row[Any]) -> Neighbour:
    names = tuple(name for name in row.search.split("\n") if name)
    return Neighbour(row.id, row.community_id, row.organisation, row.own_id, row.collection, names)
