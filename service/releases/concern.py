"""Which records a new snapshot of a list concerns, read before it becomes the present one.

Every finding is held against the very snapshot it was made with, so that small steps of many releases never add up
unseen. What cannot be told apart is verified again: doubt costs time, a verdict that no longer holds costs trust.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import NamedTuple

from matchers.memory.decisions import key_of
from matchers.quality.standing import inherited
from matchers.releases.borderline import borderline
from matchers.releases.release import Release
from service.accounts.account import Account, as_places
from service.context import Context, quality_policy
from service.errors import Problem
from service.releases.steps import Step, compared_with, steps
from service.store import records, released
from service.store.values import Finding, Record, SnapshotEntry
from service.verifying import grading
from service.verifying.judging import PARAMETERS

_SAFETY = 1.25  # by which the greatest drift of the sample is exceeded by others
_MOST_BASES = 4  # snapshots that findings may be made with; those of older ones are made anew
_WEIGHTY = 0.05  # share among the entries that stay from which a record would claim one
_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class Concern:
    """Which records a snapshot concerns."""

    before: str | None  # snapshot that was the present one when this was found out
    everything: str | None = None  # why all records are concerned
    until: int = 0  # mark up to which findings were looked at
    records: tuple[str, ...] = ()  # those concerned among them
    recodings: dict[str, str] = field(default_factory=dict)  # later identifier of an entry, by the earlier one

    def given(self, before: SnapshotEntry | None) -> Concern:
        """Return the same where this is still the present snapshot; where another came between, all are concerned."""
        present = before.sha256 if before else None
        return self if present == self.before else Concern(present, everything="another release came between")


class _Told(NamedTuple):
    """One record and what was found about it with one snapshot."""

    record: Record
    finding: Finding


def concern(context: Context, before: SnapshotEntry | None, after: SnapshotEntry) -> Concern:
    """Return which records a snapshot concerns that is in the archive, and not the present one of its source yet."""
    if before is None or not before.places or not after.places:
        return Concern(before.sha256 if before else None, everything="there was no list before")
    with context.store.read() as session:
        until, bases = released.mark(session), released.bases(session, after.source)
    found: set[str] = set()
    recodings: dict[str, str] = {}
    try:
        for base in dict.fromkeys([before.sha256, *(base for base in bases if base != after.sha256)]):
            if len(bases) > _MOST_BASES and base != before.sha256:
                found |= compared_with(context, base)
            else:
                for step in steps(context, base, after.sha256):
                    found |= _concerned(context, step)
                    recodings |= step.release.diff.recodings if base == before.sha256 else {}
    except Problem as problem:
        return Concern(before.sha256, everything=problem.detail)
    return Concern(before.sha256, until=until, records=tuple(sorted(found)), recodings=recodings)


def _concerned(context: Context, step: Step) -> set[str]:
    """Return the records concerned among those compared with a snapshot, and those that compete with them."""
    if step.release.whole:
        return {record_id for batch in step.pages(context) for record_id in batch}
    asking = _Asking.of(context, step)
    found: dict[str, Finding] = {}
    for batch in step.pages(context):
        found |= {told.record.id: told.finding for told in asking.concerned(_told(context, batch, step.base))}
    return set(found) | _rivals(context, step.release, found)


def _told(context: Context, record_ids: Sequence[str], base: str) -> list[_Told]:
    with context.store.read() as session:
        found = records.many(session, record_ids)
    return [_Told(record, finding) for record in found for finding in record.findings if finding.snapshot == base]


@dataclass(frozen=True)
class _Asking:
    """What is asked of every record."""

    context: Context
    release: Release
    drift: float  # bits
    decided: frozenset[str]  # records that people decided about, together with an entry that changed
    names: frozenset[str]  # of those, in normal form: names that may be known for such an entry
    today: date

    @classmethod
    def of(cls, context: Context, step: Step) -> _Asking:
        release, source = step.release, step.release.after.source
        with context.store.read() as session:
            decided = released.decided(session, source, release.identifiers)
            accounts = [record.account for record in records.many(session, sorted(decided))]
        names = frozenset(key_of(name.text) for account in accounts for name in account.names) - {""}
        asking = cls(context, release, 0.0, frozenset(decided), names, datetime.now(UTC).date())
        return replace(asking, drift=asking._measured(step))

    def concerned(self, told: Sequence[_Told]) -> Iterator[_Told]:
        """Yield those that the release concerns, or may carry across a threshold."""
        for one, near in zip(told, self._near(told), strict=True):
            if near or self._linked(one) or self._borderline(one.finding):
                yield one

    def _measured(self, step: Step) -> float:
        """Return by how many bits the list moved the odds of records that it does not concern."""
        told = _told(self.context, step.sample(self.context), step.base)
        far = [one for one, near in zip(told, self._near(told), strict=True) if not near and not self._linked(one)]
        return _SAFETY * self.release.drift(as_places(*_accounts(far)))

    def _near(self, told: Sequence[_Told]) -> list[bool]:
        """Return which records the changed entries weigh with, or whose ground changed."""
        if not told:
            return []
        found = [one.record for one in told]
        with self.context.store.read() as session:
            declared = grading.declared(session, found)
        graded = grading.qualities(self.context.store, quality_policy(self.context.settings), found, declared)
        flags = self.release.concerns(inherited(as_places(*_accounts(told)), graded))
        return [bool(flag) for flag in flags.tolist()]

    def _linked(self, one: _Told) -> bool:
        """Return whether a record depends on a changed entry, or on the day of the list, otherwise than by likeness."""
        account, finding = one.record.account, one.finding
        return (
            finding.official_id in self.release.identifiers
            or one.record.id in self.decided
            or (bool(account.groups) and bool(self.release.diff.entries))
            or (bool(self.names) and any(key_of(name.text) in self.names for name in account.names))
            or (self.release.redated and self._dated(one))
        )

    def _dated(self, one: _Told) -> bool:
        account = one.record.account
        if account.founded is not None:
            return True
        if "matched" not in one.finding.attributes:
            return False
        sides = (self.release.before, self.release.after)
        days = [official.coverage.reference_date or official.reference_date for official in sides]
        limit, seen = PARAMETERS.counting.stale_years * _DAYS, account.observed or self.today
        old = {day is not None and (seen - day).days > limit for day in days}
        return bool(account.counts) or None in days or len(old) > 1

    def _borderline(self, finding: Finding) -> bool:
        if finding.p_absent is None:
            return False
        p = [candidate["probability"] for candidate in finding.candidates]
        return borderline(finding.p_absent, p, self.drift, PARAMETERS.absence)


def _accounts(told: Sequence[_Told]) -> tuple[list[str], list[Account]]:
    return [one.record.id for one in told], [one.record.account for one in told]


def _rivals(context: Context, release: Release, found: dict[str, Finding]) -> set[str]:
    """Return the records that compete with those concerned for entries that stay, and with these in turn.

    Those too that lost an entry to one of them: it may be free again.
    """
    source, known, rivals, last = release.after.source, set(found), set[str](), set(found)
    entries = {entry for finding in found.values() for entry in _claimed(finding, release.identifiers)}
    while entries or last:
        with context.store.read() as session:
            new = (released.claiming(session, source, entries) | released.losing(session, source, last)) - known
            held = records.many(session, sorted(new))
        known |= new
        rivals |= new
        last = new
        told = [finding for record in held for finding in record.findings if finding.source == source]
        entries = {entry for finding in told for entry in _claimed(finding, release.identifiers)} - entries
    return rivals


def _claimed(finding: Finding, changed: frozenset[str]) -> Iterator[str]:
    """Yield the entries a record would claim, were those that changed not there."""
    stay = {each["official_id"]: each["probability"] for each in finding.candidates}
    stay = {entry: p for entry, p in stay.items() if entry not in changed}
    total = (finding.p_absent or 0.0) + sum(stay.values())
    return (entry for entry, p in stay.items() if p > 0 and p / total >= _WEIGHTY)
