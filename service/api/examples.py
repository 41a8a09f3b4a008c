"""Bodies that really work, shown in the OpenAPI document and sent by the tests. Places are real, numbers made up."""

from __future__ import annotations

from typing import Any

import orjson

SMALLEST: dict[str, Any] = {"name": "Gatwekera", "country": "KEN", "location": {"lat": -1.3146, "lon": 36.7816}}

FULL: dict[str, Any] = {
    "id": "mk-soweto-east",
    "names": [{"text": "Soweto Mashariki", "language": "sw", "script": "Latn"}],
    "aliases": ["Soweto East"],
    "country": "Kenya",
    "location": {"lat": -1.3172, "lon": 36.7955, "uncertainty_m": 250},
    "admin": {"county": "Nairobi", "constituency": "Kibra"},
    "pcode": "KE047",
    "kind": "informal settlement",
    "groups": ["informal settlement residents"],
    "counts": [
        {"low": 15000, "high": 22000, "unit": "persons", "method": "estimate", "date": "2009-08-24"},
        {"value": 4200, "unit": "households"},
    ],
    "observed": "2010-09-05",
    "drivers": ["insecure tenure", "eviction"],
    "sdg": ["11.1.1", "1.4"],
    "consent": "public_masked",
    "sensitivity": "open",
    "evidence": ["https://mapkibera.org/"],
    "collection": "Kibera villages",
}

DRAWN: dict[str, Any] = {
    "name": "Kichinjio",
    "country": "KE",
    "area": {
        "type": "Polygon",
        "coordinates": [[[36.789, -1.314], [36.792, -1.314], [36.792, -1.311], [36.789, -1.311], [36.789, -1.314]]],
    },
}

CODED: dict[str, Any] = {"name": "Makina", "country": "KEN", "admin": {"county": "Nairobi"}, "pcode": "KE047"}

RECORDS = {
    "smallest": {"summary": "The smallest record", "value": SMALLEST},
    "full": {"summary": "Everything that sharpens the answer", "value": FULL},
    "drawn": {"summary": "An area instead of a point", "value": DRAWN},
    "coded": {"summary": "A code instead of a place", "value": CODED},
}

BATCHES = {
    "two": {"summary": "Two records", "value": [SMALLEST, CODED]},
    "one_broken": {
        "summary": "The good one is kept, the other one explained",
        "value": [SMALLEST, {"name": "Laini Saba", "country": "KEN", "location": {"lat": 36.79, "lon": -1.31}}],
    },
}

LINES = "".join(f"{orjson.dumps(record).decode()}\n" for record in (SMALLEST, CODED))

REVIEWS = {
    "looking": {
        "summary": "Take it up",
        "value": {"decision": "in_review", "reason_code": "assigned", "expected_version": 1},
    },
    "confirmed": {
        "summary": "Confirm it",
        "value": {"decision": "confirmed", "reason_code": "field_visit", "note": "Seen on 12 March; not on the list."},
    },
    "none": {
        "summary": "It is none of the entries shown",
        "value": {"decision": "in_review", "reason_code": "local_knowledge", "none_of_these": True},
    },
}

TOGETHER = {
    "fitting": {
        "summary": "All that wait in a county",
        "value": {
            "filter": {"country": "KEN", "admin": "Nairobi"},
            "decision": "needs_field_check",
            "reason_code": "too_little_known",
        },
    },
    "named": {
        "summary": "These two",
        "value": {
            "flags": [
                {"flag_id": "01a2071b741f7c00a416cb7809b2ea80", "version": 1},
                {"flag_id": "01a2071b7a3e7d11b0c2d5e9f4a36b17", "version": 4},
            ],
            "decision": "rejected",
            "reason_code": "out_of_scope",
        },
    },
}

APPEALS = {
    "wrong": {
        "summary": "Why it is wrong, and a document",
        "value": {
            "grounds": "The market stands beside the village; people live there all year.",
            "evidence": {"documents": ["https://example.org/minutes-of-the-meeting"]},
        },
    },
}

RELEASES = {
    "checked": {"summary": "The sender explained it", "value": {"reason_code": "checked_with_sender"}},
}


def body(examples: dict[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI entry that puts examples beside a JSON body."""
    return {"requestBody": {"content": {"application/json": {"examples": examples}}}}


SUBMISSION: dict[str, Any] = {
    "_id": 4711,
    "_uuid": "b9a1d3a6-51f5-4f5a-9c0e-2f4f3a0f6b11",
    "_submission_time": "2026-03-02T09:14:31",
    "_validation_status": {},
    "name": "Bondeni",
    "country": "Kenya",
    "location": "0.536 35.0 0 40",
    "population": "90",
}

SUBMISSIONS = {"kobo": {"summary": "As KoboToolbox posts it", "value": SUBMISSION}}
