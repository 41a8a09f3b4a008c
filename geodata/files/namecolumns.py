"""Columns of names: the name as given first, then every other name, each once, with its language where known."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.files.arrays import lists_from
from geodata.files.cellwise import column_of
from geodata.files.headers import Assignment
from geodata.files.sheet import Table
from geodata.places import NAME
from geodata.rows import RowProblem

#: Between several values in one cell; a comma may be part of a name.
SEPARATED = r"\s*[;|]\s*"


def read_names(table: Table, parts: Assignment) -> tuple[pa.Array, list[RowProblem]]:
    """Return the names of each row as a column of `Places`, and the rows whose own name is blank."""
    rows: list[NDArray[np.int64]] = [np.empty(0, dtype=np.int64)]
    texts, languages = [pa.array([], type=pa.string())], [pa.array([], type=pa.string())]
    problems: list[RowProblem] = []
    if "name" in parts.single:
        primary = column_of(table, parts.single["name"])
        rows.append(np.flatnonzero(np.asarray(primary.cells.is_valid())))
        texts.append(primary.cells.drop_null())
        languages.append(pa.nulls(len(texts[-1]), pa.string()))
        nameless = np.asarray(primary.cells.is_null())
        problems += primary.problems(nameless, "has no name", "give the name as people say it")
    for header, language in parts.alternative_names:
        cells = pc.split_pattern_regex(column_of(table, header).cells, SEPARATED)
        said = pc.utf8_trim_whitespace(pc.list_flatten(cells))
        keep = pc.not_equal(said, "")
        rows.append(np.asarray(pc.list_parent_indices(cells).filter(keep)))
        texts.append(said.filter(keep))
        languages.append(pa.repeat(pa.scalar(language, pa.string()), len(texts[-1])))
    names = _each_once(np.concatenate(rows), pa.concat_arrays(texts), pa.concat_arrays(languages))
    return lists_from(*names, len(table)), problems


def _each_once(rows: NDArray[np.int64], texts: pa.Array, languages: pa.Array) -> tuple[NDArray[np.int64], pa.Array]:
    """Return rows and names, a text that a row repeats left out."""
    codes = np.asarray(texts.dictionary_encode().indices).astype(np.int64)
    _, first = np.unique(rows * (int(codes.max(initial=0)) + 1) + codes, return_index=True)
    keep = np.sort(first)
    kept = pa.array(keep, type=pa.int64())
    script = pa.nulls(len(keep), pa.string())
    return rows[keep], pa.StructArray.from_arrays([texts.take(kept), languages.take(kept), script], fields=list(NAME))
