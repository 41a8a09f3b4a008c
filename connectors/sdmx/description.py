"""What is to be known about a source of SDMX to follow it: where it is, what its dimensions mean, on which terms.

Descriptions are data: `connectors/sources.toml` holds ours, and a file of one's own may hold others. See
docs/add-a-connector.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from geodata.cells import CellStatus
from geodata.coverage import CoverageManifest, InvalidCoverage, from_dict

STANDARDS = ("sdmx-2.1", "sdmx-3.0")

#: Format -> what is accepted. Codes, not labels: with labels come other separators and decimal commas.
FORMATS = {
    "csv": "application/vnd.sdmx.data+csv;version=1.0.0;labels=id",
    "csv-2": "application/vnd.sdmx.data+csv;version=2.0.0;labels=id",
    "json": "application/vnd.sdmx.data+json;version=1.0.0",
    "json-2": "application/vnd.sdmx.data+json;version=2.0.0",
    "xml": "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
    "xml-generic": "application/vnd.sdmx.genericdata+xml;version=2.1",
}


class InvalidDescription(ValueError):
    """A description says something that cannot be read; the message names source, key and mend."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A dataflow by its agency, id and version."""

    agency: str
    id: str
    version: str

    def __str__(self) -> str:
        """Return it as SDMX writes it."""
        return f"{self.agency}:{self.id}({self.version})"


@dataclass(frozen=True, slots=True)
class Description:
    """One dataflow of one service."""

    id: str
    standard: str
    title: str
    endpoint: str
    flow: Flow
    dimensions: tuple[str, ...]  # in the order of the key, without the period
    area: str  # dimension or attribute that names the area
    area_scheme: str
    licence: str
    attribution: str
    coverage: CoverageManifest
    indicator: str | None = None  # dimension that names what is counted; None: the dataflow is the indicator
    period: str = "TIME_PERIOD"
    value: str = "OBS_VALUE"
    status: str = "OBS_STATUS"
    confidentiality: str = "CONF_STATUS"
    unit: str = "UNIT_MEASURE"
    multiplier: str = "UNIT_MULT"  # power of ten
    updated: str | None = None  # column or attribute that says when the figures were last changed
    licence_column: str | None = None  # column or attribute that says the terms itself
    breakdowns: tuple[str, ...] = ()  # attributes that part figures as dimensions do
    aggregates: tuple[str, ...] = ()  # codes of areas that are groups of others, with * for any text
    required: tuple[str, ...] = ()  # dimensions of which everything would be too much
    filters: Mapping[str, str] = field(default_factory=dict)  # dimension -> codes joined by +, unless asked otherwise
    statuses: Mapping[str, CellStatus] = field(default_factory=dict)  # code -> what it means here
    format: str = "csv"
    data_path: str | None = None  # below the endpoint, with {key}, where it is not that of the standard
    parameters: Mapping[str, str] = field(default_factory=dict)  # that every question for data carries
    structure: bool = True  # whether the service can be asked for its structures
    pause_s: float = 0.0  # between two questions
    read_s: float = 120.0  # one read may take so long
    licence_url: str | None = None
    caveats: tuple[str, ...] = ()


def read_description(name: str, table: Any) -> Description:
    """Return the description a TOML table gives. Raises `InvalidDescription` for anything it does not understand."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,63}", name):
        msg = f"{name!r} cannot name a source: use small letters, digits, dots, dashes, underscores"
        raise InvalidDescription(msg)
    if not isinstance(table, Mapping):
        msg = f"{name} is to be a table, [{name}], with {', '.join(_NEEDED)}"
        raise InvalidDescription(msg)
    if unknown := sorted(set(table) - set(_READERS)):
        msg = f"{name}: {', '.join(unknown)} is not known; known are {', '.join(sorted(_READERS))}"
        raise InvalidDescription(msg)
    if missing := [key for key in _NEEDED if key not in table]:
        msg = f"{name}: {', '.join(missing)} missing"
        raise InvalidDescription(msg)
    read: dict[str, Any] = {}
    for key, value in table.items():
        reader, expected = _READERS[key]
        try:
            read[key] = reader(value)
        except InvalidCoverage as error:
            msg = f"{name}: {error}"
            raise InvalidDescription(msg) from error
        except (TypeError, ValueError, KeyError) as error:
            msg = f"{name}: {key} = {value!r} cannot be read; give {expected}"
            raise InvalidDescription(msg) from error
    return _consistent(Description(id=name, **read))


def _consistent(one: Description) -> Description:
    if foreign := sorted({*one.filters, *one.required, *filter(None, [one.indicator])} - set(one.dimensions)):
        msg = f"{one.id}: {', '.join(foreign)} is none of its dimensions, which are {', '.join(one.dimensions)}"
        raise InvalidDescription(msg)
    if one.period in one.dimensions:
        msg = f"{one.id}: {one.period} is the period, which is no part of the key; take it out of dimensions"
        raise InvalidDescription(msg)
    return one


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError
    return value.strip()


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_text(one) for one in value)


def _codes(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise TypeError
    return {_text(key): _text(one) for key, one in value.items()}


def _statuses(value: Any) -> dict[str, CellStatus]:
    return {key: CellStatus(one) for key, one in _codes(value).items()}


def _flow(value: Any) -> Flow:
    found = re.fullmatch(r"([\w.-]+):([\w.@$-]+)\(([\w.+-]+)\)", _text(value))
    if found is None:
        raise ValueError
    return Flow(*found.groups())


def _address(value: Any) -> str:
    if not re.fullmatch(r"https?://[^\s?#]+", _text(value)):
        raise ValueError
    return _text(value).rstrip("/")


def _path(value: Any) -> str:
    if _text(value).count("{key}") != 1 or not re.fullmatch(r"[\w.,@{}/-]+", value, re.ASCII):
        raise ValueError
    return _text(value).strip("/") if value.endswith("}") else _text(value).lstrip("/")


def _one_of(*known: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in known:
            raise ValueError
        return str(value)

    return read


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 600:  # noqa: PLR2004 - ten minutes
        raise TypeError
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


_PLAIN = dict.fromkeys(
    (
        "title",
        "area",
        "area_scheme",
        "licence",
        "attribution",
        "indicator",
        "period",
        "value",
        "status",
        "confidentiality",
        "unit",
        "multiplier",
        "updated",
        "licence_column",
        "licence_url",
    ),
    (_text, "a text"),
)
_READERS: dict[str, tuple[Callable[[Any], Any], str]] = {
    **_PLAIN,
    "standard": (_one_of(*STANDARDS), f"one of {', '.join(STANDARDS)}"),
    "endpoint": (_address, "an address such as https://example.org/rest"),
    "flow": (_flow, "AGENCY:ID(VERSION), e.g. UNICEF:GLOBAL_DATAFLOW(1.0)"),
    "dimensions": (_texts, "a list of dimensions in the order of the key"),
    "breakdowns": (_texts, "a list of attributes"),
    "aggregates": (_texts, "a list of codes, with * for any text"),
    "required": (_texts, "a list of dimensions"),
    "caveats": (_texts, "a list of texts"),
    "filters": (_codes, "a table of dimension = codes"),
    "parameters": (_codes, "a table of name = value"),
    "statuses": (_statuses, f"a table of code = one of {', '.join(CellStatus)}"),
    "format": (_one_of(*FORMATS), f"one of {', '.join(FORMATS)}"),
    "data_path": (_path, "a path such as data/DF_HOMES/{key}"),
    "structure": (_flag, "true or false"),
    "pause_s": (_seconds, "seconds, at most 600"),
    "read_s": (_seconds, "seconds, at most 600"),
    "coverage": (from_dict, "a table, see docs/register-files.md"),
}  # fmt: skip
_NEEDED = tuple(
    one.name
    for one in fields(Description)
    if one.name != "id" and one.default is MISSING and one.default_factory is MISSING
)
