"""Looks at the database: whether it is there, whole, of this version, guarded, and its chain of events sound."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from service.auditing import verifying
from service.auditing.verifying import Step
from service.configuration.settings import Settings
from service.health.doctor.finding import Finding, State, looked, well
from service.store import health
from service.store.engine import Store
from service.store.migrate import head, revision_of

#: By how much clocks of machines that share a database may differ.
_CLOCKS = timedelta(seconds=60)
_STILL = timedelta(hours=1)  # after which an import that does not move is stuck
_IDLE = timedelta(days=180)  # after which a key without a trace is worth a look

_RESTORE = "Stop the service, keep a copy of what is there, and restore the last backup: uncounted restore FILE."


def examine(store: Store, settings: Settings, step: Step) -> Iterator[Finding]:
    """Look at everything in turn; where one look finds that the next make no sense, they are left out."""
    file = Path(str(store.url.database)) if store.embedded else None
    if file is not None and not file.exists():
        mend = "uncounted migrate makes one. If there was one, look at UNCOUNTED_DATA_DIR, or restore a backup."
        yield Finding("database", State.WRONG, f"there is no file {file}", mend)
        return
    reached = looked("database", partial(_reached, store), _reaching(settings))
    yield reached
    if reached.state is not State.WELL:
        return
    if store.embedded:
        yield looked("database file", partial(_whole, store), _RESTORE)
    migrated = looked("migrations", partial(_migrated, store), "uncounted migrate")
    yield migrated
    if migrated.state is not State.WELL:
        return
    yield looked("references", partial(_referred, store), _RESTORE)
    yield looked("guards", partial(_guarded, store), _RESTORE)
    yield looked("audit chain", partial(_chained, store, step), _RESTORE)
    yield looked("clock", partial(_clock, store), "Set this machine's clock, e.g. by NTP.")
    yield looked(
        "work", partial(_work, store), "Start the service: it takes up what was left. See its log if it stays."
    )
    yield looked("keys", partial(_keys, store), "uncounted keys list")


def _reached(store: Store) -> Finding:
    revision_of(store)
    return well("database", f"{store.url.render_as_string(hide_password=True)} answers")


def _reaching(settings: Settings) -> str:
    if settings.database_url and not settings.database_url.startswith("sqlite"):
        return "Start PostgreSQL, and check UNCOUNTED_DATABASE_URL and the network between."
    return _RESTORE


def _whole(store: Store) -> Finding:
    with store.read() as session:
        faults = health.faults(session)
    if faults:
        return Finding("database file", State.WRONG, f"damaged: {'; '.join(faults[:3])}", _RESTORE)
    return well("database file", "every page is whole")


def _migrated(store: Store) -> Finding:
    found, wanted = revision_of(store), head()
    if found == wanted:
        return well("migrations", f"revision {found}")
    seen = f"revision {found or 'none'}, and this version needs {wanted}"
    return Finding("migrations", State.WRONG, seen, "uncounted migrate, after a backup; or install the newer release.")


def _referred(store: Store) -> Finding:
    with store.read() as session:
        lost = health.orphans(session)
    if lost:
        seen = "; ".join(f"{number:,} {what}" for what, number in lost.items())
        return Finding("references", State.WRONG, seen, _RESTORE)
    return well("references", "everything that is pointed to is there")


def _guarded(store: Store) -> Finding:
    with store.read() as session:
        without = health.unguarded(session)
    if without:
        seen = f"no trigger keeps rows from being changed in: {', '.join(without)}"
        return Finding("guards", State.WRONG, seen, "Somebody took them away: find out who. " + _RESTORE)
    return well("guards", f"{len(health.GUARDED)} tables refuse to be changed")


def _chained(store: Store, step: Step) -> Finding:
    audited = verifying.verify(store, step)
    if not audited.sound:
        first = audited.broken[0]
        seen = f"{audited.wrong:,} not as they were; the first is {first.what}: {first.why}"
        return Finding("audit chain", State.WRONG, seen, "uncounted audit verify lists them. " + _RESTORE)
    return well("audit chain", f"{audited.events:,} events, to {audited.head.link[:12]}…")


def _clock(store: Store) -> Finding:
    with store.read() as session:
        newest = health.newest(session)
    if newest is not None and newest - datetime.now(UTC) > _CLOCKS:
        now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
        seen = f"it says {now} UTC, and the last event was at {newest:%Y-%m-%d %H:%M:%S} UTC"
        return Finding("clock", State.WRONG, seen, "Set this machine's clock, e.g. by NTP.")
    return well("clock", "not behind the last event")


def _work(store: Store) -> Finding:
    at = datetime.now(UTC)
    with store.read() as session:
        stuck, pending = health.stuck(session, at, at - _STILL), health.pending(session)
    if stuck or pending:
        seen = "; ".join([*stuck[:5], *([f"{pending:,} records wait to be compared"] if pending else [])])
        return Finding("work", State.MIND, seen, "Start the service, or uncounted verify: either takes up what waits.")
    return well("work", "nothing waits")


def _keys(store: Store) -> Finding:
    with store.read() as session:
        idle, admins = health.idle_keys(session, datetime.now(UTC) - _IDLE), health.admins(session)
    if idle:
        seen = f"{len(idle):,} that left no trace for {_IDLE.days} days: {', '.join(one[:8] for one in idle[:5])}"
        return Finding("keys", State.MIND, seen, "Revoke what nobody needs: uncounted keys revoke ID.")
    return well("keys", f"{admins:,} of admins")
