"""Sync: bring one official source up to date, and verify again what that touches."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from connectors import catalogue
from connectors.archive import content_sha256
from connectors.base import Connector
from connectors.client import Client
from connectors.errors import ConnectorError, NothingThere
from connectors.offline.routes import ONLINE, Route
from connectors.progress import Progress as Fetching
from connectors.progress import silent as unheard
from connectors.redaction import blot, secrets_of
from connectors.snapshot import Snapshot
from geodata.coverage import to_dict
from service import turns, verify
from service.context import Context
from service.errors import INTERNAL, INVALID, NOT_FOUND, Problem
from service.releases.concern import Concern, concern
from service.releases.effects import NO_EFFECT, Effect, effect, mark
from service.releases.growing import Regrown, growing
from service.releases.settling import brought_in
from service.store import events, snapshots, sources
from service.store.engine import Session
from service.store.values import SnapshotEntry, SourceEntry
from service.verify import Progress, silent

#: Options that name files. They are kept whole, so that the next sync may start from another directory.
_PATHS = frozenset({"path", "metadata", "reference", "description"})

_SOURCE_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


class Outcome(StrEnum):
    """Whether the source says something else than before."""

    UNCHANGED = "unchanged"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class How:
    """How a source is fetched: who hears how many bytes and rows came, and where the answers come from."""

    heard: Fetching = unheard
    route: Route = ONLINE


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a sync came to; the sizes are in rows."""

    source: str
    outcome: Outcome
    snapshot: str  # sha256 of the present snapshot
    places: int
    observations: int
    problems: int  # rows that could not be kept
    effect: Effect = NO_EFFECT  # on records and flags
    broken_off: datetime | None = None  # when a sync began that died; this one began anew


def configure(
    context: Context, source_id: str, connector: str | None = None, options: Mapping[str, str] | None = None
) -> SourceEntry:
    """Follow a source, or change how it is fetched; saying the same again changes nothing.

    Without a connector the one stays that the source has, or the one that bears the source's name is taken; without
    options those stay that the source has. Raises `Problem` (invalid) for an identifier that is none, an unknown
    connector, or an option that is a secret: secrets come from the settings, because options are shown.
    """
    with context.store.read() as session:
        before = sources.configuration(session, source_id)
    name = connector or (before.connector if before else source_id)
    found = _connector(name)
    chosen = _options(source_id, options or {}) or (before.options if before and before.connector == name else {})
    wanted = sources.Configuration(name, chosen.get("title", found.title), chosen)
    if wanted != before:
        context.store.write(lambda session: _configure(session, source_id, wanted))
    with context.store.read() as session:
        return sources.get(session, source_id)


def sync(context: Context, source_id: str, progress: Progress = silent, how: How | None = None) -> SyncResult:
    """Fetch a source; when it says something new, make that its present snapshot and verify the records it touches.

    Old snapshots stay in the archive as evidence. `progress` is told about the records verified. Raises `Problem` (not
    found, or busy where another process is at work on the source), or the `ConnectorError` of a source that cannot be
    fetched, which is kept beside the source; whatever was present before then stays present. So it does when the
    process is killed on the way: the next sync begins anew, and says so.
    """
    with turns.turn(context, source_id) as turn:
        return replace(within_turn(context, source_id, progress, how), broken_off=turn.broken_off)


def within_turn(context: Context, source_id: str, progress: Progress = silent, how: How | None = None) -> SyncResult:
    """Do what `sync` does, in a turn that the caller holds (`service.turns`)."""
    snapshot = _fetched(context, source_id, how or How())
    sha256 = content_sha256(snapshot)
    with context.store.read() as session:
        before = snapshots.current(session, source_id)
    if before is not None and before.sha256 == sha256 and context.archive.exists(sha256):
        with context.store.begin() as session:
            sources.set_checked(session, source_id, datetime.now(UTC))
        return _result(before, Outcome.UNCHANGED)
    entry = _entry(context, source_id, snapshot)
    concerned = concern(context, before, entry)
    regrown = growing(context, entry)
    since = mark(context)
    waiting = context.store.write(lambda session: _make_current(session, entry, concerned, regrown))
    verified = verify.pending(context, progress)
    result = _result(entry, Outcome.UPDATED)
    return replace(result, effect=effect(context, entry.sha256, since, (waiting, verified)))


def check(context: Context, source_id: str, how: How | None = None) -> Outcome:
    """Fetch a source and say whether it says something new, keeping nothing. Raises as `sync` does."""
    snapshot = _fetched(context, source_id, how or How())
    with context.store.read() as session:
        before = snapshots.current(session, source_id)
    same = before is not None and before.sha256 == content_sha256(snapshot)
    return Outcome.UNCHANGED if same else Outcome.UPDATED


def _connector(name: str) -> Connector:
    try:
        return catalogue.connector(name)
    except catalogue.UnknownConnector as error:
        detail = f"{error}; {error.hint}."
        raise Problem(INVALID, detail) from error


def _options(source_id: str, options: Mapping[str, str]) -> dict[str, str]:
    if not _SOURCE_ID.fullmatch(source_id):
        detail = f"{source_id!r} cannot name a source: use up to 64 small letters, digits, dots, dashes, underscores."
        raise Problem(INVALID, detail)
    if secrets_of(options):
        detail = "Options of a source are shown to others: set its key in the environment instead, as the docs say."
        raise Problem(INVALID, detail)
    return {name: str(Path(value).resolve()) if name in _PATHS else value for name, value in options.items()}


def _configure(session: Session, source_id: str, wanted: sources.Configuration) -> None:
    at = datetime.now(UTC)
    sources.configure(session, source_id, wanted, at)
    events.add(session, [events.Event("source.configured", source_id, at, data={"connector": wanted.connector})])


def _fetched(context: Context, source_id: str, how: How) -> Snapshot:
    with context.store.read() as session:
        configured = sources.configuration(session, source_id)
    if configured is None:
        detail = f"There is no source {source_id}."
        raise Problem(NOT_FOUND, detail)
    connector = _connector(configured.connector)
    keys = {need: key for need in connector.needs if (key := context.settings.key(connector.name, need))}
    request = how.route.request(source_id, keys | configured.options | {"source": source_id}, connector.needs)
    try:
        transport = how.route.transport(source_id, tuple(keys.values()))
        with Client(context.settings.contact, transport=transport, progress=how.heard) as client:
            client.hide(keys.values())
            fetched = connector.fetch(client, request)
        snapshot = _with_content(source_id, fetched)
    except ConnectorError as error:
        said = blot(f"{error}; {error.hint}", keys.values())
        with context.store.begin() as session:
            sources.set_checked(session, source_id, datetime.now(UTC), said)
        raise
    return replace(snapshot, provenance=replace(snapshot.provenance, source=source_id))


def _with_content(source_id: str, snapshot: Snapshot) -> Snapshot:
    """Refuse an empty answer: a wrong code must not take the place of a list that says something."""
    if snapshot.places or (snapshot.observations is not None and snapshot.observations.num_rows):
        return snapshot
    msg = "the source answered that it holds nothing for this question"
    raise NothingThere(msg, source=source_id, hint="check the year, the codes and the areas asked for")


def _entry(context: Context, source_id: str, snapshot: Snapshot) -> SnapshotEntry:
    try:
        sha256 = context.archive.put(snapshot)
    except OSError as error:
        detail = f"The archive of snapshots cannot be written: {error}"
        raise Problem(INTERNAL, detail) from error
    said = snapshot.provenance
    with context.store.read() as session:
        configured = sources.get(session, source_id)
    return SnapshotEntry(
        sha256=sha256,
        source=source_id,
        connector=configured.connector,
        title=said.title,
        vintage=said.vintage,
        vintage_kind=said.vintage_kind,
        licence=said.licence,
        licence_url=said.licence_url,
        attribution=said.attribution,
        endpoint=said.endpoint,
        retrieved_at=max((exchange.retrieved_at for exchange in snapshot.exchanges), default=datetime.now(UTC)),
        places=0 if snapshot.places is None else len(snapshot.places),
        observations=0 if snapshot.observations is None else snapshot.observations.num_rows,
        problems=len(snapshot.problems),
        coverage=to_dict(snapshot.coverage),
        current=True,
        bytes=context.archive.size(sha256),
    )


def _make_current(session: Session, entry: SnapshotEntry, concerned: Concern, regrown: Regrown) -> int:
    """Exchange the snapshot and mark what it touches, in one transaction; return how many records wait.

    A crash afterwards loses no verification.
    """
    at = datetime.now(UTC)
    before = snapshots.current(session, entry.source)
    snapshots.make_current(session, entry, at)
    sources.set_checked(session, entry.source, at)
    lists = [one for one in (before, entry) if one is not None and one.places]
    waiting = brought_in(session, entry, concerned.given(before), _countries(lists)) if lists else 0
    waiting += regrown.brought_in(session)
    data = {"source": entry.source, "before": before.sha256 if before else None}
    events.add(session, [events.Event("snapshot.made_current", entry.sha256, at, data=data)])
    return waiting


def _countries(lists: list[SnapshotEntry]) -> frozenset[str] | None:
    """Return the countries the lists may hold places of, None for any."""
    declared = [frozenset(one.coverage.get("countries", ())) for one in lists]
    return frozenset().union(*declared) if all(declared) else None


def _result(entry: SnapshotEntry, outcome: Outcome) -> SyncResult:
    return SyncResult(entry.source, outcome, entry.sha256, entry.places, entry.observations, entry.problems)
