"""SDMX-ML: generic and structure-specific data, in series or flat, of the standards 2.1 and 3.0."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.sdmx.xml import Element, children, every, kind, parse, plain

_DATA = ("GenericData", "StructureSpecificData", "GenericTimeSeriesData", "StructureSpecificTimeSeriesData")


def read_xml(content: bytes) -> tuple[str, tuple[str, ...], Iterator[dict[str, str | None]]]:
    """Return the dataflow where the header names it, no columns, and the rows. Raises `ValueError` for no data."""
    root = parse(content)
    if kind(root) not in _DATA:
        msg = f"a message {kind(root)}, and data were agreed"
        raise ValueError(msg)
    return _flow(root), (), _rows(root)


def _flow(root: Element) -> str:
    for named in every(root, "StructureUsage", "Structure"):
        for reference in children(named, "Ref"):
            said = reference.attrib
            return f"{said.get('agencyID', '')}:{said.get('id', '')}({said.get('version', 'latest')})"
    return ""


def _rows(root: Element) -> Iterator[dict[str, str | None]]:
    for data_set in every(root, "DataSet"):
        base = {**plain(data_set), **_values(data_set, "Attributes")}
        for own in ("action", "structureRef"):  # of the message, though the names have no namespace
            base.pop(own, None)
        for series in children(data_set, "Series"):
            said = base | plain(series) | _values(series, "SeriesKey", "Attributes")
            yield from (_row(said, one) for one in children(series, "Obs"))
        yield from (_row(base, one) for one in children(data_set, "Obs"))


def _row(said: dict[str, str | None], observation: Element) -> dict[str, str | None]:
    row = {**said, **plain(observation), **_values(observation, "ObsKey", "Attributes")}
    row.pop("type", None)  # of the measure
    for period in children(observation, "ObsDimension"):
        row[period.attrib.get("id", "TIME_PERIOD")] = period.attrib["value"]
    for value in children(observation, "ObsValue"):
        row["OBS_VALUE"] = value.attrib.get("value") or None
    row.setdefault("OBS_VALUE", None)  # an observation may have a status and no value
    return row


def _values(element: Element, *parts: str) -> dict[str, str | None]:
    return {
        value.attrib["id"]: value.attrib.get("value") or None
        for part in children(element, *parts)
        for value in children(part, "Value")
    }
