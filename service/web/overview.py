"""What the first page tells of all that is public: read once for many readers, and kept for some seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from heapq import nsmallest
from threading import Lock
from time import monotonic
from typing import Any

from fastapi import Request

from service import report
from service.callers.caller import ANONYMOUS
from service.context import Context
from service.disclosure import redact_source
from service.store import sources, taken_back

#: Flags on the first page; the rest is one link away.
_FLAGS = 10

#: Groups and countries on the first page at most.
_ROWS = 12

#: Seconds for which the numbers of the first page are kept: many readers, one reading.
_FRESH_S = 5.0

_GAPS = ("hidden_place", "hidden_group", "undercount")


@dataclass(frozen=True, slots=True)
class Row:
    """How many published flags are of a country or a group, by kind of gap."""

    name: str
    gaps: dict[str, int]
    total: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page tells."""

    verdicts: tuple[tuple[str, int], ...]  # published, by verdict, largest first
    flags: tuple[dict[str, Any], ...]
    more: int  # published flags that are not on the page
    countries: tuple[Row, ...]  # of flags that are shown one by one
    groups: tuple[Row, ...]  # likewise
    people: dict[str, Any]
    sources: tuple[dict[str, Any], ...]
    limit: str


class Overviews:
    """The latest overview, read again when it is no longer fresh; one reader reads for all."""

    def __init__(self) -> None:
        """Hold nothing yet."""
        self._lock = Lock()
        self._read_at = float("-inf")
        self._mark: Hashable = None
        self._latest: Overview | None = None

    def of(self, context: Context) -> Overview:
        """Return the overview, at most some seconds old, and nothing in it that was taken back or held since."""
        with self._lock:
            with context.store.read() as session:
                mark = taken_back.mark(session)
            if self._latest is None or self._mark != mark or monotonic() - self._read_at > _FRESH_S:
                self._read_at, self._mark = monotonic(), mark
                self._latest = overview(context)
            return self._latest


def overviews(request: Request) -> Overviews:
    """Return where the application keeps its overview."""
    kept: Overviews = request.app.state.overviews
    return kept


def overview(context: Context) -> Overview:
    """Read what everybody may see."""
    surest: report.Shown = []
    number = 0
    countries: Counter[tuple[str, str]] = Counter()
    groups: Counter[tuple[str, str]] = Counter()

    def take(flags: report.Shown) -> None:
        nonlocal surest, number
        number += len(flags)
        surest = nsmallest(_FLAGS, [*surest, *flags], key=lambda flag: (-(flag["probability"] or 0), flag["id"]))
        for flag in flags:
            community = flag["community"]
            countries[community["country"], flag["verdict"]] += 1
            groups.update((group, flag["verdict"]) for group in set(community["groups"]))

    public = report.gap_report(context, report.ReportScope(), ANONYMOUS, take)
    with context.store.read() as session:
        in_use = [redact_source(source, ANONYMOUS) for source in sources.all(session)]
    return Overview(
        verdicts=tuple(sorted(public["verdicts"].items(), key=lambda pair: -pair[1])),
        flags=tuple(surest),
        more=max(0, number - _FLAGS),
        countries=_rows(countries),
        groups=_rows(groups)[:_ROWS],
        people=public["people"],
        sources=tuple(source for source in in_use if source["current"]),
        limit=public["limits"][0],
    )


def _rows(counted: Counter[tuple[str, str]]) -> tuple[Row, ...]:
    """Return one row for each name, those of the most gaps first."""
    names = sorted({name for name, _ in counted})
    rows = [
        Row(
            name,
            {gap: counted[name, gap] for gap in _GAPS},
            sum(times for (one, _), times in counted.items() if one == name),
        )
        for name in names
    ]
    return tuple(sorted(rows, key=lambda row: (-sum(row.gaps.values()), row.name)))
