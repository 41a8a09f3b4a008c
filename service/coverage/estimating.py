"""Estimate how many communities are on none of the lists that the service knows, as far as the caller may count."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from geodata.kinds import kind_of
from matchers.coverage.estimate import Estimate, estimate
from matchers.coverage.histories import Histories, History, Impossible
from matchers.coverage.refusal import Known
from matchers.coverage.strata import Stratified, stratified
from service.accounts.classes import is_group
from service.callers.caller import ANONYMOUS, Caller, Right
from service.context import Context
from service.coverage.entries import entries, is_kind
from service.coverage.links import quality
from service.coverage.membership import Members, State, members
from service.coverage.origins import shared, unseeded
from service.coverage.scope import CoverageScope, Lists, chosen
from service.disclosure import countable
from service.disclosure.histories import told_histories
from service.errors import INVALID, Problem
from service.official.longlists import in_memory
from service.store import captures, passports
from service.store.filters import RecordFilter
from service.store.passports import key_of


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """What lists tell about how many communities there are. Only `service.disclosure` lets it out."""

    scope: CoverageScope
    generated_at: datetime
    estimate: Estimate
    stratified: Stratified | None
    insider: bool  # whether the caller works with all records that were counted
    outside: int  # communities left out, because the official list would not name such a place
    official: str | None  # sha256 of the snapshot of the official list
    withheld: bool = False  # no number may be told of these communities


def coverage(context: Context, scope: CoverageScope, caller: Caller) -> CoverageReport:
    """Estimate from the communities that the caller may count, all read at one moment.

    Raises `Problem`: invalid for lists that cannot be held against one another and kinds that are not known, key needed
    or not permitted for parts of a country where the caller is no insider.
    """
    caller = caller.counting(scope.country, scope.admin)
    kind = _kind(scope.kind)
    officials = in_memory(context.lists.current(), scope.lists)
    with context.store.read() as session:
        mine = frozenset(filter(None, (caller.organisation,)))
        organisations = captures.organisations(session, scope.country) if caller.may(Right.READ) else mine
        lists = chosen(scope, caller, organisations, officials)
        source = lists.official.source if lists.official else None
        found = captures.captures(session, RecordFilter(country=scope.country, admin=scope.admin), source)
        counted = countable(
            (
                one
                for one in found
                if not is_group(one.account) and (kind is None or is_kind(kind_of(one.account.kind), kind))
            ),
            ANONYMOUS if lists.public else caller,
        )
        declared = passports.latest(session, {key_of(one.organisation, one.account) for one in counted})
        judged = captures.judged(session, source) if source else None
    independent = unseeded(counted, declared, lists)
    present = members(independent, lists.citizens, scope.stratify, official=source is not None)
    try:
        known = Known(
            links=quality(present, judged) if judged else None, shared=shared(counted, declared, (lists, scope.seeded))
        )
        parts = _parts(present, lists, scope)
        divided = stratified(parts, known) if scope.stratify else None
        histories = Histories.together(list(parts.values()))
        told = _told(context, scope, (lists, present, histories)) if lists.public else histories
        whole = divided.pooled if divided else estimate(told or histories, known)
    except Impossible as impossible:
        detail = f"{str(impossible)[0].upper()}{str(impossible)[1:]}; {impossible.hint}."
        raise Problem(INVALID, detail) from impossible
    return CoverageReport(
        scope=scope,
        generated_at=datetime.now(UTC),
        estimate=whole,
        stratified=divided,
        insider=lists.insider,
        outside=present.outside,
        official=lists.official.snapshot if lists.official else None,
        withheld=told is None,
    )


def _told(context: Context, scope: CoverageScope, found: tuple[Lists, Members, Histories]) -> Histories | None:
    """Return the histories as outsiders are told them; None where they are told none of some combination of lists."""
    lists, present, histories = found
    on = [
        (one.state is State.ON, one.organisations)
        for one in present.communities  # all of them are on the list of citizens
    ]
    source = lists.official.source if lists.official else ""
    question = "/".join(("coverage", scope.country or "", source, *sorted(scope.seeded)))
    cells = told_histories(context.store, question, on, alone=int(histories.counts[1]))
    return None if cells is None else Histories.of(histories.lists, cells)


def _parts(present: Members, lists: Lists, scope: CoverageScope) -> dict[str, Histories]:
    """Return the histories of each stratum; entries of the official list that nobody named are on that list alone."""
    counts: dict[str, Counter[History]] = defaultdict(Counter)
    for community in present.communities:
        on = [int(name in community.lists) for name in lists.citizens]
        official = [int(community.state is State.ON)] if lists.official else []
        counts[community.stratum][*on, *official] += 1
    if lists.official is not None:
        alone = (*(0 for _ in lists.citizens), 1)
        for entry, stratum in entries(lists.official, scope):
            if entry not in present.entries:
                counts[stratum][alone] += 1
    strata = sorted({*counts, *present.unknown}) or [""]
    return {stratum: _histories(lists.names, counts[stratum], present.unknown.get(stratum, 0)) for stratum in strata}


def _histories(names: Sequence[str], counts: Counter[History], unknown: int) -> Histories:
    told = Histories.of(names, counts)
    return Histories(told.lists, told.counts, unknown)


def _kind(text: str | None) -> str | None:
    if text is None:
        return None
    kind = kind_of(text)
    if kind is None:
        detail = f"{text!r} is no kind of place that is known here, such as village, settlement or camp."
        raise Problem(INVALID, detail, errors=[{"pointer": "?kind", "message": detail, "hint": INVALID.hint}])
    return kind
