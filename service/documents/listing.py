"""One flag as a row: the community, where it is, what was found and why, how likely, and how many people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geodata.countries import country_name
from service.documents.parts import Cell
from service.documents.words import NAMELESS, UNKNOWN, count, percent, span, status, verdict

_LONGEST = 320  # letters of a reason


def flag_row(flag: Mapping[str, Any]) -> tuple[Cell, ...]:
    """Return a shown flag as a row of the table of flags."""
    shown = flag["community"]
    return (
        Cell(shown["name"] or NAMELESS, " · ".join(filter(None, (flag["code"], status(flag["status"]))))),
        _where(shown),
        Cell(verdict(flag["verdict"]), _short(flag["reason"] or "")),
        Cell(percent(flag["probability"])),
        _people(shown["counts"]),
    )


def _where(shown: Mapping[str, Any]) -> Cell:
    place, units = shown["location"], list(shown["admin"].values())
    unit = units[-1] if units else (place or {}).get("unit")
    exact = "" if place is None else _exact(place)
    country = country_name(shown["country"])
    return Cell(unit or country, ", ".join(filter(None, (country if unit else "", exact))))


def _exact(place: Mapping[str, Any]) -> str:
    radius = place["uncertainty_m"]
    km = 1_000
    within = (
        "" if not radius else f" ±\u00a0{radius:.0f}\u00a0m" if radius < km else f" ±\u00a0{radius / km:.1f}\u00a0km"
    )
    return f"{place['lat']:.3f}, {place['lon']:.3f}{within}"


def _people(counts: list[dict[str, Any]]) -> Cell:
    heads = [one for one in counts if one["unit"] == "persons" and not one["group"]]
    if not heads:
        return Cell(UNKNOWN)
    first = heads[0]
    within = span(first["low"], first["high"])
    if first["value"] is None:
        return Cell(within or str(first["status"]).replace("_", " "))
    return Cell(count(first["value"]), within)


def _short(reason: str) -> str:
    """Cut a long reason at a word."""
    return reason if len(reason) <= _LONGEST else f"{reason[:_LONGEST].rsplit(' ', 1)[0]} …"
