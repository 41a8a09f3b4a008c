"""Locations as XForms write them: latitude first, then longitude, altitude and accuracy in metres, parted by blanks.

An export may hold the text alone, or the text and four columns made of it (`_gps_latitude` …, `gps-Latitude` …). The
first point and the first outline of a form are taken; the columns are never attributes, because they would show where
a place is.
"""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from geodata.distance import haversine_m
from geodata.files.sheet import Table
from geodata.rows import RowProblem

_DEGREES = r"[+-]?\d{1,3}\.\d+"
_POINT = rf"^\s*{_DEGREES}[\s,]+{_DEGREES}([\s,]+[+-]?\d+(\.\d+)?){{0,2}}\s*$"
_ONE = r"[+-]?\d+(?:\.\d+)?\s+[+-]?\d+(?:\.\d+)?(?:\s+[+-]?\d+(?:\.\d+)?){0,2}"
_LINE = rf"^\s*{_ONE}\s*;(\s*{_ONE}\s*;?)+\s*$"

_PARTS = ("latitude", "longitude", "altitude", "precision", "accuracy")
_SPLIT = re.compile(
    rf"(?:(?P<question>.+?)[_\-:.]|)(?P<part>{'|'.join(_PARTS)})|(?P<post>.+)\.(?P<half>lat|lon)", re.IGNORECASE
)

_WORDS = {"lat": "latitude", "lon": "longitude", "accuracy_m": "precision"}

#: An outline walked on foot is closed when its ends are nearer to each other than this part of its length.
_CLOSED = 0.1

#: Points of the smallest outline, the last being the first again.
_FEWEST = 4


def with_locations(table: Table) -> Table:
    """Return the table with one point as columns of numbers (`known`), and one outline as shapes."""
    texts, outlines = _texts(table, _POINT), _texts(table, _LINE)
    split = _split(table)
    made = {header for parts in split.values() for header in parts.values()}
    columns = table.columns
    known = next(iter(split.values()), {})
    if texts and not known:
        for part, values in _numbers(columns.column(texts[0]).combine_chunks()).items():
            known[part] = header = f"_{texts[0]}_{_WORDS[part]}"
            left = header in columns.column_names  # as where somebody deleted the column of one coordinate only
            columns = (columns.drop_columns([header]) if left else columns).append_column(header, values)
    known = {part: header for part, header in known.items() if part in {"lat", "lon", "accuracy_m"}}
    if accuracy := known.get("accuracy_m"):
        at = columns.column_names.index(accuracy)
        columns = columns.set_column(at, accuracy, _measured(columns.column(accuracy).combine_chunks()))
    shapes, problems = _outlined(table, outlines)
    apart = {*texts, *outlines, *split, *made} - set(known.values())
    return replace(
        table,
        columns=columns.drop_columns([header for header in columns.column_names if header in apart]),
        shapes=shapes,
        known={**table.known, **known},
        problems=(*table.problems, *_several(list(dict.fromkeys([*split, *texts]))), *problems),
    )


def _texts(table: Table, pattern: str) -> list[str]:
    """Return the columns of which every answer is such a text."""
    found = []
    for header in table.headers:
        cells = table.columns.column(header).combine_chunks()
        cells = cells.filter(pc.fill_null(pc.not_equal(cells, ""), fill_value=False))
        if len(cells) and pc.all(pc.match_substring_regex(cells, pattern)).as_py():
            found.append(header)
    return found


def _split(table: Table) -> dict[str, dict[str, str]]:
    """Return the questions of which there are both coordinates: question -> part -> header."""
    names = {"latitude": "lat", "longitude": "lon", "precision": "accuracy_m", "accuracy": "accuracy_m"}
    questions: dict[str, dict[str, str]] = {}
    for header in table.headers:
        if found := _SPLIT.fullmatch(header.strip()):
            part = (found["part"] or found["half"]).lower()
            question = re.sub(r"(^|/)_", r"\1", found["question"] or found["post"] or "").strip()
            questions.setdefault(question, {}).setdefault(names.get(part, part), header)
    return {question: parts for question, parts in questions.items() if {"lat", "lon"} <= set(parts)}


def _several(questions: list[str]) -> list[RowProblem]:
    if len(questions) <= 1:
        return []
    message = f"the form asks for {len(questions)} points; a place is taken to be at the first, {questions[0]}"
    return [RowProblem(None, questions[1], None, message, "ask for one point only", fatal=False)]


def _numbers(cells: pa.Array) -> dict[str, pa.Array]:
    """Cut texts of points into latitude, longitude and accuracy."""
    parts = pc.split_pattern_regex(pc.fill_null(pc.utf8_trim_whitespace(cells), ""), r"[\s,]+").to_pylist()
    names = {"lat": 0, "lon": 1, "accuracy_m": 3}
    return {
        name: pa.array([row[at] if len(row) > at and row[at] else None for row in parts], type=pa.string())
        for name, at in names.items()
    }


def _measured(accuracy: pa.Array) -> pa.Array:
    """Leave out an accuracy of zero, which is written where a point was put on the map by hand."""
    zero = pc.fill_null(pc.match_substring_regex(accuracy, r"^\s*0+([.,]0+)?\s*$"), fill_value=False)
    return pc.if_else(zero, pa.scalar(None, pa.string()), accuracy)


def _outlined(table: Table, outlines: list[str]) -> tuple[pa.Array | None, list[RowProblem]]:
    if not outlines:
        return table.shapes, []
    shapes: list[bytes | None] = []
    problems = []
    for number, text in zip(table.rows.tolist(), table.columns.column(outlines[0]).to_pylist(), strict=True):
        shape = _outline(text) if text else None
        if text and shape is None:
            message, hint = "is a line that does not close, not an area", "walk round the place, back to the start"
            problems.append(RowProblem(number, outlines[0], text[:80], message, hint, fatal=False))
        shapes.append(shape)
    drawn = pa.array(shapes, type=pa.binary())
    return drawn if table.shapes is None else pc.coalesce(drawn, table.shapes), problems


def _outline(text: str) -> bytes | None:
    """Return an outline as a WKB polygon, None when its ends do not meet."""
    points = [[float(part) for part in point.split()[:2]] for point in text.split(";") if point.strip()]
    lat, lon = np.asarray(points).T
    if points[0] != points[-1]:
        length = float(haversine_m(lat[:-1], lon[:-1], lat[1:], lon[1:]).sum())
        if float(haversine_m(lat[0], lon[0], lat[-1], lon[-1])) > _CLOSED * length:
            return None
        lat, lon = np.append(lat, lat[0]), np.append(lon, lon[0])
    if len(lat) < _FEWEST:
        return None
    return bytes(shapely.to_wkb(shapely.polygons(np.column_stack([lon, lat]))))
