"""The numbers of a gap report: all of them for whoever works with the records, the sum of what is told for others.

For an outsider nothing is taken off a total of everything, because what is forgotten to be taken off would be left in:
its numbers are added up from the flags it is shown, the records of its own organisation, and the editions of hidden
communities. What a report rests on is told of the same ones only, so that no snapshot speaks of a hidden flag.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
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


class InsideNumbers:
    """Counts for who works with the records: all that were counted for them.

    Of nothing but records that they may not know of, nothing is told.
    """

    def __init__(self, report: Counted) -> None:
        """Begin with no flag."""
        self._report = report
        self._statuses: Counter[str] = Counter()

    def add(self, flag: Flag) -> None:
        """Count a flag that is shown."""
        self._statuses[flag.status.value] += 1

    def done(self) -> Numbers:
        """Return the numbers."""
        anything = bool(self._statuses or self._report.verdicts)
        return Numbers(
            verdicts=self._report.verdicts,
            statuses=self._statuses,
            snapshots=frozenset(entry.sha256 for entry in self._report.snapshots if anything),
            models=frozenset(self._report.models if anything else ()),
        )


class OutsideNumbers:
    """Counts for anybody else: of what they are shown, of their own, and of hidden ones by editions."""

    def __init__(self, report: Counted, own: tuple[str, Own] | None) -> None:
        """Begin with no flag; `own` is the caller's organisation, and what its records come to."""
        self._report = report
        self._organisation: str | None = own[0] if own else None
        self._mine: Own | None = own[1] if own else None
        self._statuses: Counter[str] = Counter()
        self._twice: Counter[str] = Counter()
        self._verdicts: Counter[str] = Counter(self._mine.verdicts if self._mine else {})
        self._snapshots = set(self._mine.snapshots if self._mine else ())
        self._models = set(self._mine.models if self._mine else ())

    def add(self, flag: Flag) -> None:
        """Count a flag that is shown."""
        self._statuses[flag.status.value] += 1
        if in_totals(flag.record, published=open_now(flag)):
            self._twice[flag.verdict] += 1
        if flag.record.organisation != self._organisation:
            self._verdicts[verdict_of(flag, self._report.scope.source)] += 1
            for one in flag.record.findings:
                self._snapshots |= {at for at in (one.snapshot, one.holds_at) if at}
                self._models.add(one.model)

    def done(self) -> Numbers:
        """Return the numbers."""
        told = self._report.totals
        hidden = Counter({verdict: beside(number, self._twice[verdict]) for verdict, number in told.verdicts().items()})
        published = beside(told.published(), self._twice.total())
        return Numbers(
            verdicts=self._verdicts + hidden,
            statuses=self._statuses + Counter({FlagStatus.PUBLISHED.value: published} if published else {}),
            snapshots=frozenset(self._snapshots),
            models=frozenset(self._models),
        )


def verdict_of(flag: Flag, source: str | None) -> str:
    """Return the verdict under which the flag's record was counted: what people concluded, else that of the list."""
    if flag.verdict != flag.machine_verdict and source in {None, flag.source}:
        return flag.verdict
    own = next((finding.verdict for finding in flag.record.findings if finding.source == source), None)
    return own or flag.record.verdict or flag.verdict
