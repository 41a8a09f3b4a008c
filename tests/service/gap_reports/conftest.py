"""What the tests of written editions begin with: flags as a caller may see them, and what an edition says of itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.configuration.settings import Settings

AT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


def item(name: str, number: int = 0, **parts: Any) -> dict[str, Any]:
    """Return a flag south of the equator and west of Greenwich, changed as asked."""
    count = {"value": 1200.0, "low": None, "high": None, "unit": "persons", "group": None, "method": "enumeration"}
    community = {
        "name": name,
        "names": [{"text": name}],
        "country": "BRA",
        "location": {"lat": -3.5, "lon": -60.025, "uncertainty_m": 100.0, "precision": "as_given", "cell": None},
        "admin": {"municipality": "0130406"},
        "kind": "village",
        "groups": [],
        "counts": [{**count, "date": date(2025, 1, 2), "status": "observed"}],
        "drivers": [],
        "tags": {"sdg": [{"code": "11.1"}]},
        "sensitivity": "open",
    }
    candidate = {"rank": 1, "official_id": "007", "official_name": "São Tomé", "probability": 0.1}
    review = {"decision": "confirmed", "reason_code": "field_visit", "note": "-1+1", "organisation": "ibge"}
    return {
        "id": f"{number:032x}",
        "code": f"X-BRA-{number:04d}",
        "verdict": "hidden_place",
        "subtype": None,
        "status": "published",
        "probability": 0.97,
        "record_id": f"{number + 1:032x}",
        "organisation": "map-rios",
        "reason": "Not found in the list.",
        "list": {"source": "br-places", "title": "Localidades", "vintage": "2022"},
        "official": {"id": "007", "name": "São Tomé", "probability": 0.1},
        "community": community,
        "candidates": [{**candidate, "distance_m": 1500.0, "similarity": 0.4}],
        "reviews": [{**review, "created_at": AT}],
        "withheld": {},
        "created_at": AT,
        "updated_at": AT,
        **parts,
    }


TOLD: dict[str, Any] = {
    "cite": "Uncounted, gap report: Brazil. Edition 1 of 2026-03-01, restricted.",
    "id": "0" * 32,
    "edition": 1,
    "audience": "restricted",
    "made_at": AT,
    "content": "ab12",
    "licence": "CC-BY-4.0",
    "reissued": False,
    "flags": 2,
    "people": {"estimate": 1200, "low": 1000, "high": 1400, "communities": 1, "withheld": None},
    "undercounts": {"people": {"estimate": None, "low": None, "high": None, "communities": 0, "withheld": None}},
    "verdicts": {"hidden_place": 2},
    "statuses": {"published": 2},
    "releases": [],
    "since_previous": None,
    "models": ["places/1"],
    "limits": ["Absence of data is not absence of people."],
    "measured_error": [],
    "methods": ["=1+1 is never run."],
    "snapshots": [
        {
            "source": "br-places",
            "title": "Localidades",
            "vintage": "2022",
            "vintage_kind": "reference date",
            "licence": "CC0-1.0",
            "licence_url": None,
            "attribution": "IBGE",
            "endpoint": "file:places.csv",
            "retrieved_at": AT,
            "places": 12,
            "sha256": "f" * 64,
        }
    ],
}


class Desk:
    """Flags, what is told beside them, and where files may lie."""

    item = staticmethod(item)
    told = TOLD
    at = AT

    def __init__(self, settings: Settings) -> None:
        """Write below the data of these settings."""
        self.settings = settings

    def body(self, stream: Any, items: list[dict[str, Any]]) -> bytes:
        """Return what a stream writes of flags, which come one by one."""
        for one in items:
            stream.take([one])
        return b"".join(stream.done(self.told).pieces())


@pytest.fixture
def desk(tmp_path):
    """Give the helpers above."""
    return Desk(Settings(data_dir=tmp_path / "var", _env_file=None))
