"""Raising: what verified records do to the flags of their communities, while the findings are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from matchers.base import Verdict
from service.communities.gathering import Asking, Group, groups
from service.communities.joining import Joined, join
from service.communities.leaving import left_open
from service.communities.speaking import Voice, speaker
from service.figures.people import usable
from service.store import codes, events, flags, records, snapshots, tombstones
from service.store.engine import Session
from service.store.records import Standing
from service.store.values import Finding, Record
from service.testimony.combined import Company, combined
from service.verifying.flagging import Change, Verified, account_hash, close_merged, settle
from service.verifying.judging import PARAMETERS
from service.verifying.provisional import unlisted, wanted_code


@dataclass(frozen=True, slots=True)
class Judged:
    """A record as it was read, and what was found about it, the primary finding first."""

    record: Record
    findings: tuple[Finding, ...]

    @property
    def primary(self) -> Finding | None:
        """The finding that the verdict comes from."""
        return self.findings[0] if self.findings else None

    @property
    def summary(self) -> tuple[str, float | None]:
        """The verdict and the probability of absence; no list that may hold the community is no evidence at all."""
        return (self.primary.verdict, self.primary.p_absent) if self.primary else (Verdict.INSUFFICIENT_EVIDENCE, None)


@dataclass(frozen=True, slots=True)
class Raised:
    """Where the records stand now."""

    community: dict[str, str]  # by record
    flag: dict[str, str]  # of its community, by record


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is known of the records at the moment their findings are kept."""

    standing: Mapping[str, Standing]
    renewed: frozenset[str]  # about which something new was found
    at: datetime
    lost: frozenset[str] = frozenset()  # whose entry is gone from a new release
    unkept: frozenset[str] = frozenset()  # that are kept only after they were gathered


@dataclass(frozen=True, slots=True)
class _Settling:
    """What is known of the records that settle now."""

    judged: Mapping[str, Judged]
    renewed: frozenset[str]
    at: datetime
    lost: frozenset[str]


@dataclass(frozen=True, slots=True)
class Gathered:
    """Which records are of one community, by all that is kept; nothing has been changed."""

    asking: Asking
    groups: Sequence[Group]


def gather(session: Session, judged: Sequence[Judged], keeping: Keeping) -> Gathered:
    """Find out with which other records verified ones belong together. Those `unkept` need not be there yet."""
    standing = keeping.standing
    asking = Asking(
        found=[one.record for one in judged],
        known={record_id: stands.community_id for record_id, stands in standing.items() if stands.community_id},
        fresh=frozenset(record_id for record_id, stands in standing.items() if stands.fresh),
        corrected=frozenset(record_id for record_id, stands in standing.items() if stands.verdict is None),
        unkept=keeping.unkept,
    )
    return Gathered(asking, groups(session, asking, PARAMETERS))


def raise_flags(
    session: Session, judged: Sequence[Judged], keeping: Keeping, gathered: Gathered | None = None
) -> Raised:
    """Put verified records into their communities, and raise, update, reopen or close the flags of these.

    All are kept by now. Whoever has gathered them before, in the same transaction, says how.
    """
    gathered = gathered or gather(session, judged, keeping)
    asking, at = gathered.asking, keeping.at
    joined = join(session, gathered.groups, asking.fresh, at)
    settling = _Settling({one.record.id: one for one in judged}, keeping.renewed, at, keeping.lost)
    touched = _touched(joined, settling.judged, asking.known)
    changes = [change for now in _spoken(session, touched, joined, settling) if (change := _settled(joined, now))]
    changes += [
        change for gone, into in joined.merged.items() if (change := close_merged(joined.matters.get(gone), into, at))
    ]
    after = {change.matter.community_id: change.matter for change in changes}
    tombstones.lay(session, left_open(session, joined.matters, after, asking.corrected), at)
    flags.add(session, [change.matter for change in changes if change.event == "flag.raised"])
    flags.change(session, [change.matter for change in changes if change.event != "flag.raised"])
    codes.give(session, _unlisted(changes, settling.judged), at)
    events.add(session, [*_gathered(joined, asking.known, at), *map(_told, changes)])
    flag = {community: matter.id for community, matter in joined.matters.items()}
    flag |= {change.matter.community_id: change.matter.id for change in changes}
    return Raised(joined.community, {record: flag[own] for record, own in joined.community.items() if own in flag})


def _unlisted(changes: Sequence[Change], judged: Mapping[str, Judged]) -> dict[str, str]:
    """Return the beginnings of the codes for communities that no list names, by community."""
    return {
        change.matter.community_id: wanted_code(judged[change.matter.record_id].record.account)
        for change in changes
        if unlisted(change.matter) and change.matter.record_id in judged
    }


def _touched(joined: Joined, judged: Mapping[str, Judged], known: Mapping[str, str]) -> list[str]:
    """Return the communities that may say something new: of the judged records, and those that won or lost any."""
    own = [community for community, members in joined.members.items() if not judged.keys().isdisjoint(members)]
    changed = [*joined.moved.values(), *(known[record] for record in joined.moved if record in known)]
    return list(dict.fromkeys([*own, *(community for community in changed if community in joined.members)]))


def _settled(joined: Joined, now: Verified) -> Change | None:
    return settle(joined.matters.get(now.community_id), now)


def _spoken(session: Session, touched: Sequence[str], joined: Joined, settling: _Settling) -> Iterator[Verified]:
    """Return what each community says, through the record that speaks for it."""
    unread = [one for community in touched for one in joined.members[community] if one not in settling.judged]
    others = {record.id: Judged(record, record.findings) for record in records.many(session, unread) if record.verdict}
    for community in touched:
        known = [settling.judged.get(one) or others.get(one) for one in joined.members[community]]
        members = {one.record.id: one for one in known if one is not None}
        matter = joined.matters.get(community)
        chosen = speaker([_voice(one) for one in members.values()], matter.record_id if matter else None)
        if chosen is not None:
            together = _together(session, members, chosen, settling.at)
            yield _verified(members[chosen], community, settling, together)


def _voice(one: Judged) -> Voice:
    return Voice(one.record.id, one.summary[0], one.primary is not None and "matched" in one.primary.attributes)


def _together(session: Session, members: Mapping[str, Judged], chosen: str, at: datetime) -> dict[str, Any] | None:
    """Return what the counts of a community's records come to together; None where it has but one."""
    if len(members) == 1:
        return None
    found = {record_id: replace(one.record, findings=one.findings) for record_id, one in members.items()}
    lists = snapshots.titles(session, (finding.snapshot for one in found.values() for finding in one.findings))
    return combined(Company(tuple(found.values()), found[chosen], at.date(), lists), PARAMETERS.counting)


def _verified(one: Judged, community_id: str, settling: _Settling, together: dict[str, Any] | None) -> Verified:
    verdict, p_absent = one.summary
    primary = one.primary
    decided = together["verdict"] if together else None
    return Verified(
        community_id=community_id,
        record_id=one.record.id,
        grounds=flags.Grounds(
            account_hash=account_hash(one.record.account),
            verdict=decided or verdict,
            subtype=primary.subtype if primary and decided is None else None,
            source=primary.source if primary else None,
            official_name=primary.official_name if primary else None,
        ),
        snapshot=primary.snapshot if primary else None,
        p_absent=p_absent,
        renewed=one.record.id in settling.renewed,
        at=settling.at,
        remembered=primary is not None and "remembered" in primary.attributes,
        combined=together,
        lost=one.record.id in settling.lost,
        people=heads.estimate if (heads := usable(one.record.account.counts)) is not None else None,
    )


def _gathered(joined: Joined, known: Mapping[str, str], at: datetime) -> Iterator[events.Event]:
    """Tell which records came into company or left it; a record alone in its first community is no news."""
    for record, community in joined.moved.items():
        if len(joined.members[community]) > 1 or record in known:
            left = {"left": known[record]} if record in known else {}
            yield events.Event("record.gathered", record, at, data={"community": community, **left})
    for gone, into in joined.merged.items():
        yield events.Event("community.merged", gone, at, data={"into": into})


def _told(change: Change) -> events.Event:
    matter = change.matter
    data = {"status": matter.status.value, "version": matter.version, "verdict": matter.grounds.verdict}
    return events.Event(change.event, matter.id, matter.updated_at, data=data | {"why": change.why})
