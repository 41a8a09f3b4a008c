"""Report: say what was found in a scope, what it rests on, and what it does not say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from matchers.base import Verdict
from matchers.evaluation.measured import Measured, measured
from service.caller import Caller, Role
from service.context import Context
from service.disclosure.hidden import NO_TOTALS, Totals, hidden_totals
from service.disclosure.policy import Sensitivity, sensitivity_of
from service.disclosure.tags import AskedTags, askable
from service.disclosure.unseen import uncounted_by
from service.people import People, people
from service.store import flags, snapshots, tallies, visible
from service.store.engine import Session
from service.store.filters import FlagFilter
from service.store.values import Flag, FlagStatus, SnapshotEntry
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

#: Statuses under which a flag no longer stands for a gap.
DISMISSED = frozenset(
    {FlagStatus.REJECTED, FlagStatus.MATCHED_EXISTING, FlagStatus.RESOLVED_BY_RELEASE, FlagStatus.WITHDRAWN}
)


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


@dataclass(frozen=True, slots=True)
class GapReport:
    """What was found in a scope. Holds flags as they are kept: only `service.disclosure` lets them out."""

    scope: ReportScope
    generated_at: datetime
    verdicts: dict[str, int]  # records per verdict, with all of these flags; "pending" for those not verified yet
    statuses: dict[str, int]  # flags per status
    flags: tuple[Flag, ...]  # oldest first
    absent: frozenset[str]  # ids of those among them whose people are estimated
    standing: frozenset[str]  # ids of those among them that stand for a gap
    consistent: dict[str, int]  # communities without a gap, by their units (`service.store.tallies.consistent`)
    people: People
    snapshots: tuple[SnapshotEntry, ...]  # that the findings rest on
    models: tuple[str, ...]  # versions of the model and its parameters
    measured: tuple[Measured, ...]  # how often each of them was measured to be right
    releases: tuple[tuple[SnapshotEntry, tuple[Resolved, ...]], ...]  # of these sources, the newest first
    caller: Caller  # for whom these numbers were counted
    own: Own  # of these, what rests on records of the caller's own organisation
    totals: Totals  # of communities that outsiders are not shown one by one
    limits: tuple[str, ...] = LIMITS


def gap_report(context: Context, scope: ReportScope, caller: Caller) -> GapReport:
    """Report on a scope, as far as the caller may see.

    Reviewers see everything, a contributor what is published and what its organisation sent, anybody else what is
    published; numbers, list and sources all keep to that. Everything is read at one moment, so it agrees with itself.
    """
    wanted = _filter(scope, caller)
    counted = replace(wanted, unseen=uncounted_by(caller))
    with context.store.read() as session:
        away = tallies.held_flags(session, wanted)
        listed = tuple(flag for flag in flags.iterate(session, wanted) if flag.id not in away)
        basis = tallies.basis(session, counted)
        verdicts, consistent = _tallied(session, wanted, caller)
        statuses = tallies.statuses(session, wanted)
        own = _own(session, scope, caller)
        followed = snapshots.later(session, {entry.source for entry in basis.snapshots}, RELEASES)
        resolved = visible.resolved(session, wanted)
    totals = (
        NO_TOTALS
        if caller.may(Role.REVIEWER) or not scope.whole
        else Totals(hidden_totals(context.store), scope.country)
    )
    absent = [flag for flag in listed if flag.verdict == Verdict.HIDDEN_PLACE and flag.status not in DISMISSED]
    return GapReport(
        scope=scope,
        generated_at=datetime.now(UTC),
        verdicts=verdicts,
        statuses=statuses,
        flags=listed,
        absent=frozenset(flag.id for flag in absent),
        standing=frozenset(flag.id for flag in listed if flag.status not in DISMISSED),
        consistent=consistent,
        people=people([flag.record for flag in absent]),
        snapshots=basis.snapshots,
        models=basis.models,
        measured=tuple(map(measured, basis.models)),
        releases=tuple(
            (release, tuple(one for one in resolved if one.snapshot == release.sha256)) for release in followed
        ),
        caller=caller,
        own=own,
        totals=totals,
        limits=(*LIMITS, AWAITED) if totals.pending else LIMITS,
    )


def _tallied(session: Session, wanted: FlagFilter, caller: Caller) -> tuple[dict[str, int], dict[str, int]]:
    """Return records per verdict and communities without a gap; to reviewers without the closed ones of others."""
    if caller.may(Role.ADMIN) or not caller.may(Role.REVIEWER):
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
    if (
        caller.may(Role.REVIEWER)
        or caller.organisation is None
        or scope.organisation not in {None, caller.organisation}
    ):
        return Own()
    mine = replace(_filter(scope, caller), organisation=caller.organisation)
    basis = tallies.basis(session, mine)
    found = frozenset(entry.sha256 for entry in basis.snapshots)
    return Own(tallies.verdicts(session, mine), found, frozenset(basis.models))


def _filter(scope: ReportScope, caller: Caller) -> FlagFilter:
    everything = caller.may(Role.REVIEWER)
    return FlagFilter(
        organisation=scope.organisation,
        country=scope.country,
        admin=scope.admin,
        source=scope.source,
        tags=askable(scope.tags, caller),
        published_only=not everything and caller.organisation is None,
        published_or_of=None if everything else caller.organisation,
        speaking=True,
        unheld=not caller.may(Role.ADMIN),
        held_of=caller.organisation,
    )
