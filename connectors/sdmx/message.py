"""A data message of SDMX, whatever it was written in: rows that name their dimensions, attributes and value.

Formats: https://github.com/sdmx-twg (SDMX-CSV 1.0 and 2.0, SDMX-JSON 1.0 and 2.0, SDMX-ML 2.1 and 3.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connectors.sdmx.csvdata import read_csv
from connectors.sdmx.jsondata import read_json
from connectors.sdmx.xmldata import read_xml

Row = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Message:
    """The rows, read as they are asked for. `columns` are those of SDMX-CSV, in their order; the others have none."""

    flow: str  # AGENCY:ID(VERSION); empty where the rows say it (DATAFLOW, STRUCTURE_ID)
    columns: tuple[str, ...]
    rows: Iterable[Row]


def read_message(content: bytes) -> Message:
    """Return a data message, told apart by how it begins. Raises `ValueError` when it is none."""
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start == b"<":
        return Message(*read_xml(content))
    text = content.decode("utf-8-sig")
    if start == b"{":
        return Message(*read_json(text))
    return Message("", *read_csv(text))
