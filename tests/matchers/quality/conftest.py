"""What the tests of quality begin with: a passport that declares everything, and rows that show nothing bad."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from geodata.places import Places

TODAY = date(2026, 3, 1)

#: Everything declared, as an organisation would write it.
WHOLE: dict[str, Any] = {
    "title": "Household roster of Kambi Moto",
    "version": "2025-2",
    "purpose": "To have every household of the settlement counted before it is upgraded.",
    "licence": "CC-BY-4.0",
    "seed_lists": [],
    "organisation": {
        "name": "Kambi Moto residents' association",
        "registered_id": "NGO Board 2011/1234",
        "contact": "data@example.org",
        "type": "community",
    },
    "citizen_role": {"design": "lead", "collect": "lead", "process": "share", "use": "lead"},
    "scope": {
        "countries": ["Kenya"],
        "area": "Huruma, Nairobi",
        "population": "everybody who lives in the settlement",
        "universe": "usual residents, children and lodgers among them",
    },
    "reference": {"start": "2025-10", "end": "2025-11", "frequency": "yearly"},
    "method": {
        "code": "full_enumeration",
        "description": "Door to door, two enumerators a lane.",
        "frame": "the map of structures drawn by the residents",
        "design": "everybody",
        "n": 270,
        "non_response": 0.02,
        "training": "two days",
        "questionnaire": "https://example.org/roster.pdf",
        "quality_assurance": ["one household in ten was visited twice"],
        "limits": "lodgers who came after October",
    },
    "funding": {"funders": [], "interest": "More people counted means a larger upgrading budget."},
    "ethics": {
        "consent_basis": "spoken consent of each household, refused by three",
        "sensitive_categories": [],
        "governance": "the residents' assembly, which elects two stewards of the data",
    },
}


def village(number: int, **parts: Any) -> dict[str, Any]:
    """Return a row with everything a record should have."""
    day = parts.pop("day", date(2025, 10, 20))
    count = {"value": 100.0 + 7 * number, "unit": "persons", "method": "enumeration", "date": day, "status": "observed"}
    return {
        "id": f"r{number}",
        "names": [{"text": f"Kijiji {number}", "language": "sw", "script": "Latn"}],
        "country": "KEN",
        "admin": [("county", "Nairobi")],
        "lat": -1.25731 - number / 1000,
        "lon": 36.86123,
        "r95_m": 30.0,
        "kind": "village",
        "counts": [{"low": None, "high": None, "group": None, **count}],
        "observed": day,
        **parts,
    }


class Collection:
    """The helpers above as one fixture, because tests do not import one another."""

    today = TODAY
    whole = WHOLE
    village = staticmethod(village)

    @staticmethod
    def places(number: int = 25, **parts: Any) -> Places:
        """Return that many villages, all changed as asked."""
        return Places.from_rows(village(each, **parts) for each in range(number))

    @staticmethod
    def without(*paths: str) -> dict[str, Any]:
        """Return the whole passport without what these dotted paths name."""
        plain = {name: dict(part) if isinstance(part, dict) else part for name, part in WHOLE.items()}
        for path in paths:
            table, _, name = path.rpartition(".")
            (plain[table] if table else plain).pop(name)
        return plain


@pytest.fixture
def collection() -> Collection:
    """Give a collection to grade."""
    return Collection()
