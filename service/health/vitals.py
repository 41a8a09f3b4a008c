"""Vital signs: what is read from the database, the lists and the disk when somebody asks, and each process's pulse."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import structlog
from prometheus_client.core import GaugeMetricFamily, Metric

from service.context import Context
from service.errors import Problem
from service.running import metrics
from service.running.logs import told_safely
from service.store import deliveries, sources, vitals
from service.store.import_tables import ImportState
from service.store.imports import OPEN

log = structlog.get_logger(__name__)

#: Seconds between two looks of a process at itself.
EVERY_S = 5.0

_PAGE = os.sysconf("SC_PAGE_SIZE")


class VitalSigns:
    """A collector of prometheus_client: reads what is current when it is asked, in whichever process that is."""

    def __init__(self, context: Context) -> None:
        """Say whose."""
        self._context = context

    def collect(self) -> Iterator[Metric]:
        """Yield the numbers. A database that does not answer leaves `uncounted_database_up` at 0, and its own out."""
        yield from _disk(self._context)
        yield _gauge("uncounted_lists_loaded", "Official lists in memory.", len(self._context.lists.held()))
        yield _gauge("uncounted_lists_loading", "1 while a list is being read.", self._context.lists.loading)
        try:
            found = list(_database(self._context))
        except Problem as problem:
            log.warning("vitals.database", **told_safely(problem))
            found = []
        yield _gauge("uncounted_database_up", "1 while the database answers.", bool(found))
        yield from found


class Pulse:
    """A thread of every serving process that writes down how much memory and how many files it holds."""

    def __init__(self, context: Context, every_s: float = EVERY_S) -> None:
        """Say whose database's connections are counted, and how often to look. Nothing runs yet."""
        self._context = context
        self._every_s = every_s
        self._ended = Event()
        self.thread = Thread(target=self._run, name="pulse", daemon=True)

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def end(self) -> None:
        """Look no more, and take this process out of the sums of those that live."""
        self._ended.set()
        metrics.process_ended(os.getpid())

    def _run(self) -> None:
        while not self._ended.is_set():
            metrics.RESIDENT.set(resident_bytes())
            metrics.OPEN_FILES.set(_open_files())
            metrics.CONNECTIONS.set(self._context.store.busy_connections)
            self._ended.wait(self._every_s)


def resident_bytes() -> int:
    """Return the memory of this process; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except OSError:
        return 0


def _open_files() -> int:
    try:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - only their number is asked
    except OSError:
        return 0


def _disk(context: Context) -> Iterator[Metric]:
    if context.settings.data_dir.exists():
        usage = shutil.disk_usage(context.settings.data_dir)
        yield _gauge("uncounted_disk_free_bytes", "Left on the disk of the data directory.", usage.free)
        yield _gauge("uncounted_disk_bytes", "Size of the disk of the data directory.", usage.total)


def _database(context: Context) -> Iterator[Metric]:
    now = datetime.now(UTC)
    with context.store.read() as session:
        found, followed = vitals.read(session), sources.all(session)
        messages, oldest_message = deliveries.waiting(session)
    yield _gauge("uncounted_records_pending", "Records that wait to be compared.", found.pending)
    imports = GaugeMetricFamily("uncounted_imports_unfinished", "Files that are still being read.", labels=["state"])
    for state in sorted(OPEN):
        imports.add_metric([ImportState(state).value], found.imports.get(state, 0))
    yield imports
    yield _age("uncounted_import_oldest_seconds", "Age of the oldest unfinished file; 0: none.", found.oldest_import)
    yield _gauge("uncounted_webhook_messages_waiting", "Messages of webhooks that wait to be received.", messages)
    yield _age("uncounted_webhook_oldest_seconds", "Age of the oldest message that waits; 0: none.", oldest_message)
    yield _age("uncounted_event_age_seconds", "Time since anything was kept; 0: never.", found.newest_event)
    checked = GaugeMetricFamily(
        "uncounted_source_checked_seconds", "Time since a source was last asked.", labels=["source"]
    )
    failed = GaugeMetricFamily("uncounted_source_failed", "1 where the last try failed.", labels=["source"])
    for source in followed:
        if source.last_checked_at is not None:
            checked.add_metric([source.id], (now - source.last_checked_at).total_seconds())
        failed.add_metric([source.id], float(source.last_error is not None))
    yield checked
    yield failed


def _gauge(name: str, documentation: str, value: float) -> Metric:
    return GaugeMetricFamily(name, documentation, value=float(value))


def _age(name: str, documentation: str, since: datetime | None) -> Metric:
    return _gauge(name, documentation, 0.0 if since is None else max((datetime.now(UTC) - since).total_seconds(), 0.0))
