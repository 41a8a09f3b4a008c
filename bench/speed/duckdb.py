"""DuckDB as an entrant: the best five entries by name and nearness in one SQL statement, on a grid of cells.

Run by `bench.speed.candidates`, in the peers' environment: python -m bench.speed.duckdb RECORDS LIST EVERY FIRST
Names are compared by Jaro-Winkler, because DuckDB has no similarity by insertions and deletions; cells end at the
antimeridian. The cells of the list are worked out before.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial

import duckdb

from bench.speed.contest import Said, enter

_CELL = 0.1  # degrees
_TABLES = """
create table official as
    select row, name, lat, lon, floor(lat / {cell})::int as north, floor(lon / {cell})::int as east
    from read_parquet('{listed}') where row % {every} = 0 and name is not null;
create table citizen as
    select row, name, lat, lon, reach_m, reach_m / 111195.0 as high,
        reach_m / 111195.0 / greatest(cos(radians(lat)), 0.01) as wide
    from read_parquet('{records}') where row < {first} and name is not null;
"""
_BEST = """
create or replace table found as
with reached as (
    select *, unnest(range(floor((lat - high) / {cell})::int, floor((lat + high) / {cell})::int + 1)) as north
    from citizen
), cells as (
    select *, unnest(range(floor((lon - wide) / {cell})::int, floor((lon + wide) / {cell})::int + 1)) as east
    from reached
), near as (
    select c.row as record, o.row as entry, c.name as one, o.name as other,
        (power(o.lat - c.lat, 2) + power((o.lon - c.lon) * cos(radians(c.lat)), 2)) / power(c.high, 2) as apart
    from cells c join official o using (north, east)
), scored as (
    select record, entry, jaro_winkler_similarity(one, other) as alike, apart from near where apart <= 1
)
select record, max_by(entry, 0.75 * alike + 0.25 * (1 - apart), 5) as entries from scored where alike >= 0.5 group by 1
"""


def ready(records: str, listed: str, every: str, first: str) -> Callable[[], Said]:
    """Load both tables, and return the work of one round."""
    connection = duckdb.connect(config={"threads": os.cpu_count() or 1})
    connection.execute(_TABLES.format(cell=_CELL, records=records, listed=listed, every=every, first=first))
    statement = _BEST.format(cell=_CELL)

    def find() -> Said:
        connection.execute(statement)
        return partial(_said, connection, int(first))

    return find


def _said(connection: duckdb.DuckDBPyConnection, records: int) -> dict[str, int]:
    ((found,),) = connection.execute("select sum(len(entries))::int from found").fetchall()
    return {"found": found, "records": records}


if __name__ == "__main__":
    enter(lambda: ready(*sys.argv[1:]))
