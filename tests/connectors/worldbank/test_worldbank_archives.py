"""An archived version of the World Development Indicators is brought as it was, under its month."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest

from connectors.client import Client
from connectors.contract import check
from connectors.errors import ConnectorError, RequestRefused, SourceChanged
from connectors.snapshot import Snapshot
from connectors.worldbank import WorldBankConnector
from connectors.worldbank.answers import Country
from connectors.worldbank.archives import by_letters

REQUEST = {"indicators": "SP.POP.TOTL", "date": "2009:2012", "version": "201404"}
Answering = Callable[..., Callable[[], httpx.MockTransport]]
Specimen = Callable[[str], bytes]


def rules(specimen: Specimen, *first: tuple[str, int, bytes]) -> list[tuple[str, int, bytes]]:
    """Return what the service answers, with other answers put before."""
    return [
        *first,
        ("/metadata", 200, specimen("worldbank/metadata.json")),
        ("/sources/57/", 200, specimen("worldbank/archive_201404.json")),
        ("/country?", 200, specimen("worldbank/country.json")),
    ]


def fetch(transport: httpx.BaseTransport, **options: str) -> Snapshot:
    """Fetch over a transport."""
    with Client(transport=transport) as client:
        return WorldBankConnector().fetch(client, REQUEST | options)


def test_keeps_the_contract(answering: Answering, specimen: Specimen):
    """All promises of a connector hold for an archived version as well."""
    provenance = check(WorldBankConnector(), REQUEST, answering(*rules(specimen))).provenance
    assert (provenance.vintage, provenance.vintage_kind) == ("201404", "version of the archive")
    assert provenance.title.endswith("as of 201404")
    assert "/version/201404/" in provenance.endpoint


def test_brings_the_years_asked_for_with_their_areas(answering: Answering, specimen: Specimen):
    """Areas keep the codes of today, other years are left out, a null is not available; an unknown area is told."""
    asked: list[httpx.Request] = []
    snapshot = fetch(answering(*rules(specimen), asked=asked)())
    assert snapshot.observations is not None
    assert [(row["area"], row["period"], row["value"]) for row in snapshot.observations.to_pylist()] == [
        ("KEN", "2009", "39824734"),
        ("KEN", "2012", "43178141"),
        ("ARB", "2012", None),
    ]
    assert [problem.value for problem in snapshot.problems] == ["ZAR"]
    assert all(request.url.params["format"] == "json" for request in asked)


def test_knows_the_letters_countries_once_had():
    """DR Congo and Romania go by their old letters in the archive, and are not lost."""
    today = by_letters([Country("COD", "Congo, Dem. Rep.", aggregate=False), Country("KEN", "Kenya", aggregate=False)])
    assert set(today) == {"COD", "ZAR", "KEN"}
    assert today["ZAR"].code == "COD"


@pytest.mark.parametrize("version", ["2014-04", "201413", "latest"])
def test_a_version_that_is_no_month_is_refused(answering: Answering, specimen: Specimen, version: str):
    """A mistyped version is told before anything is asked."""
    with pytest.raises(RequestRefused, match="not a month"):
        fetch(answering(*rules(specimen))(), version=version)


def test_another_version_than_asked_is_told(answering: Answering, specimen: Specimen):
    """A service that ignores the version must not pass today's figures off as old ones."""
    body = specimen("worldbank/archive_201404.json").replace(b'"id": "201404"', b'"id": "202607"')
    with pytest.raises(SourceChanged, match="202607 came"):
        fetch(answering(*rules(specimen, ("/sources/57/", 200, body)))())


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'[{"message": [{"id": "120", "key": "Invalid value", "value": "not valid"}]}]', RequestRefused),
        (b'{"page": 1, "pages": 1, "total": 0, "source": {"id": "57", "data": []}}', RequestRefused),
        (b'{"page": 1, "source": [{"concept": []}]}', SourceChanged),
        (b'{"page": 1, "pages": 1, "total": 1, "source": {"data": [{"value": 5}]}}', SourceChanged),
        (b'{"page": 1, "pages"', SourceChanged),
    ],
)
def test_what_is_no_answer_is_told(answering: Answering, specimen: Specimen, body: bytes, error: type[ConnectorError]):
    """A message, an empty edition, another envelope and half a body are told apart, and none replaces a snapshot."""
    with pytest.raises(error):
        fetch(answering(*rules(specimen, ("/sources/57/", 200, body)))())


def test_a_service_that_ignores_the_page_is_told(answering: Answering, specimen: Specimen):
    """The first page again in place of the second ends the asking, however many pages are announced."""
    document = json.loads(specimen("worldbank/archive_201404.json"))
    body = json.dumps(document | {"pages": 1_000_000_000}).encode()
    asked: list[httpx.Request] = []
    with pytest.raises(SourceChanged, match="rows came where 5 were announced"):
        fetch(answering(*rules(specimen, ("/sources/57/", 200, body)), asked=asked)())
    assert len(asked) == 3


def test_half_an_edition_is_none(answering: Answering, specimen: Specimen):
    """Fewer rows than announced give no snapshot."""
    document = json.loads(specimen("worldbank/archive_201404.json"))
    body = json.dumps(document | {"total": 6}).encode()
    with pytest.raises(SourceChanged, match="5 rows came where 6"):
        fetch(answering(*rules(specimen, ("/sources/57/", 200, body)))())
