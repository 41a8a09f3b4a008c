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
#: A smaller share of records under an entry's very name is too few to estimate from.
_FEW = 0.1
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
    database.duckdb_con.sql("set lambda_syntax = 'ENABLE_SINGLE_ARROW'")  # Splink 5.0.0 writes it, DuckDB 2 refuses it
    sides = [_prepared(table, reach) for table, reach in zip(tables(both), (1, 0), strict=True)]
    citizen, official = (
        database.register(side, table_name=name) for side, name in zip(sides, ("citizen", "official"), strict=True)
    )
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=list(_comparisons(both)),
        blocking_rules_to_generate_predictions=list(_blocking(both)),
        probability_two_random_records_match=0.5 / len(both.official.ids),
        retain_matching_columns=False,
    )
    linker = Linker([citizen, official], settings, log_level=None)
    training = linker.training
    if not _few_same_names(both):
        training.estimate_probability_two_random_records_match([_certain(both)], recall=0.6)
    training.estimate_u_using_random_sampling(max_pairs=1e7, seed=_SEED)
    for rule, known_prior in _sessions(both):
        training.estimate_parameters_using_expectation_maximisation(
            rule, fix_probability_two_random_records_match=known_prior
        )
    scored = linker.inference.predict().as_duckdbpyrelation()
    best_of = "unique_id_l, arg_max(unique_id_r, match_weight), max(match_probability)"
    found = scored.aggregate(best_of, "unique_id_l").fetchall()
    best = {record: (entry, score) for record, entry, score in found}
    return matched([best.get(record, (None, 0.0)) for record in both.citizen.ids], least=0.5)


def _comparisons(both: Cleaned) -> Iterator[object]:
    yield _names() if both.several_names else comparisons.NameComparison("name", jaro_winkler_thresholds=_SIMILAR)
    if both.levels:
        yield _units(both)
    if both.located:
        yield comparisons.DistanceInKMAtThresholds("lat", "lon", _NEAR_KM if both.compact else _FAR_KM)
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


def _units(both: Cleaned) -> comparisons.CustomComparison:
    """Compare the finest units; where a side does not say its own, the next coarser ones."""
    finest, coarser = f"unit_{both.levels - 1}", f"unit_{max(both.levels - 2, 0)}"
    unsaid = f"({finest}_l is null or {finest}_r is null) and {coarser}_l = {coarser}_r"
    shown = [
        levels.NullLevel("unit_0"),
        levels.ExactMatchLevel(finest),
        *([levels.CustomLevel(unsaid, "same coarser unit")] if both.levels > 1 else []),
        levels.ElseLevel(),
    ]
    return comparisons.CustomComparison(shown, output_column_name="unit")


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


def _certain(both: Cleaned) -> str:
    """Return the rule whose pairs are taken to be matches, to estimate how many there are."""
    return " and ".join((_same_name(both), *_same_unit(both)))


def _sessions(both: Cleaned) -> Iterator[tuple[str, bool]]:
    """Yield blocking rules for training, each leaving free what another holds fixed, and whether to keep the prior.

    Among pairs of one unit only names are left to learn from, which do not also tell how many of the pairs match. Where
    there are only names, Splink's own starting values stand.
    """
    if both.levels or both.located:
        yield "l.beginning = r.beginning" if _few_same_names(both) else _same_name(both), False
        yield " and ".join((*_same_unit(both), *_near(both))), not both.located


def _few_same_names(both: Cleaned) -> bool:
    """Whether so few records bear the name of an entry that nothing can be learned from them."""
    listed = {name for names in both.official.names for name in names}
    return sum(any(name in listed for name in names) for names in both.citizen.names) < _FEW * len(both.citizen.ids)


def _same_name(both: Cleaned) -> str:
    return "list_has_any(l.names, r.names)" if both.several_names else "l.name = r.name"


def _same_unit(both: Cleaned) -> list[str]:
    return [f"l.unit_{both.levels - 1} = r.unit_{both.levels - 1}"] if both.levels else []


def _near(both: Cleaned) -> list[str]:
    if not both.located:
        return []
    digits = 2 if both.compact else 1
    return [f"round(l.{at}, {digits}) = round(r.{at}, {digits})" for at in ("lat", "lon")]


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
