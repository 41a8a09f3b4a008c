"""Flags and records as flat rows, for GeoJSON properties and CSV columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


_NOTHING: Mapping[str, Any] = {}
_KINDS = tuple((str(kind), member) for kind, member in MEMBERS.items())


def flag_row(flag: dict[str, Any]) -> dict[str, Any]:
    """Return a shown flag as one flat row with `FLAG_COLUMNS`.

    Written out in the order of the columns, because a layer of 100,000 flags is made of as many of these.
    """
    shown, official, named = flag["community"], flag["official"] or _NOTHING, flag["list"] or _NOTHING
    place, names = shown["location"] or _NOTHING, shown["names"]
    persons = _persons(shown["counts"])
    return {
        "id": flag["id"],
        "record_id": flag["record_id"],
        "code": flag["code"],
        "name": shown["name"],
        "other_names": _joined([name["text"] for name in names[1:]]) if len(names) > 1 else None,
        "country": shown["country"],
        "lat": place.get("lat"),
        "lon": place.get("lon"),
        "uncertainty_m": place.get("uncertainty_m"),
        "precision": place.get("precision"),
        "label": place.get("label"),
        "cell": place.get("cell"),
        "verdict": flag["verdict"],
        "subtype": flag["subtype"],
        "status": flag["status"],
        "probability": flag["probability"],
        "list": named.get("title"),
        "vintage": named.get("vintage"),
        "reason": flag["reason"],
        "kind": shown["kind"],
        "groups": _joined(shown["groups"]),
        "persons": persons.get("value"),
        "persons_status": persons.get("status"),
        "drivers": _joined(shown["drivers"]),
        "sdg": _joined(shown["sdg"]),
        "tags": _joined(_tags(shown["tags"])),
        "organisation": flag["organisation"],
        "official_id": official.get("id"),
        "official_name": official.get("name"),
        "version": flag["version"],
        "created_at": flag["created_at"],
        "updated_at": flag["updated_at"],
    }


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
    persons = _persons(shown["counts"])
    return {
        "name": shown["name"],
        "other_names": _joined([name["text"] for name in shown["names"][1:]]),
        "country": shown["country"],
        "lat": location.get("lat"),
        "lon": location.get("lon"),
        "uncertainty_m": location.get("uncertainty_m"),
        "precision": location.get("precision"),
        "label": location.get("label"),
        "cell": location.get("cell"),
        "kind": shown["kind"],
        "groups": _joined(shown["groups"]),
        "persons": persons.get("value"),
        "persons_status": persons.get("status"),
        "drivers": _joined(shown["drivers"]),
        "sdg": _joined(shown["sdg"]),
        "tags": _joined(_tags(shown["tags"])),
    }


def _persons(counts: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the head count of everybody, the first where there are several."""
    for count in counts:
        if count["unit"] == "persons" and not count["group"]:
            return count
    return _NOTHING


def _joined(texts: Sequence[str]) -> str | None:
    return "; ".join(texts) if texts else None


def _tags(shown: Mapping[str, Any]) -> list[str]:
    return [f"{kind}:{tag['code']}" for kind, member in _KINDS if (tags := shown[member]) for tag in tags]
