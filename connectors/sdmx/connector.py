"""SDMX: one dataflow of one service, by its description."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from connectors.bulk.local import read_as_exchange
from connectors.client import Answer, Client, Question
from connectors.errors import RequestRefused, SourceChanged
from connectors.observations import observation_table
from connectors.outcomes import agreed_shape, require
from connectors.sdmx.answers import SOURCE, classify, hint
from connectors.sdmx.description import Description
from connectors.sdmx.message import Message, read_message
from connectors.sdmx.observations import Expected, Read, read_observations
from connectors.sdmx.question import Asked, check_required, data_question, read_options, structure_question
from connectors.sdmx.sources import chosen
from connectors.sdmx.structure import Structure, read_structure
from connectors.snapshot import Exchange, Provenance, Snapshot

_SHOWN = 20  # codes in a hint
_CHANGED = "what was fetched before stays in use; mend the description of the source, or tell its maintainers"


class SdmxConnector:
    """Any source that is described by data: one of ours by its name, or one of a file of one's own."""

    name: ClassVar[str] = SOURCE
    title: ClassVar[str] = "SDMX: any dataflow of any service, described by data (docs/add-a-connector.md)"
    needs: ClassVar[Mapping[str, str]] = {}
    described: ClassVar[Description | None] = None  # of a source that has a name of its own

    def fetch(self, client: Client, request: Mapping[str, str]) -> Snapshot:
        """Bring one dataflow.

        Options: a dimension's name with codes parted by commas (`REF_AREA=KEN,UGA`, `*` for all), `start` and `end`
        (periods), `endpoint`. Without a name of its own: `service` (a name in sources.toml), or `description` (a TOML
        file) and `service` where that describes several. Offline: `path` of a data message, and `metadata`, a saved
        structure message.
        """
        source = request.get("source") or self.name
        described = self.described or chosen(request, source)
        asked = read_options(described, request, source)
        if request.get("path"):
            return _from_file(described, asked, request, source)
        check_required(described, asked, source)
        reader = _Reader(client, described, request.get("endpoint", described.endpoint).rstrip("/"), source)
        structure = reader.structure() if described.structure else None
        if structure:
            _check_codes(structure, described, asked, source)
        names = structure.names(described.flow.id, described.area) if structure else {}
        message = reader.message(asked)
        read = Read((), (), _flow(structure, described), "", "")
        if message is not None:
            read = read_observations(message, Expected(described, asked, names, source))
        return _snapshot(described, read, tuple(reader.exchanges), source)


class _Reader:
    """One sync: asks for the structure, then for the figures, and remembers every exchange."""

    def __init__(self, client: Client, described: Description, endpoint: str, source: str) -> None:
        self.exchanges: list[Exchange] = []
        self._client, self._described, self._endpoint, self._source = client, described, endpoint, source

    def structure(self) -> Structure:
        """Return the structure, once it agrees with the description. Raises `SourceChanged` when it does not."""
        described = self._described
        answer = self._ask(structure_question(described, self._endpoint, self._source))
        found = classify(answer)
        if not require(found, source=self._source, asked=f"the structure of {described.flow}"):
            msg = f"there is no dataflow {described.flow}"
            raise RequestRefused(msg, source=self._source, hint="look up its present version, and describe that")
        with agreed_shape(self._source, f"the structure of {described.flow}"):
            structure = read_structure(answer.body)
        _check_key(structure, described, self._source)
        return structure

    def message(self, asked: Asked) -> Message | None:
        """Return the data message; None when the service says there is nothing."""
        described = self._described
        answer = self._ask(data_question(described, asked, self._endpoint, self._source))
        found = classify(answer)
        better = hint(found, described.dimensions)
        if not require(found, source=self._source, asked=str(described.flow), hint=better):
            return None
        with agreed_shape(self._source, f"the answer about {described.flow}"):
            return read_message(answer.body)

    def _ask(self, question: Question) -> Answer:
        if self.exchanges:
            time.sleep(self._described.pause_s)
        answer = self._client.get(question)
        self.exchanges.append(answer.exchange)
        return answer


def _check_key(structure: Structure, described: Description, source: str) -> None:
    key = structure.key(described.flow.id)
    if not key:
        msg = f"the structure of {described.flow} does not say its dimensions"
        raise SourceChanged(msg, source=source, hint=_CHANGED)
    if key != described.dimensions:
        msg = f"the dimensions of {described.flow} were {'.'.join(described.dimensions)} and are {'.'.join(key)}"
        raise SourceChanged(msg, source=source, hint=_CHANGED)


def _check_codes(structure: Structure, described: Description, asked: Asked, source: str) -> None:
    """Refuse codes that do not exist: a service would answer that there is nothing, as if nothing were published."""
    for dimension, codes in asked.codes.items():
        known = structure.names(described.flow.id, dimension)
        if known and (unknown := sorted(codes - set(known))):
            msg = f"{dimension} of {described.flow} has no code {', '.join(unknown)}"
            some = ", ".join(f"{code} ({name})" for code, name in list(known.items())[:_SHOWN])
            raise RequestRefused(msg, source=source, hint=f"codes are {some}{' …' if len(known) > _SHOWN else ''}")


def _flow(structure: Structure | None, described: Description) -> str:
    flow = structure.flows.get(described.flow.id) if structure else None
    return flow.name if flow else str(described.flow)


def _from_file(described: Description, asked: Asked, request: Mapping[str, str], source: str) -> Snapshot:
    path, metadata = Path(request["path"]), request.get("metadata")
    exchanges = [read_as_exchange(path, source)]
    names: Mapping[str, str] = {}
    if metadata:
        exchanges.append(read_as_exchange(Path(metadata), source))
        with agreed_shape(source, Path(metadata).name):
            structure = read_structure(Path(metadata).read_bytes())
        _check_key(structure, described, source)
        names = structure.names(described.flow.id, described.area)
    with agreed_shape(source, path.name):
        message = read_message(path.read_bytes())
    return _snapshot(
        described, read_observations(message, Expected(described, asked, names, source)), tuple(exchanges), source
    )


def _snapshot(described: Description, read: Read, exchanges: tuple[Exchange, ...], source: str) -> Snapshot:
    nothing = () if read.observations else (f"nothing is published in {described.flow} for what was asked",)
    return Snapshot(
        provenance=Provenance(
            source=source,
            title=described.title,
            endpoint=exchanges[-1].url,
            vintage=read.updated or read.flow,
            vintage_kind="last update" if read.updated else "version of the dataflow",
            licence=read.licence or described.licence,
            licence_url=described.licence_url,
            attribution=described.attribution,
            caveats=(*described.caveats, *nothing),
        ),
        coverage=described.coverage,
        exchanges=exchanges,
        observations=observation_table(read.observations),
        problems=read.problems,
    )
