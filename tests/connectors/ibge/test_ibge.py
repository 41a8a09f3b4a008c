"""IBGE: localities become places with their counts, marks become zeros or reasons, and refusals are told apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import httpx
import pytest

from connectors.client import Client
from connectors.contract import check
from connectors.errors import ConnectorError, RequestRefused, SourceChanged, SourceUnavailable
from connectors.ibge import IbgeConnector
from connectors.ibge.figures import read_cell
from connectors.snapshot import Snapshot
from geodata.cells import Cell, CellStatus
from geodata.counts.coverage import Basis, CountCoverage, Universe
from geodata.coverage import Completeness

Answering = Callable[..., Callable[[], httpx.MockTransport]]
Specimen = Callable[[str], bytes]
Rules = list[tuple[str, int, bytes]]

INDIGENOUS = {"subject": "indigenous"}
TERRITORIES = {
    "places": "territorios-quilombolas",
    "table": "9723",
    "variables": "7079",
    "level": "N145",
}


@pytest.fixture
def rules(specimen: Specimen) -> Callable[..., Rules]:
    """Return what the services answer, with other answers put before."""

    def make(*first: tuple[str, int, bytes]) -> Rules:
        tables = [
            (f"/{table}/{part}", 200, specimen(f"ibge/{name}.json"))
            for table in ("9718", "4709", "9723")
            for part, name in [
                ("metadados", f"metadados_{table}"),
                ("periodos/", f"figures_{table}"),
                ("periodos", "periodos"),
            ]
        ]
        return [
            *first,
            *tables,
            ("/9723/localidades/N145", 200, specimen("ibge/territorios_9723.json")),
            ("/distritos", 200, specimen("ibge/distritos.json")),
            ("/municipios", 200, specimen("ibge/municipios.json")),
            ("/estados", 200, specimen("ibge/estados.json")),
        ]

    return make


def fetch(transport: httpx.BaseTransport, **options: str) -> Snapshot:
    """Fetch over a transport."""
    with Client(transport=transport) as client:
        return IbgeConnector().fetch(client, options)


def cells(snapshot: Snapshot) -> dict[str, tuple[str | None, str]]:
    """Return area -> (value, status)."""
    assert snapshot.observations is not None
    return {row["area"]: (row["value"], row["status"]) for row in snapshot.observations.to_pylist()}


@pytest.mark.parametrize(
    "request_", [{}, INDIGENOUS, TERRITORIES, {"places": "distritos"}, {"subject": "none", "uf": "AM,51"}]
)
def test_keeps_the_contract(answering: Answering, rules: Callable[..., Rules], request_: dict[str, str]):
    """All promises of a connector hold, for lists with figures and without."""
    snapshot = check(IbgeConnector(), request_, answering(*rules()))
    assert snapshot.places is not None
    assert len(snapshot.places)


def test_every_mark_keeps_its_meaning(answering: Answering, rules: Callable[..., Rules]):
    """A dash is a true zero, X is suppressed, three dots are not available, a missing row is absent (IB2)."""
    snapshot = fetch(answering(*rules())(), **INDIGENOUS)
    assert cells(snapshot) == {
        "1300029": ("0", "true_zero"),
        "1303809": ("48256", "observed"),
        "5101837": (None, "absent_cell"),
        "5103403": (None, "suppressed"),
        "5105101": (None, "not_available"),
    }
    assert snapshot.observations is not None
    assert set(snapshot.observations.column("indicator").to_pylist()) == {"t/9718/v/350/c1714/60024/c2661/32776"}
    assert set(snapshot.observations.column("area_scheme").to_pylist()) == {"ibge-mun"}


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("-", Cell(Decimal(0), CellStatus.TRUE_ZERO, "-")),
        ("0", Cell(Decimal(0), CellStatus.ROUNDED_ZERO, "0")),
        ("0.00", Cell(Decimal("0.00"), CellStatus.ROUNDED_ZERO, "0.00")),
        ("..", Cell(None, CellStatus.NOT_APPLICABLE, "..")),
        ("...", Cell(None, CellStatus.NOT_AVAILABLE, "...")),
        ("X", Cell(None, CellStatus.SUPPRESSED, "X")),
        ("-12.5", Cell(Decimal("-12.5"), CellStatus.OBSERVED, "-12.5")),
        (None, Cell(None, CellStatus.NOT_AVAILABLE, "null")),
        ("", Cell(None, CellStatus.NOT_AVAILABLE, "")),
    ],
)
def test_reads_marks_and_numbers(text: str | None, cell: Cell):
    """Each printed sign has one meaning."""
    assert read_cell(text) == cell


@pytest.mark.parametrize("text", ["1.234.567", "12,4", "NaN", "Infinity", "x"])
def test_an_unknown_mark_is_no_number(text: str):
    """What is neither a number nor a known mark stops the reading instead of becoming a figure."""
    with pytest.raises(ValueError, match="neither a number nor a known mark"):
        read_cell(text)


def test_a_municipality_is_counted_even_where_nobody_is(answering: Answering, rules: Callable[..., Rules]):
    """737 dashes are 737 counts of zero, of the group that was asked about; the suppressed one beside is no zero."""
    listed = [{"id": 5100000 + number, "nome": f"Município {number}"} for number in range(740)]
    marks = ["-"] * 737 + ["X", "5", "..."]
    series = [
        {
            "localidade": {"id": str(one["id"]), "nivel": {"id": "N6", "nome": "Município"}, "nome": one["nome"]},
            "serie": {"2022": mark},
        }
        for one, mark in zip(listed, marks, strict=True)
    ]
    figures = [
        {
            "id": "350",
            "variavel": "Pessoas indígenas",
            "unidade": "Pessoas",
            "resultados": [{"classificacoes": [], "series": series}],
        }
    ]
    first = [
        ("/periodos/2022", 200, json.dumps(figures).encode()),
        ("/municipios", 200, json.dumps(listed).encode()),
    ]
    places = fetch(answering(*rules(*first))(), **INDIGENOUS).places
    assert places is not None
    counts = [counts[0] for counts in places.column("counts").to_pylist()]
    assert [count["value"] for count in counts] == [0.0] * 737 + [None, 5.0, None]
    assert [count["status"] for count in counts[736:]] == ["true_zero", "suppressed", "observed", "not_available"]
    assert {count["group"] for count in counts} == {"Pessoas indígenas"}


def test_municipalities_are_places(answering: Answering, rules: Callable[..., Rules]):
    """Each has its codes as text, its state also where the old regions are null, its residents and their night."""
    snapshot = fetch(answering(*rules())())
    assert snapshot.places is not None
    rows = {row["id"]: row for row in snapshot.places.table.to_pylist()}
    assert set(rows) == {"1300029", "1303809", "5101837", "5103403", "5105101"}
    new = rows["5101837"]
    assert dict(new["admin"]) == {"ibge-mun": "5101837", "ibge-uf": "51", "uf": "MT", "state": "Mato Grosso"}
    assert (new["kind"], new["level"], new["parent"], new["counts"]) == (
        "municipality",
        "município",
        "Mato Grosso",
        [],
    )
    (count,) = rows["5103403"]["counts"]
    assert (count["value"], count["unit"], count["group"], count["date"]) == (650877, "persons", None, date(2022, 8, 1))


def test_says_what_it_would_list_and_whom_it_counts(answering: Answering, rules: Callable[..., Rules]):
    """The list names every municipality of today and no village; the table says which group it asked about."""
    snapshot = fetch(answering(*rules())(), **INDIGENOUS)
    coverage = snapshot.coverage
    assert coverage.counts == CountCoverage(Basis.CENSUS, universe=Universe.USUAL_RESIDENTS)
    assert (coverage.completeness, coverage.lowest_level) == (Completeness.EXHAUSTIVE, "município")
    assert coverage.reference_date is None
    assert coverage.groups is not None
    (variable,) = coverage.groups.variables
    assert [category.group for category in variable.categories] == ["indigenous-brazil"]
    assert snapshot.provenance.caveats[0].startswith("indigenous by colour or race, or")


def test_the_vintage_is_the_last_change_of_the_figures(answering: Answering, rules: Callable[..., Rules]):
    """`modificacao` of the period counts; a mere list of localities says that it has no date."""
    assert fetch(answering(*rules())()).provenance.vintage == "2024-05-06"
    provenance = fetch(answering(*rules())(), subject="none").provenance
    assert (provenance.vintage, len(provenance.caveats)) == ("undated", 1)


def test_territories_are_listed_by_their_table(answering: Answering, rules: Callable[..., Rules]):
    """A territory goes by its name with and without the state, and says nothing about the communities inside."""
    snapshot = fetch(answering(*rules())(), **TERRITORIES)
    assert snapshot.places is not None
    first = snapshot.places.table.to_pylist()[0]
    assert [name["text"] for name in first["names"]] == ["Território A (MT)", "Território A"]
    assert dict(first["admin"]) == {"ibge-tq-uf": "1"}
    assert snapshot.coverage.excludes == frozenset({"settlement"})
    assert snapshot.coverage.reference_date == date(2022, 8, 1)
    assert cells(snapshot) == {"1": ("312", "observed"), "2": ("0", "rounded_zero")}


def test_one_object_is_read_like_a_list_of_one(answering: Answering, rules: Callable[..., Rules], specimen: Specimen):
    """A state with a single municipality may be answered with the object itself (IB1)."""
    one = ("/municipios", 200, specimen("ibge/municipio_1300029.json"))
    places = fetch(answering(*rules(one))(), subject="none").places
    assert places is not None
    assert places.primary_names == ["Alvarães"]


def test_too_many_values_are_asked_for_state_by_state(
    answering: Answering, rules: Callable[..., Rules], specimen: Specimen
):
    """The refusal of the service leads to smaller questions, not to a failed sync (IB3)."""
    asked: list[httpx.Request] = []
    refused = ("N6%5BN3%5B13%2C51%5D%5D", 400, specimen("ibge/too_many_values.txt"))
    both = json.loads(specimen("ibge/figures_9718.json"))
    halves = []
    for state in ("13", "51"):
        half = json.loads(json.dumps(both))
        result = half[0]["resultados"][0]
        result["series"] = [one for one in result["series"] if one["localidade"]["id"].startswith(state)]
        halves.append((f"N6%5BN3%5B{state}%5D%5D", 200, json.dumps(half).encode()))
    snapshot = fetch(answering(*rules(refused, *halves), asked=asked)(), **INDIGENOUS)
    assert len(cells(snapshot)) == 5
    where = [one.url.params["localidades"] for one in asked if "localidades" in one.url.params]
    assert where == ["N6[N3[13,51]]", "N6[N3[13]]", "N6[N3[51]]"]


def test_what_is_certainly_too_much_is_not_asked_for_at_once(
    answering: Answering, rules: Callable[..., Rules], monkeypatch: pytest.MonkeyPatch
):
    """Five municipalities by one value are over a limit of four, so nothing is asked that would be refused."""
    asked: list[httpx.Request] = []
    monkeypatch.setattr("connectors.ibge.connector.MOST_VALUES", 4)
    body = [{"id": "93", "variavel": "População residente", "unidade": "Pessoas", "resultados": []}]
    fetched = answering(*rules(("N6%5BN3%5B51%5D%5D", 200, json.dumps(body).encode())), asked=asked)
    fetch(fetched())
    where = [one.url.params["localidades"] for one in asked if "localidades" in one.url.params]
    assert where == ["N6[N3[13]]", "N6[N3[51]]"]


def test_a_subject_is_believed_only_as_its_table_says(
    answering: Answering, rules: Callable[..., Rules], specimen: Specimen
):
    """A table that became a survey of Internet use, or whose variable counts others, is not taken for the census."""
    for was, now in (("Censo Demográfico", "PNAD Contínua"), ("Pessoas indígenas", "Pessoas que utilizaram Internet")):
        body = specimen("ibge/metadados_9718.json").replace(was.encode(), now.encode())
        with pytest.raises(SourceChanged, match="table 9718"):
            fetch(answering(*rules(("/metadados", 200, body)))(), **INDIGENOUS)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"places": "aldeias"}, "places=aldeias"),
        ({"subject": "roma"}, "'roma' is no subject"),
        ({"uf": "ZZ"}, "uf=ZZ"),
        ({"table": "9718", "variables": "351"}, "351 not among the variables of table 9718: 350, 93"),
        ({"table": "9718"}, "no variable not among"),
        ({"table": "9718", "variables": "350", "classes": "1714[1]"}, "1 not among the categories"),
        ({"table": "9718", "variables": "350", "classes": "86[2780]"}, "86 not among the classifications"),
        ({"table": "9718", "variables": "350", "classes": "86=2780"}, "cannot be read"),
        ({"periods": "1991"}, "1991 not among the periods: 2022"),
        ({"places": "terras-indigenas"}, "N1125 not among the levels of table 4709"),
        ({"places": "terras-indigenas", "subject": "none"}, "asked of a table"),
        ({"places": "terras-indigenas", "uf": "AM"}, "not listed by state"),
        ({"level": "N3"}, "the level of municipios is N6"),
    ],
)
def test_a_wrong_question_is_told_with_what_there_is(
    answering: Answering, rules: Callable[..., Rules], options: dict[str, str], said: str
):
    """The user reads which word or number is wrong, and which there are."""
    with pytest.raises(RequestRefused) as caught:
        fetch(answering(*rules())(), **options)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((200, b""), RequestRefused),
        ((200, b"[]"), RequestRefused),
        ((404, b'{"message": "not found"}'), RequestRefused),
        ((400, b"Parametro invalido"), RequestRefused),
        ((200, b'{"statusCode": 500,"message": "Internal server error"}'), SourceUnavailable),
        ((500, b'{"statusCode": 500,"message": "Internal server error"}'), SourceUnavailable),
        ((200, b"<html>manutencao</html>"), SourceChanged),
        ((200, b'[{"id": 13, "sigla": "AM"'), SourceChanged),
        ((200, b'[{"codigo": 13}]'), SourceChanged),
        ((200, b"5"), SourceChanged),
    ],
)
def test_what_is_no_answer_is_told_apart(
    answering: Answering, rules: Callable[..., Rules], answer: tuple[int, bytes], error: type[ConnectorError]
):
    """Nothing, an error in a 200, a page, half a body and another shape each raise what they are."""
    with pytest.raises(error):
        fetch(answering(*rules(("/estados", *answer)))())


def test_a_redirect_to_another_host_is_not_followed():
    """The service sending us elsewhere is a changed source that is told with the address, not a place to ask."""
    transport = httpx.MockTransport(lambda _: httpx.Response(302, headers={"Location": "https://elsewhere.example/"}))
    with pytest.raises(SourceChanged, match=r"elsewhere\.example"):
        fetch(transport)
