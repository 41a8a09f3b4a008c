"""Rows of a frame update: one community each, flat, with codes as text and every number with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.frames.choosing import GAPS
from service.frames.parents import Unit

_TEXT, _NUMBER = "text", "number"


def _counted(unit: str) -> tuple[tuple[str, str, str], ...]:
    return (
        (unit, _NUMBER, f"{unit} counted; empty where nobody counted"),
        (f"{unit}_low", _NUMBER, "lower end of the range its source states"),
        (f"{unit}_high", _NUMBER, "upper end"),
        (f"{unit}_method", _TEXT, "how they were counted"),
        (f"{unit}_date", _TEXT, "when, ISO 8601"),
    )


#: Name, type and meaning of each column.
COLUMNS = (
    ("temporary_code", _TEXT, "our own code, until the list gives one; of use in correspondence only"),
    ("name", _TEXT, "the name as recorded"),
    ("other_names", _TEXT, "other names, in any script, parted by semicolons"),
    ("gap", _TEXT, "not_listed: to be added; counted_too_low: listed, its count to be looked at again"),
    ("country", _TEXT, "ISO 3166-1 alpha-3"),
    ("parent_code", _TEXT, "P-code or other official code of the proposed unit above; text, with its leading zeros"),
    ("parent_name", _TEXT, "its name"),
    ("parent_level", _TEXT, "its level, in the publisher's word"),
    ("parent_list", _TEXT, "the list it is from"),
    ("parent_vintage", _TEXT, "and which vintage of it"),
    ("parent_basis", _TEXT, "why this one is proposed"),
    ("ea_code", _TEXT, "suggested enumeration area, where a list with borders has such a level"),
    ("ea_name", _TEXT, "its name"),
    ("ea_list", _TEXT, "the list it is from, with its vintage"),
    ("lat", _NUMBER, "degrees, WGS 84"),
    ("lon", _NUMBER, "degrees, WGS 84"),
    ("uncertainty_m", _NUMBER, "metres that hold the true place with probability 0.95; empty: not stated"),
    ("location_precision", _TEXT, "as_given: the recorded point; area: a point inside the recorded outline"),
    *_counted("persons"),
    *_counted("households"),
    ("probability", _NUMBER, "that the list does not name the community, by the model"),
    ("evidence", _TEXT, "why, in one sentence"),
    ("status", _TEXT, "confirmed by one person, or published by a second one"),
    ("reason_code", _TEXT, "of the last decision"),
    ("decided_at", _TEXT, "when it was taken, ISO 8601"),
    ("official_id", _TEXT, "the entry whose count is too low; text"),
    ("official_name", _TEXT, "its name"),
    ("list", _TEXT, "the official list it was held against"),
    ("list_vintage", _TEXT, "its vintage"),
    ("snapshot", _TEXT, "sha256 of its content"),
    ("embargo_until", _TEXT, "not to be shown outside before; empty: no embargo"),
    ("flag_id", _TEXT, "the flag; its evidence and search certificate are found by it"),
)
NAMES = tuple(name for name, _, _ in COLUMNS)
KINDS = {name: kind for name, kind, _ in COLUMNS}


def frame_row(flag: Mapping[str, Any], above: Unit | None, area: Unit | None) -> dict[str, Any]:
    """Return a redacted flag as a row with `NAMES`, under a proposed unit and in a suggested enumeration area."""
    shown, official, named = flag["community"], flag["official"] or {}, flag["list"] or {}
    place = shown["location"] or {}
    last = flag["reviews"][-1] if flag["reviews"] else {}
    short = GAPS[flag["verdict"]] == "counted_too_low"
    return {
        "temporary_code": flag["code"],
        "name": shown["name"],
        "other_names": "; ".join(name["text"] for name in shown["names"][1:]) or None,
        "gap": GAPS[flag["verdict"]],
        "country": shown["country"],
        **_above(above),
        "ea_code": area.code if area else None,
        "ea_name": area.name if area else None,
        "ea_list": f"{area.title}, {area.vintage}" if area else None,
        "lat": place.get("lat"),
        "lon": place.get("lon"),
        "uncertainty_m": place.get("uncertainty_m"),
        "location_precision": place.get("precision"),
        **_count(shown["counts"], "persons"),
        **_count(shown["counts"], "households"),
        "probability": flag["probability"],
        "evidence": flag["reason"],
        "status": flag["status"],
        "reason_code": last.get("reason_code"),
        "decided_at": _written(last.get("created_at")),
        "official_id": official.get("id") if short else None,
        "official_name": official.get("name") if short else None,
        "list": named.get("title"),
        "list_vintage": named.get("vintage"),
        "snapshot": named.get("snapshot"),
        "embargo_until": _written(flag["embargo_until"]),
        "flag_id": flag["id"],
    }


def _above(unit: Unit | None) -> dict[str, Any]:
    return {
        "parent_code": (unit.code or None) if unit else None,
        "parent_name": unit.name if unit else None,
        "parent_level": unit.level if unit else None,
        "parent_list": unit.title if unit else None,
        "parent_vintage": unit.vintage if unit else None,
        "parent_basis": unit.basis if unit else None,
    }


def _count(counts: list[dict[str, Any]], unit: str) -> dict[str, Any]:
    """Return the first count of everybody in a unit; a count of one group is of no use to a frame."""
    one = next((one for one in counts if one["unit"] == unit and not one["group"]), {})
    return {
        unit: one.get("value"),
        f"{unit}_low": one.get("low"),
        f"{unit}_high": one.get("high"),
        f"{unit}_method": one.get("method"),
        f"{unit}_date": _written(one.get("date")),
    }


def _written(moment: Any) -> str | None:
    return None if moment is None else str(moment.isoformat()).replace("+00:00", "Z")
