"""A report as one caller may see it: totals in which nobody can be counted out.

Whoever may not see a flag must not find it in a total either. Published communities that agreed to be part of totals,
and are not shown one by one, are counted in editions (`hidden`), of a country or of everything; nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Protocol

from matchers.base import Verdict
from service.callers.caller import Caller, Right
from service.disclosure.accounts import redact_flag
from service.disclosure.hidden import Totals
from service.disclosure.hidden_tables import in_totals
from service.disclosure.official import redact_snapshot
from service.disclosure.openness import open_now
from service.disclosure.policy import ROUNDED_TO, SMALLEST_COUNT, view_of
from service.disclosure.regions import RegionTotals
from service.disclosure.releases import Resolution, redact_visible
from service.disclosure.report_numbers import InsideNumbers, OutsideNumbers, Own
from service.disclosure.tag_totals import TagTotals, Totalling
from service.disclosure.tags import AskedTags, has_tags
from service.disclosure.undercounts import Undercounts
from service.disclosure.verdicts import Lists
from service.figures.people import Adding, People
from service.store.conclusions import DISMISSED
from service.store.values import Flag, Record, SnapshotEntry


class Scope(Protocol):
    """What a report is about."""

    @property
    def source(self) -> str | None:
        """The one list it speaks of, if one."""

    @property
    def admin(self) -> str | None:
        """The administrative unit it speaks of, if one."""

    @property
    def organisation(self) -> str | None:
        """The one organisation whose records it is about, if one."""

    @property
    def tags(self) -> AskedTags:
        """The tags its flags bear, if any were asked for."""


class Measure(Protocol):
    """How often findings were measured to be right."""

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""


class Report(Protocol):
    """What is reported, as it is kept (`service.report.GapReport`)."""

    @property
    def scope(self) -> Any:
        """What it is about: a dataclass."""

    @property
    def generated_at(self) -> datetime:
        """When it was read."""

    @property
    def verdicts(self) -> dict[str, int]:
        """Records per verdict."""

    @property
    def statuses(self) -> dict[str, int]:
        """Flags per status."""

    @property
    def consistent(self) -> dict[str, int]:
        """Communities without a gap, by the units their records name."""

    @property
    def snapshots(self) -> tuple[SnapshotEntry, ...]:
        """What it rests on."""

    @property
    def models(self) -> tuple[str, ...]:
        """Versions of the model."""

    @property
    def measured(self) -> tuple[Measure, ...]:
        """How often each of them was measured to be right."""

    @property
    def releases(self) -> tuple[tuple[SnapshotEntry, Sequence[Resolution]], ...]:
        """Releases of its sources, each with the communities it made visible."""

    @property
    def caller(self) -> Caller:
        """For whom it was made."""

    @property
    def own(self) -> Own:
        """What of it rests on records of the caller's own organisation."""

    @property
    def totals(self) -> Totals:
        """What outsiders are told of communities they are not shown one by one."""

    @property
    def limits(self) -> tuple[str, ...]:
        """What it does not say."""


class Redacting:
    """Redacts a report for one caller while its flags are read, some at a time: what was added is forgotten again.

    `add` returns flags as the caller may see them, `done` everything else the report says, at the end.
    """

    def __init__(self, report: Report, caller: Caller) -> None:
        """Begin with no flag."""
        caller = caller.counting(report.scope.country, report.scope.admin)
        self._report, self._caller = report, caller
        self._lists: Lists = {entry.sha256: entry for entry in report.snapshots}
        self._inside = caller.may(Right.READ) and report.caller == caller
        own = _own(report, caller)
        self._numbers = InsideNumbers(report) if self._inside else OutsideNumbers(report, own)
        self._tags = TagTotals(Totalling(caller, {} if self._inside else report.totals.tags()))
        self._people = Adding()
        self._undercounts = Undercounts(caller)
        self._regions = RegionTotals()
        self._hidden = 0 if self._inside else report.totals.heads()[0]

    def add(self, flags: Iterable[Flag]) -> list[dict[str, Any]]:
        """Return those of some flags that this caller is shown, and count them."""
        shown = []
        counted: list[Record] = []
        for flag in flags:
            told = redact_flag(flag, self._caller, self._lists)
            if told is None or not self._asked_for(told):
                continue
            shown.append(told)
            self._count(flag)
            if self._adds_people(flag):
                counted.append(flag.record)
        self._people.add(counted)
        return shown

    def done(self) -> dict[str, Any]:
        """Return the report without its flags."""
        report, numbers = self._report, self._numbers.done()
        used = [entry for entry in report.snapshots if entry.sha256 in numbers.snapshots]
        sources = {entry.source for entry in used}
        measured = zip(report.models, report.measured, strict=True)
        people = self._people.done()
        consistent = report.consistent if report.caller == self._caller else {}
        return {
            "scope": asdict(report.scope),
            "generated_at": report.generated_at,
            "verdicts": dict(sorted(numbers.verdicts.items())),
            "statuses": dict(sorted(numbers.statuses.items())),
            "by_tag": self._tags.done(),
            "people": asdict(people) | {"withheld": None} if self._inside else _outside_people(report, people),
            "undercounts": self._undercounts.done(),
            "regions": self._regions.done(consistent, report.scope.admin),
            "snapshots": [redact_snapshot(entry, self._caller) for entry in used],
            "models": [model for model in report.models if model in numbers.models],
            "measured_error": [one.as_dict() for model, one in measured if model in numbers.models],
            "releases": [
                {
                    "source": release.source,
                    "vintage": release.vintage,
                    "snapshot": release.sha256,
                    "made_visible": redact_visible(resolved, self._caller, report.totals),
                }
                for release, resolved in report.releases
                if release.source in sources
            ],
            "limits": list(report.limits),
        }

    def _asked_for(self, told: dict[str, Any]) -> bool:
        """Return whether a flag, as it is shown, belongs to what the report is about.

        To be in the report of a unit would tell what is withheld: the unit.
        """
        scope = self._report.scope
        if scope.admin is not None and "admin" in told["withheld"]:
            return False
        return has_tags(scope.tags, told["community"]["tags"])

    def _count(self, flag: Flag) -> None:
        view = view_of(flag.record, self._caller, published=open_now(flag))
        self._numbers.add(flag)
        self._tags.add(flag, view)
        if flag.status not in DISMISSED:
            self._regions.add(flag, view)
            if flag.verdict == Verdict.UNDERCOUNT:
                self._undercounts.add(flag, view)

    def _adds_people(self, flag: Flag) -> bool:
        """Return whether the people of a flag are added up: not of those that a total of hidden ones holds already."""
        if flag.status in DISMISSED or flag.verdict != Verdict.HIDDEN_PLACE:
            return False
        return not (self._hidden and in_totals(flag.record, published=open_now(flag)))


def _own(report: Report, caller: Caller) -> tuple[str, Own] | None:
    """Return what the caller's own records come to, where the report was made for this caller."""
    return (caller.organisation, report.own) if caller.organisation and report.caller == caller else None


def _outside_people(report: Report, estimate: People) -> dict[str, Any]:
    """Return an estimate for readers from outside: of what they are shown, and of hidden ones where that is told."""
    hidden, more = report.totals.heads()
    if not more:
        return _people(estimate)
    parts = {part: (getattr(estimate, part) or 0) + more[part] for part in ("estimate", "low", "high")}
    return _people(replace(estimate, **parts, communities=estimate.communities + hidden))


def _people(estimate: People) -> dict[str, Any]:
    """Return an estimate for readers from outside: none when it is small, else rounded."""
    numbers: Mapping[str, int | None] = {part: getattr(estimate, part) for part in ("estimate", "low", "high")}
    small = any(number is not None and number < SMALLEST_COUNT for number in numbers.values())
    rounded = {
        part: None if small or number is None else round(number / ROUNDED_TO) * ROUNDED_TO
        for part, number in numbers.items()
    }
    return asdict(estimate) | rounded | {"withheld": f"under {SMALLEST_COUNT}" if small else None}
