"""Rows: which rows of a part can be kept, and what is wrong with the others.

What a record needs is what `POST /v1/records` asks for: a name, a country, and something that says where it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.files.columns import Reading
from geodata.files.sheet import Table
from geodata.places import Places
from geodata.rows import RowProblem
from service.disclosure.policy import Consent, Sensitivity
from service.importing.plan import Usual

_LONGEST = 200  # characters of a name or an identifier, as the API takes them


def unreadable(table: Table) -> NDArray[np.bool_]:
    """Return which rows hold a NUL, which no database keeps as text."""
    held = np.zeros(len(table), np.bool_)
    for column in table.columns.columns:
        held |= np.asarray(pc.fill_null(pc.match_substring(column, "\x00"), fill_value=False).to_numpy(), np.bool_)
    return held


@dataclass(frozen=True, slots=True)
class Need:
    """What a record needs: which rows lack it, which parts of a file give it, what is said of the lack."""

    lacking: NDArray[np.bool_]
    parts: tuple[str, ...]
    message: str
    hint: str


def needs(places: Places) -> tuple[Need, ...]:
    """Return what each row lacks."""
    letters = _letters(places)
    nameless, long = letters == 0, letters > _LONGEST
    landless = np.asarray(places.column("country").is_null())
    nowhere = np.isnan(places.lat) & np.asarray(places.column("area").is_null()) & ~_has_admin(places)
    too_long = f"the name is longer than {_LONGEST} characters"
    return (
        Need(nameless, ("name",), "nothing says what the community is called", "write its name"),
        Need(long, ("name",), too_long, "put the name alone into this column"),
        Need(
            landless,
            ("country",),
            "nothing says in which one country it is",
            "write the country, or say it once for the collection",
        ),
        Need(
            nowhere,
            ("lat", "lon", "geometry"),
            "nothing says where it is",
            "give latitude and longitude, or an administrative unit",
        ),
    )


def settled(read: Reading) -> list[RowProblem]:
    """Return what is wrong with the rows of a file, fatal where a record lacks what it needs for it.

    Where a value was set aside already, that is what is told, once; otherwise what the row lacks.
    """
    problems = list(read.problems)
    for need in needs(read.places):
        columns = _columns(read.mapping, need.parts)
        lacking = dict.fromkeys(read.rows[need.lacking].tolist())
        told: set[int | None] = set()
        for at, problem in enumerate(problems):
            if problem.row in lacking and problem.column in columns:
                problems[at] = replace(problem, fatal=True)
                told.add(problem.row)
        column = next((header for header in read.mapping if header in columns), None) if len(need.parts) == 1 else None
        problems += [RowProblem(row, column, None, need.message, need.hint) for row in lacking if row not in told]
    return problems


def long_ids(own_ids: Sequence[str], rows: NDArray[np.int64], header: str | None) -> list[RowProblem]:
    """Return the problems of identifiers that are longer than identifiers are."""
    wrong = np.fromiter(map(len, own_ids), np.int64, len(own_ids)) > _LONGEST
    return list(_each(wrong, rows, (header, f"the id is longer than {_LONGEST} characters", "give it a shorter id")))


def problems_of(
    wrong: NDArray[np.bool_], rows: NDArray[np.int64], said: tuple[str | None, str, str]
) -> list[RowProblem]:
    """Return the same problem (column, message, hint) for every row where `wrong` is true."""
    return list(_each(wrong, rows, said))


def refused(problems: Iterable[RowProblem]) -> set[int]:
    """Return the rows that cannot be kept."""
    return {problem.row for problem in problems if problem.fatal and problem.row is not None}


def strictest(said: pa.Table, usual: Usual) -> pa.Table:
    """Return what accounts say beyond places, with consent and sensitivity the stricter of row and collection."""
    columns = {name: said.column(name) for name in said.column_names}
    columns["consent"] = _least(columns["consent"], [one.value for one in Consent], usual.consent)
    levels = [one.value for one in reversed(Sensitivity)]
    columns["sensitivity"] = _least(columns["sensitivity"], levels, usual.sensitivity)
    return pa.table(columns)


def _least(said: pa.ChunkedArray, order: list[str], usual: str) -> pa.Array:
    """Return for each row the earlier of two terms in an order from strict to open; what is not said is the usual."""
    given = pc.index_in(said, pa.array(order)).fill_null(len(order))
    ranks = np.minimum(np.asarray(given), order.index(usual))
    return pa.array(order, pa.string()).take(pa.array(ranks))


def _each(wrong: NDArray[np.bool_], rows: NDArray[np.int64], said: tuple[str | None, str, str]) -> Iterator[RowProblem]:
    column, message, hint = said
    return (RowProblem(row, column, None, message, hint) for row in rows[wrong].tolist())


def _has_admin(places: Places) -> NDArray[np.bool_]:
    return np.diff(np.asarray(places.column("admin").offsets)) > 0


def _letters(places: Places) -> NDArray[np.int64]:
    """Return how many characters the first name of each row has, spaces around it apart; 0 where there is none."""
    names = places.column("names")
    starts = np.asarray(names.offsets)
    named = np.flatnonzero(np.diff(starts) > 0)
    first = pc.struct_field(names.values, "text").take(pa.array(starts[:-1][named]))
    letters = np.zeros(len(names), np.int64)
    letters[named] = np.asarray(pc.utf8_length(pc.utf8_trim_whitespace(first)).fill_null(0))
    return letters


def _columns(parts: Mapping[str, str], wanted: Sequence[str]) -> set[str]:
    """Return what problems of these parts name as their column: a header, or two of them together."""
    headers = [header for part in wanted for header, own in parts.items() if own == part]
    return {*headers, " and ".join(headers), *({"geometry"} if "geometry" in wanted else ())}
