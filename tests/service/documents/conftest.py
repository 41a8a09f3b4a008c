"""Reports as the redactor gives them: a country with units, flags of every kind, and names that try to be code."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import shapely

from service.documents import Gathered, Outline, document

#: How the codes of reasons read.
LABELS = {"field_visit": "Seen on the spot"}

#: Names that a careless writer would run, typeset or let out of their place, and names in scripts of many people.
NASTY = (
    "<script>alert(1)</script>",
    '#eval("1 + 1") #include("x")',
    "$x^2$ @ref `code` *bold* _it_ \\ [link] // end",
    "&amp; \"quoted\" 'single'",
    "مخيم شاتيلا",
    "কড়াইল বস্তি",
    "ቂርቆስ",
    "עזה",
    "Деревня",
    "\u202eeman desrever",
)


def shown_flag(number, **parts):
    """Return a flag as the redactor gives it."""
    community = {
        "name": f"Village {number}",
        "names": [{"text": f"Village {number}", "language": None, "script": "Latn"}],
        "country": "KEN",
        "location": {
            "lat": -1.0 + 0.013 * (number % 37),
            "lon": 36.0 + 0.021 * (number % 41),
            "uncertainty_m": 150.0,
            "precision": "as_given",
            "label": None,
            "cell": None,
            "unit": None,
        },
        "admin": {"county": "Nairobi"},
        "counts": [
            {"value": 1200.0, "low": 950.0, "high": 1500.0, "unit": "persons", "group": None, "status": "observed"}
        ],
    }
    return {
        "id": f"{number:032x}",
        "status": "open",
        "verdict": "hidden_place",
        "probability": 0.97,
        "reason": "Not found in Census of villages, vintage 2019. No entry has a name like it.",
        "code": f"X-KEN-NAIROBI-{number:04d}",
        "reviews": [],
        "community": community | parts.pop("community", {}),
        **parts,
    }


def figures(value, low, high):
    """Return a measured figure."""
    return {"value": value, "low": low, "high": high, "of": 200}


def shown_report(*flags, **parts):
    """Return a report as the redactor gives it."""
    people = {"estimate": 14_200, "low": 11_000, "high": 18_400, "communities": 12, "overlapping": 2, "withheld": None}
    return {
        "scope": {
            "country": "KEN",
            "admin": None,
            "source": None,
            "organisation": None,
            "tags": {"sdg": (), "factor": (), "theme": ()},
        },
        "generated_at": datetime(2026, 3, 14, 9, 26, tzinfo=UTC),
        "verdicts": {"consistent": 812, "hidden_place": 96, "needs_review": 31, "undercount": 7},
        "statuses": {"open": 80, "published": 54},
        "by_tag": {"sdg": {"11.1": 41, "6.1": None}, "factors": {"geography": 12}, "themes": {}},
        "people": people | {"without_count": 3},
        "undercounts": {
            "items": [
                {
                    "flag_id": "0" * 32,
                    "status": "open",
                    "probability": 0.991,
                    "publishable": True,
                    "unit": "persons",
                    "shortfall": 420.0,
                    "ratio": 0.64,
                    "ratio_low": 0.51,
                    "ratio_high": 0.78,
                }
            ],
            "without_test": 0,
            "publishable": 1,
            "expected_false": 0.009,
            "false_at_most": 0.05,
            "people": {"estimate": 420, "low": 300, "high": 560, "communities": 1, "overlapping": 0, "other_units": 0}
            | {"withheld": None},
            "note": "",
        },
        "regions": {
            "level": "county",
            "items": [
                {
                    "area": area,
                    "hidden": 30 - 9 * at,
                    "undercount": at,
                    "in_review": 4,
                    "consistent": 90,
                    "withheld": None,
                }
                for at, area in enumerate(("Nairobi", "Kajiado", "Narok"))
            ],
        },
        "snapshots": [
            {
                "sha256": "ab" * 32,
                "source": "ke-villages",
                "title": "Census of villages",
                "vintage": "2019",
                "licence": "CC BY 4.0",
                "attribution": "Office of statistics",
                "places": 4_120,
                "retrieved_at": datetime(2026, 2, 1, tzinfo=UTC),
            }
        ],
        "models": ["open-set/defaults-3"],
        "measured_error": [
            {
                "parameters": "defaults-3",
                "sentence": "Parameters defaults-3, measured on 1 labelled set.",
                "sets": [
                    {
                        "sort": "labelled",
                        "name": "maine-places",
                        "records": 922,
                        "hidden": 417,
                        "figures": {
                            "precision": figures(0.995, 0.987, 1.0),
                            "recall": figures(0.911, 0.881, 0.938),
                            "false_hidden": figures(0.004, 0.0, 0.010),
                            "review": figures(None, None, None),
                        },
                    }
                ],
            }
        ],
        "releases": [
            {
                "source": "ke-villages",
                "vintage": "2024",
                "snapshot": "cd" * 32,
                "made_visible": {"communities": 11, "withheld": None},
            }
        ],
        "limits": ["Absence of data is not absence of people: a community that nobody recorded is not in this report."],
        "items": list(flags),
        **parts,
    }


def county(west, south, side=0.3):
    """Return a square unit with a dent, so that it is told from a frame."""
    return shapely.Polygon(
        [
            (west, south),
            (west + side, south),
            (west + side * 1.1, south + side / 2),
            (west + side, south + side),
            (west, south + side),
        ]
    )


@pytest.fixture
def nasty():
    """Give the names."""
    return NASTY


@pytest.fixture
def flag():
    """Give the maker of flags."""
    return shown_flag


@pytest.fixture
def report():
    """Give the maker of reports."""
    return shown_report


@pytest.fixture
def outline():
    """Give borders of nine units."""
    borders = tuple(county(35.9 + 0.3 * east, -1.1 + 0.3 * north) for east in range(3) for north in range(3))
    return Outline("Administrative boundaries", "2024", "ef" * 32, "county", borders)


@pytest.fixture
def full(report, flag, nasty):
    """Give a report with flags of every kind, more than a document lists, and the names."""
    verdicts = ("hidden_place", "hidden_place", "undercount", "needs_review", "hidden_group", "stale_official")
    flags = [
        flag(
            number,
            verdict=verdicts[number % len(verdicts)],
            status="published" if number % 3 == 0 else "open",
            probability=0.5 + number / 500,
            reviews=[{"decision": "confirmed", "reason_code": "field_visit"}] if number % 3 == 0 else [],
        )
        for number in range(200)
    ]
    named = [
        flag(300 + at, status="published", probability=0.999, community={"name": name}) for at, name in enumerate(nasty)
    ]
    far = {"lat": -0.7, "lon": 36.5, "uncertainty_m": 9_000.0, "precision": "h3_5", "label": "approximate"}
    blurred = flag(400, community={"location": far | {"cell": "857a6e57fffffff", "unit": None}})
    nowhere = flag(401, community={"location": None, "admin": {}, "counts": []}, code=None)
    return report(*flags, *named, blurred, nowhere)


@pytest.fixture
def made():
    """Give the maker of documents from reports, on borders."""

    def document_of(told, *outlines):
        found = Gathered()
        items = told["items"]
        for start in range(0, len(items), 40):
            found.take(items[start : start + 40])
        return document(
            {name: part for name, part in told.items() if name != "items"}, found, lambda _: outlines, LABELS.get
        )

    return document_of
