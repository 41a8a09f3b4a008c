"""What every connector promises, checked.

Whoever writes one runs this in a test::

    def test_keeps_its_promises():
        check(MyConnector(), {"key": "secret"}, transport=lambda: httpx.MockTransport(replay))

`transport` makes a fresh transport that answers as the source would; the requests are the connector's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from connectors.archive import Archive, SnapshotDamaged, content_sha256
from connectors.base import Connector
from connectors.client import Client
from connectors.errors import ConnectorError
from connectors.offline.replaying import Replaying
from connectors.offline.routes import NO_KEY
from connectors.offline.saving import Saving
from connectors.probing import Probing, probe
from connectors.redaction import secrets_of
from connectors.snapshot import OBSERVATIONS, Snapshot
from geodata.cells import WITHOUT_VALUE, Cell, CellStatus
from geodata.coordinates import check_points
from geodata.coverage import CoverageManifest

_STATED = ("source", "title", "endpoint", "vintage", "vintage_kind", "licence", "attribution")
_SHA256_DIGITS = 64

#: What no source answers: pages, nothing, bytes, and JSON that has no bottom.
_GARBLED = (
    b"<html><title>Maintenance</title></html>",
    b"{}",
    b"[]",
    b"null",
    b"\x00\xff",
    b"[" * 100_000,
    b'{"data":' * 100_000,
)
_SHOWN = 40  # bytes of a body in a message


class BrokenPromises(Exception):
    """The promises a connector does not keep, one sentence each."""

    def __init__(self, promises: list[str]) -> None:
        """Join them into one message, one a line."""
        super().__init__("\n".join(promises))
        self.promises = tuple(promises)


def check(
    connector: Connector,
    request: Mapping[str, str],
    transport: Callable[[], httpx.BaseTransport] | None = None,
) -> Snapshot:
    """Fetch with a connector and hold the snapshot against the contract; return it when all promises are kept.

    Raises `BrokenPromises` with everything that is wrong, and whatever `fetch` itself raises the first time.
    """
    with Client(transport=transport() if transport else None) as client:
        snapshot = connector.fetch(client, request)
    broken = [
        *_introduction(connector),
        *_provenance(snapshot),
        *_content(snapshot),
        *_observations(snapshot),
        *_places(snapshot),
        *_secrets(snapshot, request),
        *_archived(snapshot),
    ]
    if transport is not None:
        broken += _repeated(connector, request, transport, content_sha256(snapshot))
        broken += _offline(connector, request, transport, content_sha256(snapshot))
        broken += _probed(connector, request, transport)
        broken += _garbled(connector, request)
    if broken:
        raise BrokenPromises(broken)
    return snapshot


def _introduction(connector: Connector) -> Iterator[str]:
    for part in ("name", "title"):
        if not str(getattr(connector, part, "")).strip():
            yield f"the connector has no {part}"
    if not isinstance(getattr(connector, "needs", None), Mapping):
        yield "the connector does not say what it needs (an empty mapping is an answer)"


def _provenance(snapshot: Snapshot) -> Iterator[str]:
    for part in _STATED:
        if not str(getattr(snapshot.provenance, part)).strip():
            yield f"the provenance does not state its {part}"
    if not snapshot.exchanges:
        yield "no exchange shows where the content came from"
    for exchange in snapshot.exchanges:
        if len(exchange.sha256) != _SHA256_DIGITS or exchange.retrieved_at.utcoffset() is None:
            yield f"the exchange {exchange.url} lacks a sha256 or a time with its zone"


def _content(snapshot: Snapshot) -> Iterator[str]:
    if snapshot.places is None and snapshot.observations is None:
        yield "the snapshot holds neither places nor observations"
    empty = not len(snapshot.places or ()) and not (snapshot.observations or ())
    if empty and not snapshot.provenance.caveats:
        yield "an empty snapshot must say in its caveats why it is empty"
    if snapshot.coverage == CoverageManifest():
        yield "the coverage is not declared at all: say what the list would hold, or that it lists no places"


def _observations(snapshot: Snapshot) -> Iterator[str]:
    table = snapshot.observations
    if table is None:
        return
    if not table.schema.equals(OBSERVATIONS):
        yield "the observations do not have the columns of OBSERVATIONS"
        return
    seen: set[tuple[str, ...]] = set()
    for row in table.to_pylist():
        key = tuple(str(row[part]) for part in ("area_scheme", "area", "indicator", "period"))
        if key in seen:
            yield f"two observations of {' '.join(key)}"
        seen.add(key)
        try:
            status = CellStatus(row["status"])
            Cell(None if row["value"] is None else Decimal(row["value"]), status, row["raw"])
        except (ValueError, InvalidOperation) as error:
            reasons = ", ".join(sorted(WITHOUT_VALUE))
            yield f"the cell of {' '.join(key)} is neither a value nor a reason ({error}); reasons are {reasons} …"


def _places(snapshot: Snapshot) -> Iterator[str]:
    places = snapshot.places
    if places is None:
        return
    if len(set(places.ids)) != len(places):
        yield "the ids of the places are not unique"
    wrong = [row for row, _ in check_points(places.lat, places.lon, [None] * len(places))]
    if wrong:
        yield f"{len(wrong)} places have impossible coordinates, the first is {places.ids[wrong[0]]}"


def _secrets(snapshot: Snapshot, request: Mapping[str, str]) -> Iterator[str]:
    shown = repr((snapshot.provenance, snapshot.coverage, snapshot.exchanges, snapshot.problems))
    if any(secret in shown for secret in secrets_of(request)):
        yield "a secret of the request can be read in the snapshot"


def _archived(snapshot: Snapshot) -> Iterator[str]:
    with TemporaryDirectory() as folder:
        archive = Archive(folder)
        try:
            archive.get(archive.put(snapshot))
        except SnapshotDamaged as error:
            yield f"the snapshot does not come back from the archive as it was: {error}"


def _repeated(
    connector: Connector, request: Mapping[str, str], transport: Callable[[], httpx.BaseTransport], sha256: str
) -> Iterator[str]:
    with Client(transport=_OtherDay(transport())) as client:
        again = connector.fetch(client, request)
    if content_sha256(again) != sha256:
        yield "the same answers on another day give another snapshot: something depends on HTTP headers or the time"


def _offline(
    connector: Connector, request: Mapping[str, str], transport: Callable[[], httpx.BaseTransport], sha256: str
) -> Iterator[str]:
    """Fetch once more, saving what comes, and then from what was saved, without a key."""
    keys = secrets_of(request)
    keyless = {name: NO_KEY if value in keys else value for name, value in request.items()}
    with TemporaryDirectory() as folder:
        with Client(transport=Saving(Path(folder), connector.name, keys, transport())) as client:
            connector.fetch(client, request)
        with Client(transport=Replaying(Path(folder), connector.name)) as client:
            try:
                offline = connector.fetch(client, keyless)
            except Exception as error:  # noqa: BLE001 - whatever comes out is the finding
                yield f"its answers, saved in a folder, do not do offline: {type(error).__name__} {error}"
            else:
                if content_sha256(offline) != sha256:
                    yield "its answers, saved in a folder, give another snapshot offline"
        saved = (path for path in Path(folder).rglob("*") if path.is_file())
        if any(key.encode() in path.read_bytes() for path in saved for key in keys):
            yield "a secret of the request can be read in what is saved for use offline"


def _probed(
    connector: Connector, request: Mapping[str, str], transport: Callable[[], httpx.BaseTransport]
) -> Iterator[str]:
    """Ask twice for the state, where the connector offers it: the same answers are the same state on another day."""
    if not isinstance(connector, Probing):
        return
    said: list[str | None] = []
    for asked in (transport(), _OtherDay(transport())):
        with Client(transport=asked) as client:
            try:
                said.append(connector.state(client, request))
            except Exception as error:  # noqa: BLE001 - whatever comes out is the finding
                yield f"its state cannot be told: {type(error).__name__} {error}"
                return
    if said[0] != said[1]:
        yield "the same answers on another day are another state: something depends on HTTP headers or the time"
    if any(one is not None and not (str(one) == one and one.strip()) for one in said):
        yield f"its state is {said[0]!r}: it must be a text that says something, or None"
    if any(secret in repr(said) for secret in secrets_of(request)):
        yield "a secret of the request can be read in its state"


def _garbled(connector: Connector, request: Mapping[str, str]) -> Iterator[str]:
    for body in _GARBLED:
        shown = repr(body[:_SHOWN]) + (" and so on" if len(body) > _SHOWN else "")
        answer = httpx.Response(200, content=body)
        with Client(transport=httpx.MockTransport(lambda _, answer=answer: answer)) as client:
            try:
                connector.fetch(client, request)
            except ConnectorError:
                pass
            except Exception as error:  # noqa: BLE001 - whatever else comes out is the finding
                yield f"a body of {shown} makes it raise {type(error).__name__} instead of a ConnectorError"
            else:
                yield f"a body of {shown} is taken for an answer"
            if probe(connector, client, request) is not None:
                yield f"a body of {shown} is taken for its state"


class _OtherDay(httpx.BaseTransport):
    """Answers as another transport does, a day in the future: no snapshot may depend on these headers."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._inner.handle_request(request)
        for header in ("Date", "Last-Modified", "Expires", "ETag"):
            response.headers[header] = "Fri, 01 Jan 2100 00:00:00 GMT"
        return response
