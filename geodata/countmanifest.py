"""The `[coverage.counts]` table of a manifest: from plain values to `CountCoverage`, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any

from geodata.countcoverage import (
    Basis,
    Boundary,
    CountCoverage,
    Disclosure,
    HouseholdSize,
    SizeBasis,
    Treatment,
    Universe,
)
from geodata.countries import UnknownCountry, country_code
from geodata.growthrates import Part, Rate, between_counts
from geodata.netundercount import NetUndercount, net_undercount


class InvalidCounts(ValueError):
    """What a manifest says about its counts cannot be read; the message names the key and the way to mend it."""


def counts_from(plain: Any) -> CountCoverage:
    """Read what a manifest says under `[coverage.counts]`. Raises `InvalidCounts`."""
    table = _table(plain, "counts", _COUNTS)
    return CountCoverage(
        basis=_term(Basis, table, "basis"),
        relative_standard_error=_number(table, "relative_standard_error", most=1),
        universe=_term(Universe, table, "universe"),
        leaves_out=frozenset(_texts(table.get("leaves_out", ()), "leaves_out")),
        boundary=_term(Boundary, table, "boundary"),
        disclosure=_disclosure(table["disclosure"]) if "disclosure" in table else Disclosure(),
        household_size=_household_size(table["household_size"]) if "household_size" in table else None,
        growth=tuple(_rate(item) for item in _list(table.get("growth", ()), "growth")),
        net_undercount=tuple(_missed(item) for item in _list(table.get("net_undercount", ()), "net_undercount")),
    )


def counts_plain(counts: CountCoverage) -> dict[str, Any]:
    """Return the same as plain values, sets sorted, what is not declared left out."""
    size = counts.household_size
    plain = {
        "basis": counts.basis,
        "relative_standard_error": counts.relative_standard_error,
        "universe": counts.universe,
        "leaves_out": sorted(counts.leaves_out),
        "boundary": counts.boundary,
        "disclosure": _disclosure_plain(counts.disclosure),
        "household_size": None
        if size is None
        else _said({"persons": size.persons, "from": size.basis, "n": size.n, "sd": size.sd}),
        "growth": [_rate_plain(rate) for rate in counts.growth],
        "net_undercount": [_missed_plain(one) for one in counts.net_undercount],
    }
    return {key: value.value if isinstance(value, StrEnum) else value for key, value in plain.items() if value}


def _disclosure(plain: Any) -> Disclosure:
    table = _table(plain, "disclosure", frozenset({"treatment"}).union(*_OF_TREATMENT.values()))
    treatment: Treatment | None = _term(Treatment, table, "treatment")
    if treatment is None:
        msg = f"counts: disclosure needs its treatment, one of {', '.join(Treatment)}"
        raise InvalidCounts(msg)
    own = _OF_TREATMENT[treatment]
    if foreign := sorted(set(table) - own - {"treatment"}):
        msg = f"counts: {', '.join(foreign)} says nothing beside the treatment {treatment}"
        raise InvalidCounts(msg)
    if missing := sorted((own & _NEEDED) - set(table)):
        msg = f"counts: disclosure as {treatment} needs {', '.join(missing)}"
        raise InvalidCounts(msg)
    zeros, level = table.get("zeros", "shown"), table.get("level", 90)
    if zeros not in {"shown", "withheld"}:
        msg = f"counts: zeros = {zeros!r} cannot be read; give shown or withheld"
        raise InvalidCounts(msg)
    if level not in {90, 95}:
        msg = f"counts: level = {level!r} cannot be read; give 90 or 95, the level of the margin in per cent"
        raise InvalidCounts(msg)
    base = _whole(table, "base", 2)
    if treatment is Treatment.RANDOM_ROUNDED and base is not None and base > _COARSEST:
        msg = f"counts: base = {base} cannot be read; random rounding is to a base from 2 to {_COARSEST}"
        raise InvalidCounts(msg)
    return Disclosure(
        treatment=treatment,
        base=base,
        below=_whole(table, "below", 2),
        zeros_shown=zeros == "shown",
        epsilon=_number(table, "epsilon"),
        margin=_number(table, "margin"),
        level=int(level),
    )


def _disclosure_plain(said: Disclosure) -> dict[str, Any] | None:
    if said == Disclosure():
        return None
    every = {
        "base": said.base,
        "below": said.below,
        "zeros": "shown" if said.zeros_shown else "withheld",
        "epsilon": said.epsilon,
        "margin": said.margin,
        "level": said.level,
    }
    return {"treatment": said.treatment.value} | _said(
        {key: value for key, value in every.items() if key in _OF_TREATMENT[said.treatment]}
    )


def _household_size(plain: Any) -> HouseholdSize:
    table = _table(plain, "household_size", frozenset({"persons", "from", "n", "sd"}))
    persons = _number(table, "persons", most=100)
    if persons is None or persons < 1:
        msg = f"counts: household_size needs persons, from 1 to 100 per household, not {table.get('persons')!r}"
        raise InvalidCounts(msg)
    basis = _term(SizeBasis, table, "from") or SizeBasis.NATIONAL
    return HouseholdSize(persons, basis, _whole(table, "n", 1), _number(table, "sd"))


def _rate(plain: Any) -> Rate:
    table = _table(plain, "growth", _GROWTH)
    start, end = (_day(table.get(key), key) for key in ("from", "to"))
    unit = table.get("unit")
    try:
        return Rate(
            start,
            end,
            _per_year(table, start, end),
            country=country_code(table["country"]) if "country" in table else None,
            unit=None if unit is None else _unit(unit),
            part=_term(Part, table, "part") or Part.ALL,
            source=str(table.get("source", "")),
        )
    except UnknownCountry as error:
        msg = f"counts: country = {table['country']!r} of growth is not known; {error.hint}"
        raise InvalidCounts(msg) from error
    except InvalidCounts:
        raise
    except ValueError as error:
        msg = f"counts: growth cannot be read: {error}"
        raise InvalidCounts(msg) from error


def _per_year(table: Mapping[str, Any], start: date, end: date) -> float:
    if ("persons" in table) == ("percent_per_year" in table):
        msg = "counts: growth needs either persons, two counts such as [3138369, 4397073], or percent_per_year"
        raise InvalidCounts(msg)
    if "percent_per_year" in table:
        return _real(table["percent_per_year"], "percent_per_year") / 100
    counted = [_real(item, "persons") for item in _list(table["persons"], "persons")]
    if len(counted) != 2:  # noqa: PLR2004 - at its two ends
        msg = f"counts: persons of growth are two counts, one at either end, not {len(counted)}"
        raise InvalidCounts(msg)
    return round(between_counts((start, counted[0]), (end, counted[1])), 12)


def _rate_plain(rate: Rate) -> dict[str, Any]:
    return {
        "from": rate.start.isoformat(),
        "to": rate.end.isoformat(),
        "percent_per_year": round(rate.per_year * 100, 10),
    } | _said(
        {
            "country": rate.country,
            "unit": {rate.unit[0]: rate.unit[1]} if rate.unit else None,
            "part": None if rate.part is Part.ALL else rate.part.value,
            "source": rate.source or None,
        }
    )


def _missed(plain: Any) -> NetUndercount:
    table = _table(plain, "net_undercount", _MISSED)
    said = _said({"group": table.get("group"), "source": table.get("source")})
    for key, text in said.items():
        _text(text, key)
    error = round(_real(table.get("standard_error_percent"), "standard_error_percent") / 100, 12)
    try:
        if "percent" in table:
            return NetUndercount(round(_real(table["percent"], "percent") / 100, 12), error, **said)
        counted, true = (_real(table.get(key), key) for key in ("counted", "estimated"))
        return replace(net_undercount(counted, true, error), **said)
    except InvalidCounts:
        raise
    except ValueError as wrong:
        msg = f"counts: net_undercount cannot be read: {wrong}"
        raise InvalidCounts(msg) from wrong


def _missed_plain(one: NetUndercount) -> dict[str, Any]:
    numbers = {"percent": round(one.share * 100, 10), "standard_error_percent": round(one.standard_error * 100, 10)}
    return numbers | _said({"group": one.group, "source": one.source or None})


def _unit(value: Any) -> tuple[str, str]:
    if not isinstance(value, Mapping) or len(value) != 1:
        msg = f'counts: unit = {value!r} of growth cannot be read; give one, such as {{ county = "Nairobi" }}'
        raise InvalidCounts(msg)
    ((column, name),) = value.items()
    return _text(column, "unit"), _text(name, "unit")


_COUNTS = frozenset(CountCoverage.__dataclass_fields__)
_GROWTH = frozenset({"country", "unit", "part", "from", "to", "persons", "percent_per_year", "source"})
_MISSED = frozenset({"percent", "counted", "estimated", "standard_error_percent", "group", "source"})
_OF_TREATMENT: dict[Treatment, frozenset[str]] = {
    Treatment.NONE: frozenset(),
    Treatment.ROUNDED: frozenset({"base"}),
    Treatment.RANDOM_ROUNDED: frozenset({"base"}),
    Treatment.SUPPRESSED: frozenset({"below", "zeros"}),
    Treatment.GEOMETRIC: frozenset({"epsilon"}),
    Treatment.MARGIN: frozenset({"margin", "level"}),
    Treatment.CELL_KEY: frozenset(),
}
_NEEDED = frozenset({"base", "below", "epsilon"})
_COARSEST = 1000  # base of random rounding


def _said(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value.value if isinstance(value, StrEnum) else value for key, value in table.items() if value is not None
    }


def _table(value: Any, key: str, known: frozenset[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        msg = f"counts: {key} is to be a table with {', '.join(sorted(known))}"
        raise InvalidCounts(msg)
    if unknown := sorted(set(value) - known):
        msg = f"counts: {', '.join(unknown)} is not known in {key}; known are {', '.join(sorted(known))}"
        raise InvalidCounts(msg)
    return value


def _list(value: Any, key: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        msg = f"counts: {key} is to be a list"
        raise InvalidCounts(msg)
    return list(value)


def _texts(value: Any, key: str) -> tuple[str, ...]:
    return tuple(_text(item, key) for item in _list(value, key))


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        msg = f"counts: {key} is to be a text"
        raise InvalidCounts(msg)
    return value.strip()


def _term(terms: type[StrEnum], table: Mapping[str, Any], key: str) -> Any:
    value = table.get(key)
    if value is None:
        return None
    if value not in set(terms):
        msg = f"counts: {key} = {value!r} is not known; give one of {', '.join(terms)}"
        raise InvalidCounts(msg)
    return terms(value)


def _real(value: Any, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        msg = f"counts: {key} = {value!r} cannot be read; give a number"
        raise InvalidCounts(msg)
    return float(value)


def _number(table: Mapping[str, Any], key: str, most: float = 1e10) -> float | None:
    if table.get(key) is None:
        return None
    value = _real(table[key], key)
    if not 0 < value <= most:
        msg = f"counts: {key} = {value:g} cannot be right; give a number above 0, at most {most:g}"
        raise InvalidCounts(msg)
    return value


def _whole(table: Mapping[str, Any], key: str, least: int) -> int | None:
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        msg = f"counts: {key} = {value!r} cannot be read; give a whole number from {least}"
        raise InvalidCounts(msg)
    return value


def _day(value: Any, key: str) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        msg = f"counts: {key} = {value!r} of growth is to be a date such as 2009-08-24"
        raise InvalidCounts(msg) from error
