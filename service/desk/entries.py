"""Entries: what the official list says of the candidates of a flag, beside what the account says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import shapely

from service.context import Context
from service.disclosure import redact_entry
from service.errors import NOT_FOUND, Problem
from service.official.longlists import places_near
from service.store.values import Flag

_STEPS = 300  # of the longer side of an outline: finer than a picture of it shows


def entries_of(context: Context, flag: Flag, official_ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the entries among the candidates of a flag, by identifier, as they stood when it was compared.

    Those of a snapshot that the archive no longer holds are left out.
    """
    primary = flag.record.findings[0] if flag.record.findings else None
    if primary is None or not official_ids:
        return {}
    try:
        places = places_near(context.lists.at(primary.snapshot), [flag.record.account]).table
    except Problem as problem:
        if problem.kind is not NOT_FOUND:
            raise
        return {}
    rows = places.filter(pc.is_in(places.column("id"), pa.array(list(official_ids), pa.string()))).to_pylist()
    return {row["id"]: _entry(row, primary.source) for row in rows}


def outline(area: dict[str, Any] | bytes | None) -> dict[str, Any] | None:
    """Return an outline (GeoJSON or WKB) as GeoJSON, with no more corners than a picture shows."""
    if area is None:
        return None
    geometry = shapely.from_wkb(area) if isinstance(area, bytes) else shapely.geometry.shape(area)
    if geometry.is_empty:
        return None
    west, south, east, north = geometry.bounds
    plain = geometry.simplify(max(east - west, north - south) / _STEPS)
    mapped: dict[str, Any] = shapely.geometry.mapping(plain)
    return mapped


def _entry(row: dict[str, Any], source: str) -> dict[str, Any]:
    told = redact_entry(row, source)
    names = [name["text"] for name in told["names"]]
    return {
        "name": told["name"],
        "other_names": names[1:],
        "country": told["country"],
        "admin": told["admin"],
        "lat": told["lat"],
        "lon": told["lon"],
        "uncertainty_m": told["r95_m"],
        "kind": told["kind"],
        "level": told["level"],
        "counts": told["counts"],
        "area": outline(told["area"]),
    }
