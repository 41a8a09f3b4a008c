"""Splink on DuckDB, trained without labels as its guides show: u from random pairs, m by expectation maximisation.

Names are compared by Jaro-Winkler with term frequencies, every name against every name where places have several;
points by distance, units from the finest up, kinds where they differ. The best entry has the highest match weight.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc
import splink.comparison_level_library as levels
import splink.comparison_library as comparisons
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from bench.peers.cleaning import Cleaned, tables
from bench.peers.task import Answers, Task, matched

#: So many pairs are compared without blocking.
_FEW_PAIRS = 1_000_000
#: Side in degrees of the cells that points are blocked on, with the eight cells around.
_CELL = 0.25
_SIMILAR = (0.92, 0.88, 0.7)  # the thresholds of Splink's own NameComparison
_NEAR_KM, _FAR_KM = (0.1, 0.3, 1.0), (1.0, 5.0, 20.0, 100.0)  # for a list of one town, and for a wider one
_SEED = 20260101


def answer(task: Task) -> Answers:
    """Train on the two tables, score the blocked pairs, return each record's best."""
    logging.disable(logging.WARNING)
    both = Cleaned.of(task)
    database = DuckDBAPI()
    sides = [_prepared(table, reach) for table, reach in zip(tables(both), (1, 0), strict=True)]
    citizen, official = (
        database.register(side, table_name=name) for side, name in zip(sides, ("citizen", "official"), strict=True)
    )
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=list(_comparisons(both)),
        blocking_rules_to_generate_predictions=list(_blocking(both)),
        retain_matching_columns=False,
    )
    linker = Linker([citizen, official], settings, log_level=None)
    training = linker.training
    training.estimate_probability_two_random_records_match([_certain(both)], recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=1e7, seed=_SEED)
    for rule in _sessions(both):
        training.estimate_parameters_using_expectation_maximisation(rule)
    scored = linker.inference.predict().as_duckdbpyrelation()
    found = database.duckdb_con.sql(
        "select unique_id_l as record, arg_max(unique_id_r, match_weight) as entry, max(match_probability) as score "
        "from scored group by record"
    ).fetchall()
    best = {record: (entry, score) for record, entry, score in found}
    return matched([best.get(record, (None, 0.0)) for record in both.citizen.ids], least=0.5)


def _comparisons(both: Cleaned) -> Iterator[object]:
    yield _names() if both.several_names else comparisons.NameComparison("name", jaro_winkler_thresholds=_SIMILAR)
    if both.levels:
        units = [f"unit_{at}" for at in range(both.levels)]
        same = [levels.ExactMatchLevel(unit) for unit in reversed(units)]
        shown = [levels.NullLevel(units[0]), *same, levels.ElseLevel()]
        yield comparisons.CustomComparison(shown, output_column_name="unit")
    if both.located:
        yield comparisons.DistanceInKMAtThresholds("lat", "lon", _NEAR_KM if _is_town(both) else _FAR_KM)
    if both.kinds_differ:
        yield comparisons.ExactMatch("kind")


def _names() -> comparisons.CustomComparison:
    """Compare the first names with term frequencies, then every name with every name."""
    any_pair = [levels.PairwiseStringDistanceFunctionLevel("names", "jaro_winkler", one) for one in _SIMILAR]
    shown = [
        levels.NullLevel("name"),
        levels.ExactMatchLevel("name", term_frequency_adjustments=True),
        levels.ArrayIntersectLevel("names", min_intersection=1),
        *any_pair,
        levels.ElseLevel(),
    ]
    return comparisons.CustomComparison(shown, output_column_name="name")


def _blocking(both: Cleaned) -> Iterator[object]:
    """Yield every way in which a pair worth scoring may be found; all pairs where there are few."""
    if len(both.citizen.ids) * len(both.official.ids) <= _FEW_PAIRS:
        yield "1 = 1"
        return
    if both.levels:
        yield block_on(f"unit_{both.levels - 1}")
    if both.located:
        yield block_on("cells", arrays_to_explode=["cells"])
    yield block_on("words", arrays_to_explode=["words"])
    yield block_on("beginning")


def _certain(both: Cleaned) -> object:
    """Return the rule whose pairs are taken to be matches, to estimate how many there are."""
    return block_on("name", f"unit_{both.levels - 1}") if both.levels else block_on("name")


def _sessions(both: Cleaned) -> Iterator[object]:
    """Yield blocking rules for training, each leaving free what another holds fixed."""
    if both.levels or both.located or both.kinds_differ:
        yield block_on("name")
    if both.levels:
        yield block_on(f"unit_{both.levels - 1}")
    elif both.located:
        digits = 2 if _is_town(both) else 1
        yield f"round(l.lat, {digits}) = round(r.lat, {digits}) and round(l.lon, {digits}) = round(r.lon, {digits})"
    else:
        yield block_on("beginning")


def _is_town(both: Cleaned) -> bool:
    """Whether all entries lie within a few kilometres of one another."""
    ends = [[at for at in side if at is not None] for side in (both.official.lat, both.official.lon)]
    return all(max(side) - min(side) < _CELL for side in ends)


def _prepared(table: pa.Table, reach: int) -> pa.Table:
    """Add what pairs are blocked on: the words of all names, the beginning of the first, the cells within reach."""
    words = [sorted({word for name in names or () for word in name.split()}) for names in table["names"].to_pylist()]
    points = zip(table["lat"].to_pylist(), table["lon"].to_pylist(), strict=True)
    return (
        table.append_column("words", pa.array(words, pa.list_(pa.string())))
        .append_column("beginning", pc.utf8_slice_codeunits(table["name"], 0, 3))
        .append_column("cells", pa.array([_cells(lat, lon, reach) for lat, lon in points], pa.list_(pa.string())))
    )


def _cells(lat: float | None, lon: float | None, reach: int) -> list[str] | None:
    if lat is None or lon is None:
        return None
    around = range(-reach, reach + 1)
    return [f"{int(lat // _CELL) + north} {int(lon // _CELL) + east}" for north in around for east in around]
