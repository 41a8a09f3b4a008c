"""The numbers of a gap report: all of them for whoever works with the records, the sum of what is told for others.

For an outsider nothing is taken off a total of everything, because what is forgotten to be taken off would be left in:
its numbers are added up from the flags it is shown, the records of its own organisation, and the editions of hidden
communities. What a report rests on is told of the same ones only, so that no snapshot speaks of a hidden flag.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from service.disclosure.hidden import Totals
from service.disclosure.hidden_tables import in_totals
from service.disclosure.openness import open_now
from service.disclosure.registry import beside
from service.store.values import Flag, FlagStatus, SnapshotEntry


class Own(Protocol):
    """What the records of the caller's own organisation come to (`service.report.Own`)."""

    @property
    def verdicts(self) -> Mapping[str, int]:
        """Records per verdict."""

    @property
    def snapshots(self) -> frozenset[str]:
        """Snapshots they were compared with."""

    @property
    def models(self) -> frozenset[str]:
        """Versions of the model."""


class Counted(Protocol):
    """A report as far as it is counted here."""

    @property
    def scope(self) -> Any:
        """What it is about."""

    @property
    def verdicts(self) -> dict[str, int]:
        """Records per verdict, as far as its caller works with them."""

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The flags of the scope."""

    @property
    def snapshots(self) -> tuple[SnapshotEntry, ...]:
        """What it rests on."""

    @property
    def models(self) -> tuple[str, ...]:
        """Versions of the model."""

    @property
    def totals(self) -> Totals:
        """What outsiders are told of hidden communities."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What one caller is told: records per verdict, flags per status, and what both rest on."""

    verdicts: Mapping[str, int]
    statuses: Mapping[str, int]
    snapshots: frozenset[str] = field(default_factory=frozenset)
    models: frozenset[str] = field(default_factory=frozenset)


def inside_numbers(report: Counted, seen: Sequence[Flag]) -> Numbers:
    """Return the numbers for who works with the records: all that were counted for them.

    Of nothing but records that they may not know of, nothing is told.
    """
    anything = bool(seen or report.verdicts)
    return Numbers(
        verdicts=report.verdicts,
        statuses=Counter(flag.status.value for flag in seen),
        snapshots=frozenset(entry.sha256 for entry in report.snapshots if anything),
        models=frozenset(report.models if anything else ()),
    )


def outside_numbers(report: Counted, seen: Sequence[Flag], own: tuple[str, Own] | None) -> Numbers:
    """Return the numbers for anybody else: of what they are shown, of their own, and of hidden ones by editions.

    `own` is the caller's organisation, and what its records come to.
    """
    organisation, mine = own or (None, None)
    others = [flag for flag in seen if flag.record.organisation != organisation]
    twice = Counter(flag.verdict for flag in seen if in_totals(flag.record, published=open_now(flag)))
    hidden = Counter({verdict: beside(told, twice[verdict]) for verdict, told in report.totals.verdicts().items()})
    published = beside(report.totals.published(), twice.total())
    findings = [finding for flag in others for finding in flag.record.findings]
    return Numbers(
        verdicts=Counter(verdict_of(flag, report.scope.source) for flag in others)
        + hidden
        + Counter(mine.verdicts if mine else {}),
        statuses=Counter(flag.status.value for flag in seen)
        + Counter({FlagStatus.PUBLISHED.value: published} if published else {}),
        snapshots=frozenset({at for one in findings for at in (one.snapshot, one.holds_at) if at})
        | (mine.snapshots if mine else frozenset()),
        models=frozenset(one.model for one in findings) | (mine.models if mine else frozenset()),
    )


def verdict_of(flag: Flag, source: str | None) -> str:
    """Return the verdict under which the flag's record was counted: what people concluded, else that of the list."""
    if flag.verdict != flag.machine_verdict and source in {None, flag.source}:
        return flag.verdict
    own = next((finding.verdict for finding in flag.record.findings if finding.source == source), None)
    return own or flag.record.verdict or flag.verdict
