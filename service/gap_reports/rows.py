"""Flat rows of an edition: flags, their candidates, their decisions, and the lists they rest on, codes with labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from geodata.countries import country_name

Item = Mapping[str, Any]  # a flag, redacted

#: Code -> what it is called, by the column that holds it.
LABELS: dict[str, dict[str, str]] = {
    "verdict": {
        "hidden_place": "Not found on the list",
        "hidden_group": "A group that is not counted by itself",
        "undercount": "On the list, with fewer people than were counted there",
        "consistent": "On the list",
        "stale_official": "The list is too old to answer",
        "needs_review": "A person has to look",
        "not_assessable": "The list would not name a community of this kind",
        "insufficient_evidence": "Too little is known",
    },
    "status": {
        "open": "Nobody has looked yet",
        "in_review": "Somebody looks at it",
        "confirmed": "Confirmed by a person",
        "matched_existing": "It is an entry of the list",
        "rejected": "Rejected by a person",
        "needs_field_check": "Has to be checked on the ground",
        "unverifiable": "Cannot be verified",
        "deferred": "Put off",
        "published": "Published by a second person",
        "resolved_by_release": "Named by a later release of the list",
        "withdrawn": "Withdrawn",
        "regressed": "Was on the list, and is no longer",
    },
    "precision": {
        "as_given": "As it was given",
        "area": "A point inside the stated area",
        "donut": "Moved once by chance",
        "admin": "The middle of its district",
    },
}

FLAG_COLUMNS = (
    "id",
    "code",
    "name",
    "other_names",
    "country",
    "country_name",
    "lat",
    "lon",
    "uncertainty_m",
    "precision",
    "cell",
    "units",
    "verdict",
    "verdict_label",
    "subtype",
    "status",
    "status_label",
    "probability",
    "list",
    "list_title",
    "vintage",
    "reason",
    "kind",
    "groups",
    "persons",
    "persons_low",
    "persons_high",
    "persons_method",
    "persons_date",
    "persons_status",
    "drivers",
    "sdg",
    "official_id",
    "official_name",
    "record_id",
    "organisation",
    "sensitivity",
    "withheld",
    "created_at",
    "updated_at",
)
CANDIDATE_COLUMNS = ("flag_id", "rank", "official_id", "official_name", "probability", "distance_m", "similarity")
DECISION_COLUMNS = (
    *("flag_id", "decision", "decision_label", "reason_code", "note", "organisation", "created_at"),
    "blind",
)
SOURCE_COLUMNS = (
    "source",
    "title",
    "vintage",
    "vintage_kind",
    "licence",
    "licence_url",
    "attribution",
    "endpoint",
    "retrieved_at",
    "places",
    "sha256",
)
CODE_COLUMNS = ("column", "code", "label")


def flag_row(item: Item) -> dict[str, Any]:
    """Return a flag as one row with `FLAG_COLUMNS`."""
    community, official, named = item["community"], item["official"] or {}, item["list"] or {}
    location = community["location"] or {}
    counts = community["counts"]
    persons: Mapping[str, Any] = next((one for one in counts if one["unit"] == "persons" and not one["group"]), {})
    return {
        "id": item["id"],
        "code": item["code"],
        "name": community["name"],
        "other_names": "; ".join(name["text"] for name in community["names"][1:]) or None,
        "country": community["country"],
        "country_name": country_name(community["country"]),
        "lat": location.get("lat"),
        "lon": location.get("lon"),
        "uncertainty_m": location.get("uncertainty_m"),
        "precision": location.get("precision"),
        "cell": location.get("cell"),
        "units": "; ".join(f"{level}={value}" for level, value in community["admin"].items()) or None,
        "verdict": item["verdict"],
        "verdict_label": LABELS["verdict"].get(item["verdict"]),
        "subtype": item["subtype"],
        "status": item["status"],
        "status_label": LABELS["status"].get(item["status"]),
        "probability": item["probability"],
        "list": named.get("source"),
        "list_title": named.get("title"),
        "vintage": named.get("vintage"),
        "reason": item["reason"],
        "kind": community["kind"],
        "groups": "; ".join(community["groups"]) or None,
        "persons": persons.get("value"),
        "persons_low": persons.get("low"),
        "persons_high": persons.get("high"),
        "persons_method": persons.get("method"),
        "persons_date": persons.get("date"),
        "persons_status": persons.get("status"),
        "drivers": "; ".join(community["drivers"]) or None,
        "sdg": "; ".join(tag["code"] for tag in community["tags"]["sdg"]) or None,
        "official_id": official.get("id"),
        "official_name": official.get("name"),
        "record_id": item["record_id"],
        "organisation": item["organisation"],
        "sensitivity": community["sensitivity"],
        "withheld": "; ".join(f"{what}: {why}" for what, why in item["withheld"].items()) or None,
        "created_at": item["created_at"],
        "updated_at": item["updated_at"],
    }


def candidate_rows(item: Item) -> Iterator[dict[str, Any]]:
    """Yield the entries of the list that came nearest, with `CANDIDATE_COLUMNS`."""
    for candidate in item["candidates"]:
        yield {"flag_id": item["id"], **{name: candidate.get(name) for name in CANDIDATE_COLUMNS[1:]}}


def decision_rows(item: Item) -> Iterator[dict[str, Any]]:
    """Yield what people decided about a flag, with `DECISION_COLUMNS`."""
    for review in item["reviews"]:
        label = LABELS["status"].get(review["decision"])
        told = {name: review.get(name) for name in DECISION_COLUMNS[1:]}
        yield {"flag_id": item["id"], **told, "decision_label": label}


def code_rows() -> Iterator[dict[str, Any]]:
    """Yield every code that has a label, with `CODE_COLUMNS`."""
    for column, codes in LABELS.items():
        for code, label in codes.items():
            yield {"column": column, "code": code, "label": label}


def about_rows(told: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return what an edition says of itself as lines: what, and what it says."""
    people = told["people"]
    said: list[tuple[str, Any]] = [
        ("How to cite", told["cite"]),
        ("Identifier", told["id"]),
        ("Edition", told["edition"]),
        ("Edition for", told["audience"]),
        ("Made at", told["made_at"]),
        ("Content", told["content"]),
        ("Licence", told["licence"]),
        ("Re-issued", "yes" if told["reissued"] else "no"),
        ("Flags", told["flags"]),
        ("People in communities on no list", _told(people)),
        ("People left out of listed communities", _told(told["undercounts"]["people"])),
    ]
    said += [(f"Records: {verdict}", number) for verdict, number in told["verdicts"].items()]
    said += [(f"Flags: {status}", number) for status, number in told["statuses"].items()]
    said += [(f"Made visible by {one['source']}, {one['vintage']}", _visible(one)) for one in told["releases"]]
    if told["since_previous"]:
        said += [(f"Since the edition before: {name}", number) for name, number in told["since_previous"].items()]
    said += [("Model", model) for model in told["models"]]
    for title, lines in (("Limit", told["limits"]), ("Measured error", _sentences(told)), ("Method", told["methods"])):
        said += [(title, line) for line in lines]
    return said


def _sentences(told: Mapping[str, Any]) -> Sequence[str]:
    return [one["sentence"] for one in told["measured_error"]]


def _visible(release: Mapping[str, Any]) -> Any:
    visible = release["made_visible"]
    return visible["communities"] if visible["communities"] is not None else visible["withheld"]


def _told(people: Mapping[str, Any]) -> str:
    if people["estimate"] is None:
        return people["withheld"] or "no usable count"
    return f"{people['estimate']:,} ({people['low']:,} to {people['high']:,}), {people['communities']:,} communities"
