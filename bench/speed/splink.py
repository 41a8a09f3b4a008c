"""Splink 5 on DuckDB as an entrant: `predict`, on given pairs or as it blocks itself; everything else is made before.

Run by `bench.speed.verification`, in the peers' environment: python -m bench.speed.splink HOW RECORDS LIST PAIRS
HOW is `first` (the first name of either side), `all` (every name against every name), or `own` (as `first`, blocking by
itself). Its m and u are given, not learned: that changes its answers and not its speed, so nothing is said of them.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import duckdb
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from bench.speed.contest import Said, enter

_SIMILAR = (0.95, 0.88, 0.80, 0.70)
_NEAR_KM = (0.1, 0.5, 2.0, 10.0)
#: Side in degrees of the cells that it blocks on by itself, with the eight cells around.
_CELL = 0.1
#: Pairs less probable are not written down, which spares it the most of its output.
_LEAST = 0.001
_M = (0.58, 0.12, 0.13, 0.07, 0.05, 0.05)
_U = (0.0005, 0.0005, 0.002, 0.008, 0.011, 0.978)


def ready(how: str, records: str, listed: str, pairs: str) -> Callable[[], Said]:
    """Load both tables and the pairs, and return one prediction."""
    logging.disable(logging.WARNING)
    connection = duckdb.connect(config={"threads": os.cpu_count() or 1})
    connection.sql("set lambda_syntax = 'ENABLE_SINGLE_ARROW'")  # Splink 5.0.0 writes it, DuckDB 2 refuses it
    database = DuckDBAPI(connection=connection)
    for name, file, reach in (("citizen", records, 1), ("official", listed, 0)):
        connection.sql(f"create table {name} as select *, {_cells(reach)} as cells from read_parquet('{file}')")  # noqa: S608 - our own names
    sides = [database.register(connection.table(name), table_name=f"_{name}") for name in ("citizen", "official")]
    linker = Linker(sides, _settings(_every_name() if how == "all" else _first_name()), log_level=None)
    count = _found(linker) if how == "own" else _given(linker, database, pairs)

    def predict() -> Said:
        return partial(_said, linker.inference.predict(threshold_match_probability=_LEAST, warning_mode="never"), count)

    return predict


def _settings(names: comparisons.CustomComparison) -> SettingsCreator:
    near = comparisons.DistanceInKMAtThresholds("lat", "lon", _NEAR_KM)
    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            names,
            near.configure(m_probabilities=[*_M[1:]], u_probabilities=[*_U[1:]]),
            comparisons.ExactMatch("admin").configure(m_probabilities=[0.9, 0.1], u_probabilities=[0.01, 0.99]),
            comparisons.ExactMatch("kind").configure(m_probabilities=[0.8, 0.2], u_probabilities=[0.4, 0.6]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("cells", arrays_to_explode=["cells"]),
            block_on("name", "country"),
        ],
        probability_two_random_records_match=1e-6,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


def _given(linker: Linker, database: DuckDBAPI, pairs: str) -> int:
    """Hand the pairs over, as Splink wants them, and return how many they are."""
    weighed = f"""create table weighed as select '0' as match_key, '_citizen-__-' || c.unique_id as join_key_l,
        '_official-__-' || o.unique_id as join_key_r
        from read_parquet('{pairs}') p join citizen c on c.row = p.record join official o on o.row = p.row"""  # noqa: S608 - our own names
    database.duckdb_con.sql(weighed)
    table = database.duckdb_con.table("weighed")
    linker.table_management.register_blocked_pairs_for_predict(database.register(table, table_name="_weighed"))
    return len(table)


def _found(linker: Linker) -> int:
    """Return how many pairs it finds by itself; to find them is part of its work, so they are forgotten again."""
    blocked = linker.inference.compute_blocked_pairs_for_predict()
    count = len(blocked.as_duckdbpyrelation())
    blocked.drop_table_from_database_and_remove_from_cache()
    return count


def _said(scored: Any, pairs: int) -> Mapping[str, Any]:
    scored.drop_table_from_database_and_remove_from_cache()  # or the next round would only look it up
    return {"pairs": pairs}


def _first_name() -> comparisons.CustomComparison:
    """Compare the first names, exactly and by Jaro-Winkler."""
    return _named([levels.ExactMatchLevel("name"), *(levels.JaroWinklerLevel("name", one) for one in _SIMILAR)])


def _every_name() -> comparisons.CustomComparison:
    """Compare every name with every name."""
    alike = [levels.PairwiseStringDistanceFunctionLevel("names", "jaro_winkler", one) for one in _SIMILAR]
    return _named([levels.ArrayIntersectLevel("names", min_intersection=1), *alike])


def _named(between: list[Any]) -> comparisons.CustomComparison:
    shown = [*between, levels.ElseLevel()]
    weighed = [one.configure(m_probability=m, u_probability=u) for one, m, u in zip(shown, _M, _U, strict=True)]
    return comparisons.CustomComparison([levels.NullLevel("name"), *weighed], output_column_name="name")


def _cells(reach: int) -> str:
    """Return the SQL of the cells that a point lies in or, within reach, beside."""
    around = [
        f"(floor(lat / {_CELL}) + {north})::int || ' ' || (floor(lon / {_CELL}) + {east})::int"
        for north in range(-reach, reach + 1)
        for east in range(-reach, reach + 1)
    ]
    return f"[{', '.join(around)}]"


if __name__ == "__main__":
    enter(lambda: ready(*sys.argv[1:]))
