"""A report as one caller may see it: totals in which nobody can be counted out.

Whoever may not see a flag must not find it in a total either. Published communities that agreed to be part of totals,
and are not shown one by one, are counted in editions (`hidden`), of a country or of everything; nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Protocol

from matchers.base import Verdict
from matchers.evaluation.measured import Measured
from service.caller import Caller, Role
from service.disclosure.accounts import redact_flag
from service.disclosure.hidden import Totals
from service.disclosure.hidden_tables import in_totals
from service.disclosure.official import redact_snapshot
from service.disclosure.openness import open_now
from service.disclosure.policy import ROUNDED_TO, SMALLEST_COUNT
from service.disclosure.regions import redact_regions
from service.disclosure.releases import Resolution, redact_visible
from service.disclosure.report_numbers import Own, inside_numbers, outside_numbers
from service.disclosure.tag_totals import Totalling, by_tag
from service.disclosure.tags import AskedTags, has_tags
from service.disclosure.undercounts import redact_undercounts
from service.disclosure.verdicts import Lists
from service.people import People, people
from service.store.values import Flag, SnapshotEntry


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
    def flags(self) -> tuple[Flag, ...]:
        """The flags of the scope."""

    @property
    def absent(self) -> frozenset[str]:
        """Ids of those among them whose people are estimated."""

    @property
    def standing(self) -> frozenset[str]:
        """Ids of those among them that stand for a gap."""

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
    def measured(self) -> tuple[Measured, ...]:
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


def redact_report(report: Report, caller: Caller) -> dict[str, Any]:
    """Return a report as this caller may see it."""
    lists: Lists = {entry.sha256: entry for entry in report.snapshots}
    shown = {flag.id: told for flag in report.flags if (told := redact_flag(flag, caller, lists)) is not None}
    if report.scope.admin is not None:  # to be in the report of a unit would tell what is withheld: the unit
        shown = {flag_id: told for flag_id, told in shown.items() if "admin" not in told["withheld"]}
    shown = {flag_id: told for flag_id, told in shown.items() if has_tags(report.scope.tags, told["community"]["tags"])}
    seen = [flag for flag in report.flags if flag.id in shown]
    insider = caller.may(Role.REVIEWER) and report.caller == caller
    numbers = inside_numbers(report, seen) if insider else outside_numbers(report, seen, _own(report, caller))
    counted = [flag for flag in seen if flag.id in report.absent]
    used = [entry for entry in report.snapshots if entry.sha256 in numbers.snapshots]
    measured = [
        one.as_dict() for model, one in zip(report.models, report.measured, strict=True) if model in numbers.models
    ]
    estimate = (
        asdict(people([flag.record for flag in counted])) | {"withheld": None}
        if insider
        else _outside_people(report, counted)
    )
    gaps = [flag for flag in seen if flag.id in report.standing]
    consistent = report.consistent if report.caller == caller else {}
    return {
        "scope": asdict(report.scope),
        "generated_at": report.generated_at,
        "verdicts": dict(sorted(numbers.verdicts.items())),
        "statuses": dict(sorted(numbers.statuses.items())),
        "by_tag": by_tag(report.flags, shown, Totalling(caller, {} if insider else report.totals.tags())),
        "people": estimate,
        "undercounts": redact_undercounts([flag for flag in gaps if flag.verdict == Verdict.UNDERCOUNT], shown, caller),
        "regions": redact_regions(gaps, consistent, report.scope.admin, caller),
        "snapshots": [redact_snapshot(entry, caller) for entry in used],
        "models": [model for model in report.models if model in numbers.models],
        "measured_error": measured,
        "releases": [
            {
                "source": release.source,
                "vintage": release.vintage,
                "snapshot": release.sha256,
                "made_visible": redact_visible(resolved, caller, report.totals),
            }
            for release, resolved in report.releases
            if release.source in {entry.source for entry in used}
        ],
        "limits": list(report.limits),
        "items": list(shown.values()),
    }


def _own(report: Report, caller: Caller) -> tuple[str, Own] | None:
    """Return what the caller's own records come to, where the report was made for this caller."""
    return (caller.organisation, report.own) if caller.organisation and report.caller == caller else None


def _outside_people(report: Report, counted: Sequence[Flag]) -> dict[str, Any]:
    """Return an estimate for readers from outside: of what they are shown, and of hidden ones where that is told."""
    hidden, more = report.totals.heads()
    once = [flag.record for flag in counted if not (hidden and in_totals(flag.record, published=open_now(flag)))]
    estimate = people(once)
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
