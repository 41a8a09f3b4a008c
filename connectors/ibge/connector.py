"""IBGE, the statistical office of Brazil: localities as places, with the figures of the census as cells.

Municipalities are brought with their residents unless something else is asked for; indigenous and quilombola residents
are subjects of their own. The vintage is the day a table's figures were last changed, which its periods say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from connectors.client import Answer, Client, Question
from connectors.errors import RequestRefused, SourceChanged
from connectors.ibge import subjects, tables
from connectors.ibge.answers import MOST_VALUES, SOURCE, classify, too_many_values
from connectors.ibge.counts import counts_by_area, group_coverage
from connectors.ibge.figures import read_figures, with_absent
from connectors.ibge.localities import Listing, State, choose_states, listing, read_localities, read_states
from connectors.observations import Observation, observation_table
from connectors.outcomes import require
from connectors.snapshot import Exchange, Provenance, Snapshot
from geodata.places import Places

ENDPOINT = "https://servicodados.ibge.gov.br/api"

_SUBJECT = "population"
_LICENCE = "open data (Brazil, Lei 12.527/2011 and Decreto 8.777/2016), citing IBGE"
_LICENCE_URL = "https://www.planalto.gov.br/ccivil_03/_ato2011-2014/2011/lei/l12527.htm"
_UNDATED = "the list of localities says no date; it is the division of the day it was fetched"


class IbgeConnector:
    """Localities of Brazil and figures about them."""

    name: ClassVar[str] = SOURCE
    title: ClassVar[str] = "IBGE, Brazil: municipalities and territories; residents, indigenous and quilombola"
    needs: ClassVar[Mapping[str, str]] = {}

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring a list of localities and the figures of one table for them.

        Options: `places` (municipios unless said; estados, distritos, terras-indigenas, territorios-quilombolas);
        `subject` (population unless said; indigenous, quilombola, none), or `table` and `variables` with `classes`
        (`86[2780]|2[all]`) and, of territories, `level` (N145, their parts by state); `periods` (-1, the latest, unless
        said; 2022, or several parted by commas); `uf` (letters or numbers of states, parted by commas); `endpoint`.
        """
        reader = _Reader(client, request.get("endpoint", ENDPOINT).rstrip("/"), request.get("source") or SOURCE)
        kind = listing(request, reader.source)
        everywhere = read_states(reader.ask("v1/localidades/estados"))
        states = choose_states(everywhere, request.get("uf", ""), reader.source)
        question, subject = _question(reader, request, kind)
        rows = _rows(reader, kind, states, question)
        observations = _figures(reader, question, rows, states) if question else []
        counts = counts_by_area(observations, question, subject) if question and subject else {}
        places = Places.from_rows([{**row, "counts": counts.get(row["id"], [])} for row in rows])
        coverage = replace(kind.coverage, notes=(*kind.coverage.notes, *(question.legend if question else ())))
        if question and not kind.path:  # a list of a table is of its period, that of localities is of today
            coverage = replace(coverage, reference_date=subjects.CENSUS_NIGHTS.get(question.periods[-1].id))
        if len(states) < len(everywhere):
            coverage = replace(coverage, admin=(("uf", frozenset(state.letters for state in states)),))
        return Snapshot(
            provenance=_provenance(reader, kind, question, subject),
            coverage=group_coverage(coverage, kind.word, question, subject) if question and subject else coverage,
            exchanges=tuple(reader.exchanges),
            places=places,
            observations=observation_table(observations) if question else None,
        )

    def state(self, client: Client, request: Mapping[str, str]) -> str | None:
        """Return when the figures of each period were last changed; without figures nothing.

        The list of localities says no date: a new municipality comes with the figures for it.
        """
        reader = _Reader(client, request.get("endpoint", ENDPOINT).rstrip("/"), request.get("source") or SOURCE)
        path = _path(request, listing(request, reader.source), reader.source)
        if path is None:
            return None
        periods = tables.read_periods(reader.ask(f"{path}/periodos"))
        chosen = tables.choose_periods(periods, request.get("periods", "-1"), reader.source)
        return f"{path}: {', '.join(f'{one.id} changed {one.modified}' for one in chosen)}"


@dataclass
class _Reader:
    """One sync: asks, classifies, and remembers every exchange."""

    client: Client
    endpoint: str
    source: str

    def __post_init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def get(self, path: str, parameters: Mapping[str, str] | None = None) -> Answer:
        answer = self.client.get(Question(self.source, f"{self.endpoint}/{path}", parameters or {}))
        self.exchanges.append(answer.exchange)
        return answer

    def ask(self, path: str, parameters: Mapping[str, str] | None = None) -> Answer:
        answer = self.get(path, parameters)
        if not require(classify(answer), source=self.source, asked=path):
            msg = f"{path}: the answer is an empty list"
            raise RequestRefused(msg, source=self.source, hint="check the numbers asked for")
        return answer


def _path(request: Mapping[str, str], kind: Listing, source: str) -> str | None:
    """Return where the table stands that is asked for figures, None for no figures."""
    word, number = request.get("subject", _SUBJECT), request.get("table")
    if number is None and (word == "none" or kind.level is None):
        return None
    return f"v3/agregados/{number or subjects.named(word, source).table}"


def _question(
    reader: _Reader, request: Mapping[str, str], kind: Listing
) -> tuple[tables.Question | None, subjects.Subject | None]:
    """Return what is asked of which table, held against the table's own metadata; None for no figures."""
    path = _path(request, kind, reader.source)
    if path is None:
        return None, None
    subject = None if request.get("table") else subjects.named(request.get("subject", _SUBJECT), reader.source)
    table = tables.read_table(reader.ask(f"{path}/metadados"))
    if subject:
        subjects.confirm(subject, table, reader.source)
        variables: tuple[str, ...] = (subject.variable,)
        classes = subject.classes
    else:
        variables = tables.choose_variables(table, request.get("variables", ""), reader.source)
        classes = tables.choose_classes(table, request.get("classes", ""), reader.source)
    level = kind.level or ""
    tables.check_level(table, level, reader.source)
    periods = tables.read_periods(reader.ask(f"{path}/periodos"))
    chosen = tables.choose_periods(periods, request.get("periods", "-1"), reader.source)
    return tables.Question(table, level, chosen, variables, classes), subject


def _rows(
    reader: _Reader, kind: Listing, states: tuple[State, ...], question: tables.Question | None
) -> list[dict[str, Any]]:
    if kind.path:
        inside = (
            kind.path if kind.path == "estados" else f"estados/{'|'.join(state.id for state in states)}/{kind.path}"
        )
        rows = read_localities(reader.ask(f"v1/localidades/{inside}"), kind, states)
        return [row for row in rows if any(row["id"].startswith(state.id) for state in states)]
    if question is None:
        msg = f"a list of {kind.word} is asked of a table"
        raise RequestRefused(msg, source=reader.source, hint=f"name a table and variables published by {kind.level}")
    path = f"v3/agregados/{question.table.id}/localidades/{question.level}"
    return read_localities(reader.ask(path), kind, states)


def _figures(
    reader: _Reader, question: tables.Question, rows: list[dict[str, Any]], states: tuple[State, ...]
) -> list[Observation]:
    """Ask for everything at once, or state by state where that is too much; name what is missing."""
    observations = list(_asked(reader, question, len(rows), states))
    if not observations:
        msg = f"table {question.table.id} gave no figures"
        raise SourceChanged(msg, source=reader.source, hint="check the periods and the level asked for")
    return with_absent(observations, {row["id"]: row["names"][0] for row in rows})


def _asked(
    reader: _Reader, question: tables.Question, localities: int, states: tuple[State, ...]
) -> Iterator[Observation]:
    parted = question.level == "N6"
    ids = ",".join(state.id for state in states)
    if question.values(localities) <= MOST_VALUES or not parted:
        answer = reader.get(question.path, question.parameters(f"N3[{ids}]" if parted else "all"))
        if not (parted and too_many_values(answer)):
            require(classify(answer), source=reader.source, asked=question.path)
            yield from read_figures(answer, question)
            return
    for state in states:
        answer = reader.ask(question.path, question.parameters(f"N3[{state.id}]"))
        yield from read_figures(answer, question)


def _provenance(
    reader: _Reader, kind: Listing, question: tables.Question | None, subject: subjects.Subject | None
) -> Provenance:
    told = f"{question.table.survey}, table {question.table.id}: {question.table.name}" if question else kind.word
    return Provenance(
        source=reader.source,
        title=f"IBGE, {told}",
        endpoint=f"{reader.endpoint}/{question.path if question else f'v1/localidades/{kind.path}'}",
        vintage=question.modified.isoformat() if question else "undated",
        vintage_kind="last change of the figures" if question else "as fetched",
        licence=_LICENCE,
        licence_url=_LICENCE_URL,
        attribution=f"IBGE, {question.table.survey}" if question else "IBGE",
        caveats=(subject.caveats if subject else ()) if question else (_UNDATED,),
    )
