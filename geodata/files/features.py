"""GeoJSON features as a table: properties become columns of text, geometries stand beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import shapely

from geodata.files.encodings import to_utf8
from geodata.files.sheet import Table, UnreadableTable, headers_of
from geodata.files.workbooks import as_text
from geodata.forms.documents import DEEPEST, nests_too_deep, submissions_of
from geodata.rows import RowProblem

#: How GeoJSON of before 2016 names the one reference system that RFC 7946 allows.
_WGS84 = ("crs84", "epsg::4326", "epsg:4326")


def read_features(content: bytes) -> Table:
    """Read a FeatureCollection, one Feature, or a list of plain objects. Row n is the n-th feature.

    A feature that is none, or whose geometry cannot be read, becomes a problem. Raises `UnreadableTable` when the
    text is not JSON, holds no features, or is in another reference system than WGS 84.
    """
    text, assumed = to_utf8(content)
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        msg = f"the JSON is broken at line {error.lineno}, column {error.colno}: {error.msg}"
        raise UnreadableTable(msg, hint="export the file again") from error
    if nests_too_deep(document):
        msg = f"values stand in one another more than {DEEPEST} deep"
        raise UnreadableTable(msg, hint="check where the file is from; no form and no map nests so deeply")
    submissions = submissions_of(document)
    if submissions is not None:
        return replace(submissions, problems=(*assumed, *submissions.problems))
    items = _items(document)
    numbers: list[int] = []
    properties: list[Mapping[str, Any]] = []
    geometries: list[Any] = []
    problems: list[RowProblem] = list(assumed)
    for number, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            message = "is not a feature"
            problems.append(RowProblem(number, None, str(item)[:200], message, "give an object with properties"))
            continue
        numbers.append(number)
        properties.append(_properties(item))
        geometries.append(item.get("geometry"))
    shapes, broken = _shapes(geometries, numbers)
    columns, headers = _columns(properties)
    rows = np.asarray(numbers, dtype=np.int64)
    return Table(columns, rows, (*problems, *headers, *broken), shapes)


def _items(document: Any) -> list[Any]:
    if isinstance(document, list):
        return document
    if isinstance(document, dict) and document.get("type") == "Feature":
        return [document]
    if isinstance(document, dict) and isinstance(document.get("features"), list):
        _require_wgs84(document)
        return list(document["features"])
    msg = "the JSON holds no features"
    raise UnreadableTable(msg, hint="give a GeoJSON FeatureCollection")


def _require_wgs84(document: Mapping[str, Any]) -> None:
    crs = document.get("crs")
    name = str(crs.get("properties", {}).get("name", "")) if isinstance(crs, dict) else ""
    if name and not name.casefold().endswith(_WGS84):
        msg = f"the coordinates are in {name}"
        raise UnreadableTable(msg, hint="export the file in WGS 84 (EPSG:4326)")


def _properties(item: Mapping[str, Any]) -> Mapping[str, Any]:
    if item.get("type") != "Feature":
        return {key: value for key, value in item.items() if key != "geometry"}
    properties = item.get("properties") or {}
    return {"id": item["id"], **properties} if "id" in item else properties


def _columns(rows: list[Mapping[str, Any]]) -> tuple[pa.Table, tuple[RowProblem, ...]]:
    keys = list(dict.fromkeys(key for row in rows for key in row))
    headers, problems = headers_of(keys)
    arrays = [_column([row.get(key) for row in rows]) for key in keys]
    if not keys:
        return pa.table({"feature": pa.array([""] * len(rows), type=pa.string())}), problems
    return pa.Table.from_arrays(arrays, names=headers), problems


def _column(values: list[Any]) -> pa.Array:
    return pa.array(["" if value is None else _plain(value) for value in values], type=pa.string())


def _plain(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return ";".join(as_text(item) for item in value)
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else as_text(value)


def _shapes(geometries: Iterable[Any], numbers: list[int]) -> tuple[pa.Array, list[RowProblem]]:
    texts = [None if geometry is None else orjson.dumps(geometry).decode() for geometry in geometries]
    shapes = np.asarray(shapely.from_geojson(texts, on_invalid="ignore"), dtype=object)
    problems = [
        RowProblem(number, "geometry", text[:80], "the geometry cannot be read", "draw it again", fatal=False)
        for number, text, shape in zip(numbers, texts, shapes, strict=True)
        if text is not None and shape is None
    ]
    return pa.array(shapely.to_wkb(shapely.force_2d(shapes)), type=pa.binary()), problems
