"""Flags and records as flat rows, for GeoJSON properties and CSV columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.disclosure.tags import MEMBERS

FLAG_COLUMNS = (
    "id",
    "record_id",
    "code",
    "name",
    "other_names",
    "country",
    "lat",
    "lon",
    "uncertainty_m",
    "precision",
    "label",
    "cell",
    "verdict",
    "subtype",
    "status",
    "probability",
    "list",
    "vintage",
    "reason",
    "kind",
    "groups",
    "persons",
    "persons_status",
    "drivers",
    "sdg",
    "tags",
    "organisation",
    "official_id",
    "official_name",
    "version",
    "created_at",
    "updated_at",
)
RECORD_COLUMNS = tuple(
    {"id": "id", "record_id": "own_id", "status": "state", "version": "revision"}.get(name, name)
    for name in FLAG_COLUMNS
    if name != "code"
)


def flag_row(flag: dict[str, Any]) -> dict[str, Any]:
    """Return a shown flag as one flat row with `FLAG_COLUMNS`."""
    row = _verified(flag) | _community(flag["community"])
    row |= {name: flag[name] for name in ("id", "record_id", "code", "status", "organisation", "version")}
    return {name: row[name] for name in FLAG_COLUMNS}


def record_row(record: dict[str, Any]) -> dict[str, Any]:
    """Return a shown record as one flat row with `RECORD_COLUMNS`."""
    row = _verified(record) | _community(record)
    row |= {name: record[name] for name in ("id", "own_id", "state", "organisation", "revision")}
    return {name: row[name] for name in RECORD_COLUMNS}


def _verified(shown: dict[str, Any]) -> dict[str, Any]:
    names = ("verdict", "subtype", "probability", "reason", "created_at", "updated_at")
    official, named = shown["official"] or {}, shown["list"] or {}
    return {
        **{name: shown[name] for name in names},
        "list": named.get("title"),
        "vintage": named.get("vintage"),
        "official_id": official.get("id"),
        "official_name": official.get("name"),
    }


def _community(shown: dict[str, Any]) -> dict[str, Any]:
    location = shown["location"] or {}
    heads = (count for count in shown["counts"] if count["unit"] == "persons" and not count["group"])
    persons: dict[str, Any] = next(heads, {})
    return {
        "name": shown["name"],
        "other_names": "; ".join(name["text"] for name in shown["names"][1:]) or None,
        "country": shown["country"],
        "lat": location.get("lat"),
        "lon": location.get("lon"),
        "uncertainty_m": location.get("uncertainty_m"),
        "precision": location.get("precision"),
        "label": location.get("label"),
        "cell": location.get("cell"),
        "kind": shown["kind"],
        "groups": "; ".join(shown["groups"]) or None,
        "persons": persons.get("value"),
        "persons_status": persons.get("status"),
        "drivers": "; ".join(shown["drivers"]) or None,
        "sdg": "; ".join(shown["sdg"]) or None,
        "tags": "; ".join(_tags(shown["tags"])) or None,
    }


def _tags(shown: dict[str, Any]) -> Iterator[str]:
    return (f"{kind}:{tag['code']}" for kind, member in MEMBERS.items() for tag in shown[member])
