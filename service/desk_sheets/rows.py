"""Rows of a sheet: a flag as it is shown to a reviewer, flat. What is shown at all is decided before it gets here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def row_of(flag: Mapping[str, Any], claimed_by: str | None = None, *, blind: bool = False) -> dict[str, Any]:
    """Return a shown flag as a row of all columns, with the candidate that matches best; `blind`, the nearest one."""
    community = flag["community"]
    location = community["location"] or {}
    named = flag["list"]
    return {
        "name": community["name"],
        "other_names": "; ".join(name["text"] for name in community["names"][1:]) or None,
        "country": community["country"],
        "units": "; ".join(f"{level}: {unit}" for level, unit in community["admin"].items()) or None,
        "kind": community["kind"],
        "lat": location.get("lat"),
        "lon": location.get("lon"),
        "uncertainty_m": location.get("uncertainty_m"),
        "persons": _persons(flag),
        "counts": "; ".join(map(_count, community["counts"])) or None,
        "organisation": flag["organisation"],
        "reports": len(flag["members"]) or 1,
        "list": f"{named['title']}, {named['vintage']}" if named else None,
        "verdict": flag["verdict"],
        "probability": flag["probability"],
        "reason": flag["reason"],
        **_candidate(sorted(flag["candidates"], key=_by_distance) if blind else flag["candidates"]),
        "status": flag["status"],
        "claimed_by": claimed_by,
        "decision": None,
        "reason_code": None,
        "note": None,
        "official_id": None,
        "until": None,
        "flag_id": flag["id"],
        "version": flag["version"],
    }


def _persons(flag: Mapping[str, Any]) -> float | None:
    together = flag["corroboration"]
    if together and together["persons"]:
        return float(together["persons"]["estimate"])
    heads = (count for count in flag["community"]["counts"] if count["unit"] == "persons" and not count["group"])
    first: dict[str, Any] = next(heads, {})
    return first.get("value")


def _count(count: Mapping[str, Any]) -> str:
    low, high, value = count["low"], count["high"], count["value"]
    number = f"{value:g}" if value is not None else f"{low:g} to {high:g}" if low is not None is not high else "unknown"
    told = [number, count["unit"], count["group"], f"({count['method']})" if count["method"] else None]
    return " ".join(str(part) for part in told if part)


def _candidate(candidates: list[dict[str, Any]]) -> dict[str, Any]:
    best: dict[str, Any] = candidates[0] if candidates else {}
    sentences = [part["sentence"] for part in best.get("evidence", ()) if part["sentence"]]
    return {
        "candidate_id": best.get("official_id"),
        "candidate_name": best.get("official_name"),
        "candidate_distance_m": best.get("distance_m"),
        "candidate_probability": best.get("probability"),
        "evidence": ". ".join(sentences) or None,
    }


def _by_distance(candidate: Mapping[str, Any]) -> tuple[bool, float]:
    distance = candidate["distance_m"]
    return distance is None, distance or 0.0
