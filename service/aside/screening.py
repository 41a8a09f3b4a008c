"""Screening: which of the accounts that arrive are set aside before anybody acts on them, and what goes with them.

Looks at what the organisation sent before, inside the transaction that keeps the accounts. Most of what is sent needs
one look at its points and one at the number of the day; only what stands out is examined (`matchers.communities`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from geodata.places import Places
from matchers.communities.quarantine import COPIES, FLOOD, Ground, History, examine, spot_of
from service.accounts.account import Account, as_places
from service.store import events, findings, flags, quarantine
from service.store.engine import Session
from service.store.values import FlagStatus

Grounds = dict[str, tuple[Ground, ...]]  # by record

_COPIED = "copied_geometry"
_EXPLAINED = "More accounts of this organisation were sent that stand on the very same point."


@dataclass(frozen=True, slots=True)
class Sent:
    """Accounts that an organisation sends at one moment, by the record each becomes or corrects."""

    organisation: str
    spots: Mapping[str, str | None]  # by record: the point it stands on
    countries: Collection[str]  # that they are about
    bounded: bool  # one of them says how much room or how many dwellings there are for its people
    places: Callable[[], Places]  # in the order of `spots`; made only where something stands out
    corrects: frozenset[str]  # of these records, those that were there before
    at: datetime


def of_accounts(organisation: str, accounts: Mapping[str, Account], corrects: frozenset[str], at: datetime) -> Sent:
    """Return accounts, by record, as they are screened."""
    return Sent(
        organisation=organisation,
        spots={record: spot(account) for record, account in accounts.items()},
        countries={account.country for account in accounts.values()},
        bounded=any(map(bounded, accounts.values())),
        places=lambda: as_places(list(accounts), list(accounts.values())),
        corrects=corrects,
        at=at,
    )


def screen(session: Session, sent: Sent) -> Grounds:
    """Return the grounds on which records are to be set aside, by record; those that may pass are left out."""
    here = Counter(spot for spot in sent.spots.values() if spot is not None)
    there = quarantine.at_spots(session, sent.organisation, here.keys(), sent.corrects)
    new = len(sent.spots) - len(sent.corrects)
    today = _today(session, sent) if new else 0
    crowded = any(number + there.get(spot, 0) >= COPIES for spot, number in here.items())
    days = quarantine.days(session, sent.organisation, midnight(sent.at)) if today + new > FLOOD else []
    if not crowded and not days and not sent.bounded:
        return {}
    others = quarantine.of_others(session, sent.organisation, sent.countries) if days else None
    found = examine(sent.places(), History(at_spot=there, today=today, days=days, others=others))
    return {record: grounds for record, grounds in zip(sent.spots, found, strict=True) if grounds}


def set_aside(session: Session, sent: Sent, grounds: Grounds) -> list[events.Event]:
    """Take back what these records said before, and what the organisation sent earlier to spots that are copied.

    The first copies of a flood pass before it shows. What people have looked at stays as it is. Returns what happened.
    """
    copied = {record for record, own in grounds.items() if any(ground.code == _COPIED for ground in own)}
    spots = {spot for record in copied if (spot := sent.spots[record]) is not None}
    earlier = quarantine.standing_on(session, sent.organisation, spots) if spots else {}
    told = [_quarantined(record, own, sent.at) for record, own in grounds.items() if record not in sent.corrects]
    corrected = {record: own for record, own in grounds.items() if record in sent.corrects}
    taken_back: Grounds = dict.fromkeys(earlier, (Ground(_COPIED, _EXPLAINED),)) | corrected
    return told + _withdraw(session, taken_back, sent.at)


def _withdraw(session: Session, grounds: Grounds, at: datetime) -> list[events.Event]:
    """Take records back into quarantine: no verdict stands on them, and no flag that they spoke for stays open."""
    if not grounds:
        return []
    quarantine.set_aside(session, grounds, at)
    findings.supersede(session, list(grounds))
    spoken = [matter for matter in flags.spoken_by(session, list(grounds)) if not matter.decided]
    closed = [
        replace(matter, status=FlagStatus.WITHDRAWN, version=matter.version + 1, updated_at=at)
        for matter in spoken
        if matter.status is not FlagStatus.WITHDRAWN
    ]
    flags.change(session, closed)
    return [_quarantined(record, own, at) for record, own in grounds.items()] + [_closed(matter) for matter in closed]


def _quarantined(record_id: str, grounds: Sequence[Ground], at: datetime) -> events.Event:
    """Return the event of a record that is set aside by the service itself."""
    return events.Event("record.quarantined", record_id, at, data={"grounds": [ground.code for ground in grounds]})


def _closed(matter: flags.Matter) -> events.Event:
    data = {"status": matter.status.value, "version": matter.version, "verdict": matter.grounds.verdict}
    why = {"why": "the record that spoke for it is set aside"}
    return events.Event("flag.closed", matter.id, matter.updated_at, data=data | why)


def _today(session: Session, sent: Sent) -> int:
    return quarantine.since(session, sent.organisation, midnight(sent.at))


def midnight(at: datetime) -> datetime:
    """Return when the day of a moment began."""
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def spot(account: Account) -> str | None:
    """Return the point an account stands on, as it is compared with others; None where it has none."""
    return spot_of(*(account.point() or (None, None)))


def bounded(account: Account) -> bool:
    """Return whether an account says how much room or how many dwellings there are for its people."""
    units = {count.unit for count in account.counts}
    return "persons" in units and (account.area is not None or bool(units & {"dwellings", "structures"}))
