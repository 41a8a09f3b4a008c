"""A report as one caller may see it: totals in which nobody can be counted out.

Whoever may not see a flag must not find it in a total either. A published flag whose community agreed to be part of
totals is counted only together with at least nine like it; all other hidden flags are taken out of every number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from matchers.base import Verdict
from matchers.evaluation.measured import Measured
from service.caller import Caller, Role
from service.disclosure.accounts import redact_flag
from service.disclosure.official import redact_snapshot
from service.disclosure.openness import open_now
from service.disclosure.policy import ROUNDED_TO, SMALLEST_COUNT, Consent, Sensitivity, consent_of, sensitivity_of
from service.disclosure.regions import redact_regions
from service.disclosure.releases import Resolution, redact_visible
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
    def people(self) -> People:
        """Whom the absent communities among them hold."""

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
    def limits(self) -> tuple[str, ...]:
        """What it does not say."""


def redact_report(report: Report, caller: Caller) -> dict[str, Any]:
    """Return a report as this caller may see it."""
    lists: Lists = {entry.sha256: entry for entry in report.snapshots}
    shown = {flag.id: told for flag in report.flags if (told := redact_flag(flag, caller, lists)) is not None}
    if report.scope.admin is not None:  # to be in the report of a unit would tell what is withheld: the unit
        shown = {flag_id: told for flag_id, told in shown.items() if "admin" not in told["withheld"]}
    shown = {flag_id: told for flag_id, told in shown.items() if has_tags(report.scope.tags, told["community"]["tags"])}
    hidden = [flag for flag in report.flags if flag.id not in shown]
    uncounted = _uncounted(hidden, report.scope.source)
    gone = {flag.id for flag in uncounted}
    verdicts = Counter(report.verdicts) - Counter(_verdict(flag, report.scope.source) for flag in uncounted)
    statuses = Counter(report.statuses) - Counter(flag.status.value for flag in uncounted)
    insider = caller.may(Role.REVIEWER)
    counted = [flag.record for flag in report.flags if flag.id in report.absent - gone]
    gaps = [flag for flag in report.flags if flag.id in report.standing and flag.id in shown]
    return {
        "scope": asdict(report.scope),
        "generated_at": report.generated_at,
        "verdicts": dict(sorted(verdicts.items())),
        "statuses": dict(sorted(statuses.items())),
        "by_tag": by_tag(report.flags, shown, Totalling(caller, whole=_whole(report))),
        "people": asdict(report.people) | {"withheld": None} if insider and not gone else _people(people(counted)),
        "undercounts": redact_undercounts([flag for flag in gaps if flag.verdict == Verdict.UNDERCOUNT], shown, caller),
        "regions": redact_regions(gaps, report.consistent, report.scope.admin, caller),
        "snapshots": [redact_snapshot(entry, caller) for entry in report.snapshots],
        "models": list(report.models),
        "measured_error": [one.as_dict() for one in report.measured],
        "releases": [
            {
                "source": release.source,
                "vintage": release.vintage,
                "snapshot": release.sha256,
                "made_visible": redact_visible(resolved, caller),
            }
            for release, resolved in report.releases
        ],
        "limits": list(report.limits),
        "items": list(shown.values()),
    }


def _whole(report: Report) -> bool:
    """Return whether a report is of a country or of everything, not of some of its flags."""
    narrowed = (report.scope.admin, report.scope.source, report.scope.organisation, report.scope.tags)
    return not any(narrowed)


def _uncounted(hidden: Sequence[Flag], source: str | None) -> list[Flag]:
    """Return the hidden flags that may not be in a total: those that did not agree, and those too few to hide."""
    cells = Counter((_verdict(flag, source), flag.status) for flag in hidden if _agreed(flag))
    enough = {cell for cell, number in cells.items() if number >= SMALLEST_COUNT}
    return [flag for flag in hidden if not _agreed(flag) or (_verdict(flag, source), flag.status) not in enough]


def _agreed(flag: Flag) -> bool:
    return (
        open_now(flag)
        and sensitivity_of(flag.record.account) in {Sensitivity.OPEN, Sensitivity.CAUTION}
        and consent_of(flag.record) in {Consent.PUBLIC_AGGREGATE, Consent.PUBLIC_MASKED}
    )


def _verdict(flag: Flag, source: str | None) -> str:
    """Return the verdict under which the flag's record was counted: what people concluded, else that of the list."""
    if flag.verdict != flag.machine_verdict and source in {None, flag.source}:
        return flag.verdict
    own = next((finding.verdict for finding in flag.record.findings if finding.source == source), None)
    return own or flag.record.verdict or flag.verdict


def _people(estimate: People) -> dict[str, Any]:
    """Return an estimate for readers from outside: none when it is small, else rounded."""
    numbers: Mapping[str, int | None] = {part: getattr(estimate, part) for part in ("estimate", "low", "high")}
    small = any(number is not None and number < SMALLEST_COUNT for number in numbers.values())
    rounded = {
        part: None if small or number is None else round(number / ROUNDED_TO) * ROUNDED_TO
        for part, number in numbers.items()
    }
    return asdict(estimate) | rounded | {"withheld": f"under {SMALLEST_COUNT}" if small else None}
