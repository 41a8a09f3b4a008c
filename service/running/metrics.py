"""Metrics: what this process counts and times, for whoever keeps it running.

Nothing here tells of anybody: a label is a route's template, a method, a class of status, a code of our own catalogue
or the name of an official source. `LABELS` is the whole list, and a test holds every metric against it. Even so a
counter that moves by one when one record arrives says something, so only operators read it (`service.api.metrics`).

With several processes each writes its numbers to files in the folder that `PROMETHEUS_MULTIPROC_DIR` names, and
whichever is asked adds them up (`service.serving`): one answer, whatever process gives it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4

#: Names the folder of the numbers of several processes; read by prometheus_client when it is first imported.
FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"

#: Every label that a metric may bear; `pid` and `le` are the library's own.
LABELS = frozenset({"route", "method", "status", "code", "source", "state", "pid", "le"})

REGISTRY = CollectorRegistry()

_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_TOGETHER = (1, 2, 4, 8, 16, 32, 64)

REQUESTS = Histogram(
    "uncounted_request_seconds",
    "Time from the head of a request to the end of its answer.",
    ("route", "method", "status"),
    registry=REGISTRY,
    buckets=_SECONDS,
)
UNDER_WAY = Gauge(
    "uncounted_requests_under_way",
    "Requests that are being answered.",
    registry=REGISTRY,
    multiprocess_mode="livesum",
)
PROBLEMS = Counter(
    "uncounted_problems", "Answers that were problems, by their code in the catalogue.", ("code",), registry=REGISTRY
)
FAILURES = Counter("uncounted_failures", "Requests in which the service itself made a mistake.", registry=REGISTRY)
POSTS_WAITING = Gauge(
    "uncounted_posts_waiting", "Posted records in line.", registry=REGISTRY, multiprocess_mode="livesum"
)
POSTS_TOGETHER = Histogram(
    "uncounted_posts_together",
    "Posted records that were kept in one transaction.",
    registry=REGISTRY,
    buckets=_TOGETHER,
)
POST_SECONDS = Histogram(
    "uncounted_posts_kept_seconds",
    "Time to compare and keep the posts of one transaction.",
    registry=REGISTRY,
    buckets=_SECONDS,
)
RESIDENT = Gauge(
    "uncounted_process_resident_bytes", "Memory of each process.", registry=REGISTRY, multiprocess_mode="liveall"
)
OPEN_FILES = Gauge(
    "uncounted_process_open_files",
    "Files and connections that each process holds open.",
    registry=REGISTRY,
    multiprocess_mode="liveall",
)
CONNECTIONS = Gauge(
    "uncounted_database_connections",
    "Connections to the database that each process uses just now.",
    registry=REGISTRY,
    multiprocess_mode="liveall",
)


def request_answered(route: str, method: str, status: int | None, seconds: float) -> None:
    """Count a request by the template of its route, never by its address."""
    REQUESTS.labels(route, method, f"{(status or 500) // 100}xx").observe(seconds)


def exposition(further: Iterable[Collector] = ()) -> bytes:
    """Return all numbers in Prometheus' text format; `further` collectors are asked for theirs now."""
    registry = CollectorRegistry()
    if os.environ.get(FOLDER_VARIABLE):
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    for collector in further:
        registry.register(collector)
    return generate_latest(registry)


def process_ended(pid: int) -> None:
    """Take the gauges of a process that ended out of the sums of those that live."""
    if os.environ.get(FOLDER_VARIABLE):
        with suppress(OSError):
            multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]
