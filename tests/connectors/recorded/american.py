"""Bodies of the US Census Data API and of Gazetteer files."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.census.answers import classify, read_rows
from connectors.client import Client
from connectors.errors import AccessRefused, RequestRefused, SourceChanged
from connectors.gazetteer import GazetteerConnector
from tests.connectors.recorded.body import RECORDED, Body, answered


def headers_of(file: str) -> Mapping[str, str]:
    """Return the headers that were kept of a redirect, none where the file is missing."""
    path = RECORDED / file
    lines = path.read_text(encoding="utf-8").splitlines()[1:] if path.is_file() else []
    return dict(line.split(": ", 1) for line in lines if line)


def census(file: str, expected: int) -> Body:
    """Return a table of the Data API; what is counted are its rows."""
    return Body("census", f"census/{file}", answered(classify, lambda answer: len(read_rows(answer))), expected)


def redirect(file: str) -> Body:
    """Return a redirect to the page about keys."""
    name = f"census/{file}"
    return Body("census", name, answered(classify), refused=AccessRefused, status=302, headers=headers_of(name))


def refusal(file: str) -> Body:
    """Return a text that names what is unknown."""
    return Body("census", f"census/{file}", answered(classify), refused=RequestRefused, status=400)


def listed(body: Body) -> int:
    """Return how many counties a file lists, whatever it holds."""
    with Client() as client:
        asked = {"path": str(body.path), "year": "2025", "areas": "counties"}
        places = GazetteerConnector().fetch(client, asked).places
    assert places is not None
    return len(places)


BODIES = (
    census("acs1_2024_group_B09019_ucgid_us.json", 1),
    census("acs5_B01001_annotated.json", 1),
    census("pl2020_P1_state06.json", 1),
    redirect("error_302_invalid_key.http"),
    redirect("error_302_missing_key.http"),
    refusal("error_400_unknown_hierarchy.txt"),
    refusal("error_400_unknown_variable.txt"),
    Body("census", "census/invalid_key_page_200_TRIMMED.html", answered(classify), refused=AccessRefused),
    Body("gazetteer", "census/gazetteer_2025_counties_2rows.txt", listed, 1),
    Body("gazetteer", "census/gazetteer_2025_zcta_1row.txt", listed, refused=SourceChanged),  # lists no places
)
