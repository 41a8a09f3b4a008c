"""`[[coverage.counts.growth]]` and `[[coverage.counts.net_undercount]]`: rates that the publisher states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from geodata.countries import UnknownCountry, country_code
from geodata.counts.growthrates import Part, Rate, between_counts
from geodata.counts.netundercount import NetUndercount, net_undercount
from geodata.counts.section import COUNTS, InvalidCounts
from geodata.section import said

_GROWTH = frozenset({"country", "unit", "part", "from", "to", "persons", "percent_per_year", "source"})
_MISSED = frozenset({"percent", "counted", "estimated", "standard_error_percent", "group", "source"})


def rate(plain: Any) -> Rate:
    """Read one rate of growth, stated or between two counts. Raises `InvalidCounts`."""
    table = COUNTS.table(plain, "growth", _GROWTH)
    start, end = (COUNTS.day(table.get(key), f"growth, {key}") for key in ("from", "to"))
    unit = table.get("unit")
    try:
        return Rate(
            start,
            end,
            _per_year(table, start, end),
            country=country_code(table["country"]) if "country" in table else None,
            unit=None if unit is None else _unit(unit),
            part=COUNTS.term(Part, table["part"], "part") if "part" in table else Part.ALL,
            source=str(table.get("source", "")),
        )
    except UnknownCountry as error:
        COUNTS.refuse(f"country = {table['country']!r} of growth is not known; {error.hint}", error)
    except InvalidCounts:
        raise
    except ValueError as error:
        COUNTS.refuse(f"growth cannot be read: {error}", error)


def rate_plain(given: Rate) -> dict[str, Any]:
    """Return the table of a rate."""
    return {
        "from": given.start.isoformat(),
        "to": given.end.isoformat(),
        "percent_per_year": round(given.per_year * 100, 10),
    } | said(
        {
            "country": given.country,
            "unit": {given.unit[0]: given.unit[1]} if given.unit else None,
            "part": None if given.part is Part.ALL else given.part.value,
            "source": given.source or None,
        }
    )


def missed(plain: Any) -> NetUndercount:
    """Read one net undercount, stated or from what a survey afterwards estimated. Raises `InvalidCounts`."""
    table = COUNTS.table(plain, "net_undercount", _MISSED)
    whose: dict[str, Any] = {
        key: COUNTS.text(table[key], key) for key in ("group", "source") if table.get(key) is not None
    }
    error = round(COUNTS.real(table.get("standard_error_percent"), "standard_error_percent") / 100, 12)
    try:
        if "percent" in table:
            return NetUndercount(round(COUNTS.real(table["percent"], "percent") / 100, 12), error, **whose)
        counted, true = (COUNTS.real(table.get(key), key) for key in ("counted", "estimated"))
        return replace(net_undercount(counted, true, error), **whose)
    except InvalidCounts:
        raise
    except ValueError as wrong:
        COUNTS.refuse(f"net_undercount cannot be read: {wrong}", wrong)


def missed_plain(given: NetUndercount) -> dict[str, Any]:
    """Return the table of a net undercount."""
    numbers = {"percent": round(given.share * 100, 10), "standard_error_percent": round(given.standard_error * 100, 10)}
    return numbers | said({"group": given.group, "source": given.source or None})


def _per_year(table: Mapping[str, Any], start: date, end: date) -> float:
    if ("persons" in table) == ("percent_per_year" in table):
        COUNTS.refuse("growth needs either persons, two counts such as [3138369, 4397073], or percent_per_year")
    if "percent_per_year" in table:
        return COUNTS.real(table["percent_per_year"], "percent_per_year") / 100
    counted = [COUNTS.real(item, "persons") for item in COUNTS.list(table["persons"], "persons")]
    if len(counted) != 2:  # noqa: PLR2004 - at its two ends
        COUNTS.refuse(f"persons of growth are two counts, one at either end, not {len(counted)}")
    return round(between_counts((start, counted[0]), (end, counted[1])), 12)


def _unit(value: Any) -> tuple[str, str]:
    if not isinstance(value, Mapping) or len(value) != 1:
        COUNTS.refuse(f'unit = {value!r} of growth cannot be read; give one, such as {{ county = "Nairobi" }}')
    ((column, name),) = value.items()
    return COUNTS.text(column, "unit"), COUNTS.text(name, "unit")
