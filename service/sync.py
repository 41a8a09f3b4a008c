"""Sync: bring one official source up to date, and verify again what that touches."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from connectors.archive import content_sha256
from connectors.redaction import secrets_of
from connectors.snapshot import Snapshot
from geodata.coverage import to_dict
from service import verify
from service.context import Context
from service.errors import INTERNAL, INVALID, Problem
from service.placing import place_waiting
from service.releases.concern import Concern, concern
from service.releases.effects import NO_EFFECT, Effect, effect, mark
from service.releases.growing import Regrown, growing
from service.releases.settling import brought_in
from service.running import clock, disk
from service.sources import fetching, turns
from service.sources.fetching import How
from service.store import events, snapshots, sources, states
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
    state: str | None = None  # that the source said it is in, where that was enough and nothing was fetched


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
    found = fetching.connector_of(name)
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
    """Do what `sync` does, in a turn that the caller holds (`service.sources.turns`)."""
    how = how or How()
    with fetching.asking(context, source_id, how) as asked:
        state = fetching.state_of(asked)
        before = None if how.anew else fetching.known(context, asked, state)
        if before is not None:
            with context.store.begin() as session:
                sources.set_checked(session, source_id, clock.now())
            return replace(_result(before, Outcome.UNCHANGED), state=state)
        snapshot = fetching.fetch(context, asked)
    result, since = _brought(context, source_id, snapshot)
    told = fetching.told(asked, state, result.snapshot)
    if told is not None:
        context.store.write(lambda session: states.put(session, source_id, told))
    asked.shelf.settle()
    if since is None:
        return result
    verified = verify.pending(context, progress)
    place_waiting(context, held=True)  # the new list may say who lives around what was held back
    return replace(result, effect=effect(context, result.snapshot, since.mark, (since.waiting, verified)))


def check(context: Context, source_id: str, how: How | None = None) -> Outcome:
    """Ask a source whether it says something new, fetching it where it cannot tell. Raises as `sync` does."""
    with fetching.asking(context, source_id, how or How()) as asked:
        if fetching.known(context, asked, fetching.state_of(asked)) is not None:
            return Outcome.UNCHANGED
        snapshot = fetching.fetch(context, asked)
    with context.store.read() as session:
        before = snapshots.current(session, source_id)
    same = before is not None and before.sha256 == content_sha256(snapshot)
    return Outcome.UNCHANGED if same else Outcome.UPDATED


@dataclass(frozen=True, slots=True)
class _Since:
    """When a snapshot became the present one, and how many records have waited from then on."""

    mark: int
    waiting: int


def _brought(context: Context, source_id: str, snapshot: Snapshot) -> tuple[SyncResult, _Since | None]:
    """Make what was fetched the present snapshot, unless it is that already: then nothing began."""
    sha256 = content_sha256(snapshot)
    with context.store.read() as session:
        before = snapshots.current(session, source_id)
    if before is not None and before.sha256 == sha256 and context.archive.exists(sha256):
        with context.store.begin() as session:
            sources.set_checked(session, source_id, clock.now())
        return _result(before, Outcome.UNCHANGED), None
    entry = _entry(context, source_id, snapshot)
    concerned = concern(context, before, entry)
    regrown = growing(context, entry)
    begun = mark(context)
    waiting = context.store.write(lambda session: _make_current(session, entry, concerned, regrown))
    return _result(entry, Outcome.UPDATED), _Since(begun, waiting)


def _options(source_id: str, options: Mapping[str, str]) -> dict[str, str]:
    if not _SOURCE_ID.fullmatch(source_id):
        detail = f"{source_id!r} cannot name a source: use up to 64 small letters, digits, dots, dashes, underscores."
        raise Problem(INVALID, detail)
    if secrets_of(options):
        detail = "Options of a source are shown to others: set its key in the environment instead, as the docs say."
        raise Problem(INVALID, detail)
    return {name: str(Path(value).resolve()) if name in _PATHS else value for name, value in options.items()}


def _configure(session: Session, source_id: str, wanted: sources.Configuration) -> None:
    at = clock.now()
    sources.configure(session, source_id, wanted, at)
    events.add(session, [events.Event("source.configured", source_id, at, data={"connector": wanted.connector})])


def _entry(context: Context, source_id: str, snapshot: Snapshot) -> SnapshotEntry:
    try:
        sha256 = context.archive.put(snapshot)
    except OSError as error:
        detail = f"The archive of snapshots cannot be written: {error}"
        raise disk.problem_of(error) or Problem(INTERNAL, detail) from error
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
        retrieved_at=max((one.confirmed_at or one.retrieved_at for one in snapshot.exchanges), default=clock.now()),
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
    at = clock.now()
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
