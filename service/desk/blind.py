"""Blind: what a reviewer is not shown who is to judge by the facts, and not by what the machine or others made of them.

Hidden are every probability, verdict and weight of evidence, what was decided before and by whom, and the order of
candidates, which is by how well they match: they stand by distance. Facts stay: names, places, counts, distances.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Members that tell what the machine or other people made of the facts.
_TOLD = ("expected_loss", "verdict", "machine_verdict", "subtype", "probability", "reason", "best_candidate", "code")
_EMPTY: dict[str, list[Any]] = {"history": [], "took_part": [], "appeals": []}
_WEIGHTS = ("probability", "similarity", "rank")


def blinded(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item of the queue, or a case, without what it was made out to be."""
    told = {**item, **{name: None for name in _TOLD if name in item}}
    told |= {name: list(empty) for name, empty in _EMPTY.items() if name in item}
    if "candidates" in item:
        told["candidates"] = sorted(map(_candidate, item["candidates"]), key=_by_distance)
    if "pending" in item:
        told["pending"] = [blinded(one) for one in item["pending"]]
    return told


def _candidate(candidate: Mapping[str, Any]) -> dict[str, Any]:
    evidence = [{**part, "bits": None, "level": None} for part in candidate["evidence"]]
    return {**candidate, **dict.fromkeys(_WEIGHTS), "evidence": evidence}


def _by_distance(candidate: Mapping[str, Any]) -> tuple[float, str]:
    distance = candidate["distance_m"]
    return (float("inf") if distance is None else distance, candidate["official_id"])
