"""Offices: how each answers what is put before it, as everybody may read it. No places, and no small numbers.

Counted are matters about communities that agreed to be part of totals and whose class allows it (`hidden.agreed`), each
once for every office that may answer it. Numbers leave in editions, like all totals; a share and a median are told only
where the numbers beneath them are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from matchers.evaluation.waiting import median_wait
from service.accounts.account import Consent
from service.callers.territory import Area
from service.disclosure.policy import SMALLEST_COUNT, Sensitivity, sensitivity_of
from service.disclosure.registry import Block, Reporting, World, issued
from service.disclosure.tables import Dimension
from service.disclosure.tables.cube import ALL, Coordinates
from service.store import answering, editions
from service.store.answering import Matter
from service.store.engine import Session, Store
from service.store.taken_back import mark as taken_back_mark
from service.store.values import FlagStatus

LIMITS = (
    "Only matters are counted whose communities agreed to be part of totals.",
    f"Numbers are rounded, and told from {SMALLEST_COUNT} communities on.",
    "The median is the time until half of the matters were answered, by the Kaplan-Meier curve.",
    "What is still open counts as having waited until today; what another office answered, until it did.",
    "An answer is a judgement, whatever it says. To put a matter off is none.",
    "A matter is put before every office whose keys work where it lies.",
)

_SUBJECT = "offices"
_ANSWERED, _CONFIRMED, _OTHERWISE, _OPEN = "answered", "confirmed", "otherwise", "open"
#: Each office has a table of its own: a matter before two of them must not be added up.
_SHAPE = Block((Dimension({_CONFIRMED: _ANSWERED, _OTHERWISE: _ANSWERED}),), countries=False)
_AGREED = frozenset({Consent.PUBLIC_AGGREGATE.value, Consent.PUBLIC_MASKED.value, Consent.PUBLIC_EXACT.value})
_COUNTED = frozenset({Sensitivity.OPEN, Sensitivity.CAUTION})
_DAY_S = 86_400

#: Where offices work; None is everywhere.
Mandates = Mapping[str, tuple[Area, ...] | None]


@dataclass(frozen=True, slots=True)
class Register:
    """What is told of each office, and of which day."""

    as_of: date
    items: tuple[dict[str, Any], ...] = ()
    limits: tuple[str, ...] = LIMITS

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"as_of": self.as_of, "limits": list(self.limits), "items": list(self.items)}


_one_at_a_time = Lock()
_told: WeakKeyDictionary[Store, tuple[Any, Register]] = WeakKeyDictionary()


@dataclass
class _Waits:
    """How long the matters of one office waited, and which of them it answered."""

    days: list[float] = field(default_factory=list)
    answered: list[bool] = field(default_factory=list)


def register(store: Store) -> Register:
    """Return how each office answers; worked out again only when something moved, or on another day.

    One thread works it out for all. Raises `Problem` (busy) where the database does not answer.
    """
    with _one_at_a_time:
        with store.read() as session:
            mark = _mark(session)
            if (known := _told.get(store)) is not None and known[0] == mark:
                return known[1]
            mandates, found = answering.offices(session), [one for one in answering.matters(session) if _counts(one)]
        told = _register(store, mandates, found)
        with store.read() as session:
            _told[store] = _mark(session), told
        return told


def _register(store: Store, mandates: Mandates, found: Sequence[Matter]) -> Register:
    now = datetime.now(UTC)
    counted: dict[str, defaultdict[Coordinates, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    waits: defaultdict[str, _Waits] = defaultdict(_Waits)
    for office, areas in mandates.items():
        for one in (matter for matter in found if _put_before(areas, matter)):
            answer = next((said for said in one.answers if said.office == office), None)
            fate = _OPEN if answer is None else _CONFIRMED if _stands(answer.decision) else _OTHERWISE
            counted[office][fate,][one.organisation] += 1
            until = answer.at if answer else min((said.at for said in one.answers), default=one.closed_at or now)
            waits[office].days.append(max((until - one.put_at).total_seconds(), 0.0) / _DAY_S)
            waits[office].answered.append(answer is not None)
    tables = {office: Reporting(_SHAPE, World(fates)) for office, fates in counted.items()}
    told = issued(store, _SUBJECT, tables).transformed if tables else {}
    return Register(now.date(), tuple(_office(office, told.get(office, {}), waits[office]) for office in mandates))


def _office(office: str, told: Mapping[Coordinates, int], waits: _Waits) -> dict[str, Any]:
    matters, answered, confirmed = (told.get((fate,)) for fate in (ALL, _ANSWERED, _CONFIRMED))
    half = median_wait(waits.days, waits.answered) if matters and answered else None
    return {
        "office": office,
        "matters": matters,
        "share_answered": _share(answered, matters),
        "share_confirmed": _share(confirmed, answered),
        "median_days": None if half is None else float(round(half)),
        "withheld": _withheld(matters, answered, half),
    }


def _withheld(matters: int | None, answered: int | None, half: float | None) -> str | None:
    if not matters or not answered:
        return f"under {SMALLEST_COUNT}" if not matters else f"under {SMALLEST_COUNT} answered"
    return "more than half are still open" if half is None else None


def _share(part: int | None, whole: int | None) -> float | None:
    """Return a share of two rounded numbers, at most 1; None where either is not told."""
    return round(min(part / whole, 1.0), 2) if part and whole else None


def _put_before(areas: tuple[Area, ...] | None, one: Matter) -> bool:
    return areas is None or any(area.holds(one.account.country, one.account.admin) for area in areas)


def _stands(decision: FlagStatus) -> bool:
    return decision is FlagStatus.CONFIRMED


def _counts(one: Matter) -> bool:
    return sensitivity_of(one.account) in _COUNTED and one.account.consent in _AGREED


def _mark(session: Session) -> tuple[Any, ...]:
    today = datetime.now(UTC).date()
    return (
        today,
        taken_back_mark(session),
        answering.mark(session),
        answering.offices(session),
        *editions.mark(session),
    )
