"""Which communities stand on which lists, from what was found about their records. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from geodata.kinds import kind_of
from geodata.names.folding import fold
from matchers.base import Verdict
from service.accounts.account import Account
from service.coverage.scope import CITIZENS
from service.store.captures import Capture
from service.store.values import FlagStatus

UNTOLD = "not known"
KIND = "kind"
_OPEN = frozenset({None, Verdict.NEEDS_REVIEW, Verdict.INSUFFICIENT_EVIDENCE})
_NO_PLACE = frozenset({Verdict.NOT_ASSESSABLE, Verdict.HIDDEN_GROUP})
_DROPPED = frozenset({FlagStatus.REJECTED, FlagStatus.WITHDRAWN})
_ABSENT = frozenset({FlagStatus.CONFIRMED, FlagStatus.PUBLISHED})


class State(Enum):
    """Whether an official list names a community."""

    ON = "on"
    OFF = "off"
    UNKNOWN = "unknown"  # a person must look first
    OUTSIDE = "outside"  # the list would not name such a place
    DROPPED = "dropped"  # people said that there is no such community to be found


@dataclass(frozen=True, slots=True)
class Community:
    """One community: who names it, whether the official list does, and what was decided."""

    key: str  # the entry of the list that it is, else its own id
    lists: frozenset[str]
    state: State
    stratum: str
    missed: bool = False  # people found it on the list where the machine had not
    absent: bool = False  # people confirmed that it is not on the list
    organisations: frozenset[str] = frozenset()  # who sent records of it


@dataclass(frozen=True, slots=True)
class Members:
    """Communities of a question, and how many of them each state has."""

    communities: tuple[Community, ...]  # on or off
    entries: frozenset[str]  # of the official list that these are
    unknown: Mapping[str, int]  # communities of which the list leaves it open, by stratum
    outside: int  # communities that the list would not name


def members(captured: Iterable[Capture], lists: Sequence[str], by: Sequence[str], *, official: bool) -> Members:
    """Return the communities that at least one of the lists of citizens names."""
    together: dict[str, list[Capture]] = defaultdict(list)
    for capture in captured:
        together[capture.community_id].append(capture)
    found: dict[str, Community] = {}
    unknown: Counter[str] = Counter()
    outside = 0
    for community_id, records in together.items():
        named = frozenset(name for name in lists if any(map(_of(name), records)))
        if not named:
            continue
        one = _community(community_id, records, named, stratum([record.account for record in records], by))
        unknown[one.stratum] += official and one.state is State.UNKNOWN
        outside += official and one.state is State.OUTSIDE
        if not official or one.state in {State.ON, State.OFF}:
            found[one.key] = _merged(found[one.key], one) if one.key in found else one
    entries = frozenset(key for key, one in found.items() if one.state is State.ON)
    return Members(tuple(found.values()), entries, {name: n for name, n in unknown.items() if n}, outside)


def stratum(accounts: Sequence[Account], by: Sequence[str]) -> str:
    """Return the stratum of a community: what its first account that says it says of each of `by`, in one spelling."""
    return " · ".join(next(filter(None, (_said(account, word) for account in accounts)), UNTOLD) for word in by)


def _said(account: Account, word: str) -> str | None:
    if word == KIND:
        return kind_of(account.kind)
    return next((fold(value) for level, value in account.admin if fold(level) == fold(word)), None)


def _of(name: str) -> Callable[[Capture], bool]:
    organisation, slash, collection = name.partition("/")
    return lambda capture: (
        name == CITIZENS
        or (capture.organisation == organisation and (not slash or (capture.account.collection or "") == collection))
    )


def _community(community_id: str, records: Sequence[Capture], lists: frozenset[str], part: str) -> Community:
    statuses = {record.status for record in records}
    matched = next((record for record in records if record.matched), None)
    missed = FlagStatus.MATCHED_EXISTING in statuses
    absent = matched is None and not statuses.isdisjoint(_ABSENT)
    entry = matched.official_id if matched else None
    state = State.ON if missed or matched else State.OFF if absent else _state(records, statuses)
    organisations = frozenset(record.organisation for record in records)
    return Community(entry or community_id, lists, state, part, missed, absent, organisations)


def _state(records: Sequence[Capture], statuses: set[FlagStatus | None]) -> State:
    verdicts = {record.verdict for record in records}
    if not statuses.isdisjoint(_DROPPED):
        return State.DROPPED
    if verdicts & _OPEN:
        return State.UNKNOWN
    return State.OUTSIDE if verdicts <= _NO_PLACE else State.OFF


def _merged(one: Community, other: Community) -> Community:
    """Return two that turned out to be one entry of the list as one community."""
    return Community(
        one.key,
        one.lists | other.lists,
        one.state,
        one.stratum,
        one.missed or other.missed,
        one.absent or other.absent,
        one.organisations | other.organisations,
    )
