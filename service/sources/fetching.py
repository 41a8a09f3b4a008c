"""Fetching: ask one source, through its connector, with its options and keys; or only whether anything is new."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from connectors import catalogue
from connectors.base import Connector
from connectors.client import Client
from connectors.errors import ConnectorError, NothingThere
from connectors.kept.shelf import Shelf
from connectors.offline.routes import ONLINE, Route
from connectors.probing import holds, probe
from connectors.progress import Progress, silent
from connectors.redaction import blot
from connectors.snapshot import Snapshot
from service.context import Context
from service.errors import INVALID, NOT_FOUND, Problem
from service.store import sources, states
from service.store.sources import Configuration
from service.store.states import State
from service.store.values import SnapshotEntry


@dataclass(frozen=True, slots=True)
class How:
    """How a source is fetched: who hears how many bytes and rows came, and where the answers come from.

    `anew` fetches everything, whatever the source says of its state and whatever is kept of its files.
    """

    heard: Progress = silent
    route: Route = ONLINE
    anew: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """A source that is being asked."""

    source: str
    connector: Connector
    request: Mapping[str, str]
    client: Client
    shelf: Shelf
    keys: tuple[str, ...]
    fingerprint: str  # of connector, version and options
    probes: bool  # whether hearing of its state is enough
    began: datetime


def connector_of(name: str) -> Connector:
    """Return an installed connector. Raises `Problem` (invalid)."""
    try:
        return catalogue.connector(name)
    except catalogue.UnknownConnector as error:
        detail = f"{error}; {error.hint}."
        raise Problem(INVALID, detail) from error


@contextmanager
def asking(context: Context, source_id: str, how: How) -> Iterator[Asking]:
    """Give a source to be asked in the block. Raises `Problem` (not found)."""
    with context.store.read() as session:
        configured = sources.configuration(session, source_id)
    if configured is None:
        detail = f"There is no source {source_id}."
        raise Problem(NOT_FOUND, detail)
    connector = connector_of(configured.connector)
    keys = {need: key for need in connector.needs if (key := context.settings.key(connector.name, need))}
    request = how.route.request(source_id, keys | configured.options | {"source": source_id}, connector.needs)
    shelf = Shelf(context.settings.kept / source_id)
    if how.anew:
        shelf.forget()
    transport = how.route.transport(source_id, tuple(keys.values()), shelf)
    with Client(context.settings.contact, transport=transport, progress=how.heard) as client:
        client.hide(keys.values())
        client.allow(context.settings.allowed)
        yield Asking(
            source=source_id,
            connector=connector,
            request=request,
            client=client,
            shelf=shelf,
            keys=tuple(keys.values()),
            fingerprint=_fingerprint(configured),
            probes=how.route.probes,
            began=datetime.now(UTC),
        )


def state_of(asked: Asking) -> str | None:
    """Return the state a source says it is in, None where it says nothing; no key shows in it."""
    said = probe(asked.connector, asked.client, asked.request) if asked.probes else None
    return None if said is None else blot(said, asked.keys)


def known(context: Context, asked: Asking, state: str | None) -> SnapshotEntry | None:
    """Return the present snapshot of a source where it was fetched in this very state, None where that is not sure."""
    with context.store.read() as session:
        before = sources.get(session, asked.source).current
        told = states.get(session, asked.source)
    if state is None or before is None or told is None:
        return None
    same = (told.fingerprint, told.state, told.snapshot) == (asked.fingerprint, state, before.sha256)
    fresh = same and holds(state, told.fetched_at, asked.began)
    return before if fresh and context.archive.exists(before.sha256) else None


def told(asked: Asking, state: str | None, snapshot: str) -> State | None:
    """Return what is to be kept of a state for the next time."""
    return None if state is None else State(asked.fingerprint, state, snapshot, asked.began)


def fetch(context: Context, asked: Asking) -> Snapshot:
    """Fetch a source. Raises its `ConnectorError`, which is kept beside the source."""
    try:
        snapshot = _with_content(asked.source, asked.connector.fetch(asked.client, asked.request))
    except ConnectorError as error:
        said = blot(f"{error}; {error.hint}", asked.keys)
        with context.store.begin() as session:
            sources.set_checked(session, asked.source, datetime.now(UTC), said)
        raise
    return replace(snapshot, provenance=replace(snapshot.provenance, source=asked.source))


def _with_content(source_id: str, snapshot: Snapshot) -> Snapshot:
    """Refuse an empty answer: a wrong code must not take the place of a list that says something."""
    if snapshot.places or (snapshot.observations is not None and snapshot.observations.num_rows):
        return snapshot
    msg = "the source answered that it holds nothing for this question"
    raise NothingThere(msg, source=source_id, hint="check the year, the codes and the areas asked for")


def _fingerprint(configured: Configuration) -> str:
    said = (configured.connector, catalogue.version_of(configured.connector), configured.options)
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
