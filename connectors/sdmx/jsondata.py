"""SDMX-JSON 1.0 and 2.0 (and the draft before them): positions are looked up, and numbers stay as they are printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.documents import loads

#: https://registry.sdmx.org/…/dataflow/AGENCY/ID/VERSION, or urn:…=AGENCY:ID(VERSION)
_LINK = re.compile(r"dataflow/(?P<agency>[^/]+)/(?P<id>[^/?]+)(?:/(?P<version>[^/?]+))?", re.IGNORECASE)
_URN = re.compile(r"=([^=:]+:[^(]+\([^)]+\))")


def read_json(content: str) -> tuple[str, tuple[str, ...], Iterator[dict[str, str | None]]]:
    """Return the dataflow where one is named, no columns, and the rows. Raises `ValueError` when it is no data."""
    document = loads(content, parse_float=str, parse_int=str)
    body = document.get("data", document)
    if not isinstance(body, dict) or "dataSets" not in body:
        msg = "there are no dataSets"
        raise ValueError(msg)
    structures = body.get("structures") or [body["structure"]]
    return _flow(structures[0]), (), _rows(body["dataSets"], structures)


def _flow(structure: Mapping[str, Any]) -> str:
    for link in structure.get("links", ()):
        if found := _URN.search(str(link.get("urn", ""))):
            return found[1]
        if found := _LINK.search(str(link.get("href", ""))):
            return f"{found['agency']}:{found['id']}({found['version'] or 'latest'})"
    return ""


def _rows(data_sets: Sequence[Any], structures: Sequence[Any]) -> Iterator[dict[str, str | None]]:
    for data_set in data_sets:
        structure = structures[int(data_set.get("structure", 0))]
        dimensions, attributes = structure["dimensions"], structure.get("attributes", {})
        measures = len(structure.get("measures", {}).get("observation", ())) or 1
        if measures != 1:
            msg = f"an observation has {measures} measures, and one was agreed"
            raise ValueError(msg)
        base = {one["id"]: _code(one["values"], "0") for one in dimensions.get("dataSet", ())}
        base |= _attributes(attributes.get("dataSet", ()), data_set.get("attributes", ()))
        series = data_set.get("series", {"": data_set})
        for key, one in series.items():
            said = base | _key(dimensions.get("series", ()), key)
            if key:
                said |= _attributes(attributes.get("series", ()), one.get("attributes", ()))
            for place, observation in one.get("observations", {}).items():
                value, *rest = observation
                yield {
                    **said,
                    **_key(dimensions["observation"], place),
                    "OBS_VALUE": None if value is None else str(value),
                    **_attributes(attributes.get("observation", ()), rest),
                }


def _key(dimensions: Sequence[Any], key: str) -> dict[str, str | None]:
    places = key.split(":") if key else []
    return {one["id"]: _code(one["values"], place) for one, place in zip(dimensions, places, strict=True)}


def _attributes(attributes: Sequence[Any], said: Sequence[Any]) -> dict[str, str | None]:
    """Return the attributes by name; a trailing one may be left out, and one without a list says its value itself."""
    return {
        one["id"]: None if place is None else _code(one["values"], place) if one.get("values") else str(place)
        for one, place in zip(attributes, said, strict=False)
    }


def _code(values: Sequence[Any], place: str) -> str | None:
    found = values[int(place)]
    code = found.get("id") or found.get("value") or found.get("name")
    return None if code is None else str(code)
