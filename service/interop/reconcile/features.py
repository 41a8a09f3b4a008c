"""What was compared, as numbers and signs that a person can read beside a candidate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.interop.reconcile.values import Feature

#: Of each feature of the model its name here, and the levels at which the two sides agree.
_AGREEING: dict[str, tuple[str, str, frozenset[str]]] = {
    "admin": ("same_unit", "In the unit or country named", frozenset({"same"})),
    "kind": ("same_kind", "Of the same kind, or a kind of it", frozenset({"same", "broader"})),
    "qualifier": ("same_part", "The same part of a place (number, upper, new)", frozenset({"same"})),
    "place": (
        "within_reach",
        "As near as the accuracy of both points explains",
        frozenset({"within", "inside", "edge"}),
    ),
}
_UNKNOWN = frozenset({"not_available", "unsaid"})

#: Properties that may be required to agree, by the feature that says whether they do.
TOLD_BY = {
    "admin1": "same_unit",
    "admin2": "same_unit",
    "kind": "same_kind",
    "lat": "within_reach",
    "lon": "within_reach",
}


def features_of(candidate: Mapping[str, Any]) -> tuple[Feature, ...]:
    """Return the features of a row of `matchers.base.CANDIDATES`; what could not be compared is left out."""
    features = []
    if candidate["similarity"] is not None:
        features.append(
            Feature("name_similarity", "Similarity of names, percent", round(100 * candidate["similarity"], 1))
        )
    if candidate["distance_m"] is not None:
        features.append(Feature("distance_km", "Distance, kilometres", round(candidate["distance_m"] / 1000, 3)))
    for part in candidate["evidence"]:
        if part["feature"] in _AGREEING and part["level"] not in _UNKNOWN:
            feature, name, agreeing = _AGREEING[part["feature"]]
            features.append(Feature(feature, name, part["level"] in agreeing))
    return tuple(features)
