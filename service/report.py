"""Report: say what was found in a scope, what it rests on, and what it does not say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from matchers.evaluation.measured import measured
from service.callers.caller import Caller, Right
from service.context import Context
from service.disclosure import Redacting
from service.disclosure.hidden import NO_TOTALS, Totals, hidden_totals
from service.disclosure.policy import Sensitivity, sensitivity_of
from service.disclosure.tags import AskedTags, askable
from service.disclosure.unseen import uncounted_by, worked_by
from service.store import flags, snapshots, tallies, visible
from service.store.engine import Session
from service.store.filters import FlagFilter
from service.store.values import Flag, SnapshotEntry
from service.store.visible import Resolved

#: What every report says about itself.
LIMITS = (
    "Absence of data is not absence of people: a community that nobody recorded is not in this report.",
    "A verdict speaks of the named list at the named vintage; people may have been counted under a larger unit.",
    "Verdicts are made by a model and carry probabilities. Only published flags were confirmed and released by people.",
    "People are estimated only for communities not found on a list, from head counts of a stated method.",
    "People that official counts leave out of listed communities are told apart from these, and never added to them.",
    "Of communities that may be the same only the larger count is taken, so the estimate is cautious.",
)

#: What a report says besides, until there is an edition of the numbers that outsiders are told.
AWAITED = "Communities that are not shown one by one are not counted yet: their numbers are being worked out."

#: Releases a report tells of at most, the newest.
RELEASES = 20


@dataclass(frozen=True, slots=True)
class ReportScope:
    """What a report is about; None means everywhere, everybody, every list."""

    country: str | None = None  # ISO 3166-1 alpha-3
    admin: str | None = None  # a code or name of any level, or "level=value"
    source: str | None = None  # only what was found against this list
    organisation: str | None = None
    tags: AskedTags = field(default_factory=AskedTags)

    @property
    def whole(self) -> bool:
        """Whether it is a country or everything, not some of its flags."""
        return not any((self.admin, self.source, self.organisation, self.tags))


@dataclass(frozen=True, slots=True)
class Own:
    """What the records of the caller's own organisation come to in a scope."""

    verdicts: Mapping[str, int] = field(default_factory=dict)
    snapshots: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()


class Measure(Protocol):
    """How often findings were measured to be right (`matchers.evaluation.measured.Measured`)."""

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""


@dataclass(frozen=True, slots=True)
class GapReport:
    """What is known of a scope before its flags are read: only `service.disclosure` lets it out."""

    scope: ReportScope
    generated_at: datetime
    verdicts: dict[str, int]  # records per verdict, with all of these flags; "pending" for those not verified yet
    statuses: dict[str, int]  # flags per status
    consistent: dict[str, int]  # communities without a gap, by their units (`service.store.tallies.consistent`)
    snapshots: tuple[SnapshotEntry, ...]  # that the findings rest on
    models: tuple[str, ...]  # versions of the model and its parameters
    measured: tuple[Measure, ...]  # how often each of them was measured to be right
    releases: tuple[tuple[SnapshotEntry, tuple[Resolved, ...]], ...]  # of these sources, the newest first
    caller: Caller  # for whom these numbers were counted
    own: Own  # of these, what rests on records of the caller's own organisation
    totals: Totals  # of communities that outsiders are not shown one by one
    limits: tuple[str, ...] = LIMITS


Shown = list[dict[str, Any]]  # flags as a caller may see them


def gap_report(context: Context, scope: ReportScope, caller: Caller, take: Callable[[Shown], None]) -> dict[str, Any]:
    """Report on a scope, as far as the caller may see: give its flags to `take`, some at a time, and return the rest.

    Reviewers see everything, a contributor what is published and what its organisation sent, anybody else what is
    published; numbers, list and sources all keep to that. No more than some hundred flags are in memory at a time.
    """
    with reading(context, scope, caller) as (report, chunks):
        redacting = Redacting(report, caller)
        for chunk in chunks:
            take(redacting.add(chunk))
    return redacting.done()


@contextmanager
def reading(
    context: Context, scope: ReportScope, caller: Caller
) -> Iterator[tuple[GapReport, Iterator[tuple[Flag, ...]]]]:
    """Open a report: what is known before its flags are read, and the flags, oldest first, some at a time.

    Everything is read at one moment, so it agrees with itself. The flags are as they are kept.
    """
    caller = caller.counting(scope.country, scope.admin)
    wanted = _filter(scope, caller)
    counted = replace(wanted, unseen=uncounted_by(caller))
    totals = (
        NO_TOTALS if caller.may(Right.READ) or not scope.whole else Totals(hidden_totals(context.store), scope.country)
    )
    with context.store.read() as session:
        basis = tallies.basis(session, counted)
        verdicts, consistent = _tallied(session, wanted, caller)
        followed = snapshots.later(session, {entry.source for entry in basis.snapshots}, RELEASES)
        resolved = visible.resolved(session, wanted)
        report = GapReport(
            scope=scope,
            generated_at=datetime.now(UTC),
            verdicts=verdicts,
            statuses=tallies.statuses(session, wanted),
            consistent=consistent,
            snapshots=basis.snapshots,
            models=basis.models,
            measured=tuple(map(measured, basis.models)),
            releases=tuple(
                (release, tuple(one for one in resolved if one.snapshot == release.sha256)) for release in followed
            ),
            caller=caller,
            own=_own(session, scope, caller),
            totals=totals,
            limits=(*LIMITS, AWAITED) if totals.pending else LIMITS,
        )
        yield report, _unheld(session, wanted)


def _unheld(session: Session, wanted: FlagFilter) -> Iterator[tuple[Flag, ...]]:
    """Yield the flags of a scope, some at a time, without those that are held from who asks."""
    away = tallies.held_flags(session, wanted)
    for chunk in flags.chunks(session, wanted):
        yield tuple(flag for flag in chunk if flag.id not in away) if away else chunk


def _tallied(session: Session, wanted: FlagFilter, caller: Caller) -> tuple[dict[str, int], dict[str, int]]:
    """Return records per verdict and communities without a gap; to reviewers without the closed ones of others."""
    if caller.may(Right.ADMINISTER) or not caller.may(Right.READ):
        return tallies.verdicts(session, wanted), tallies.consistent(session, wanted)
    verdicts: Counter[str] = Counter()
    gapless: set[tuple[str, str | None]] = set()
    for one in tallies.each(session, wanted):
        if one.organisation == caller.organisation or sensitivity_of(one.account) is not Sensitivity.CLOSED:
            verdicts[one.verdict] += 1
            if one.gapless_in is not None:
                gapless.add((one.gapless_in, one.community_id))
    return dict(sorted(verdicts.items())), dict(sorted(Counter(units for units, _ in gapless).items()))


def _own(session: Session, scope: ReportScope, caller: Caller) -> Own:
    """Return what outsiders may be told beside what they are shown: of their own records."""
    if caller.may(Right.READ) or caller.organisation is None or scope.organisation not in {None, caller.organisation}:
        return Own()
    mine = replace(_filter(scope, caller), organisation=caller.organisation)
    basis = tallies.basis(session, mine)
    found = frozenset(entry.sha256 for entry in basis.snapshots)
    return Own(tallies.verdicts(session, mine), found, frozenset(basis.models))


def _filter(scope: ReportScope, caller: Caller) -> FlagFilter:
    return FlagFilter(
        organisation=scope.organisation,
        country=scope.country,
        admin=scope.admin,
        source=scope.source,
        tags=askable(scope.tags, caller),
        published_or_of=worked_by(caller),
        speaking=True,
        unheld=not caller.may(Right.ADMINISTER),
        held_of=caller.organisation,
    )
