"""Rivals: records verified before that hold the entries which others claim now.

A record posted alone competes with them as it would in one file. Records of its own community are no rivals, and one
that others may not be told of is nobody's: a reason that names it would tell that it exists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from matchers.base import OfficialList
from matchers.communities.accounts import Accounts, Origin
from matchers.communities.alike import alike
from matchers.communities.proposals import proposals
from matchers.company.claims import NOBODY, RATHER, Others
from matchers.parameters import Parameters
from service.accounts.account import Account, as_places
from service.disclosure.policy import may_be_named
from service.store import claims, neighbours
from service.store.claims import Claim
from service.store.engine import Store
from service.store.values import Record

_LEAST_P = 1e-12  # stated probabilities end at nine digits

Rivals = Callable[[Sequence[Record], OfficialList], Callable[[Sequence[str]], Others]]


def rivals_in(store: Store, parameters: Parameters) -> Rivals:
    """Return what finds the rivals of records on one official list, among those verified before."""

    def against(found: Sequence[Record], official: OfficialList) -> Callable[[Sequence[str]], Others]:
        return lambda entries: _others(store, found, (official, entries), parameters)

    return against


def _others(
    store: Store, found: Sequence[Record], upon: tuple[OfficialList, Sequence[str]], parameters: Parameters
) -> Others:
    official, entries = upon
    asked = {record.id for record in found}
    with store.glance() as session:
        held = [claim for claim in claims.upon(session, official.snapshot, entries) if claim.record_id not in asked]
    held = [claim for claim in held if may_be_named(claim.account)]
    if not held:
        return NOBODY
    accounts = {claim.record_id: claim.account for claim in held}
    return Others(
        ids=tuple(claim.record_id for claim in held),
        claims=tuple((at, entry, odds) for at, claim in enumerate(held) for entry, odds in _odds(claim).items()),
        community=_communities(found, held, accounts, parameters),
    )


def _odds(claim: Claim) -> dict[str, float]:
    """Return the odds of each candidate against absence, by the record's own evidence.

    Findings keep joint probabilities; the bits of the candidates say how its own evidence was shared among them.
    """
    weight = {each["official_id"]: 2 ** sum(e["bits"] for e in each["evidence"]) for each in claim.candidates}
    alone = max(claim.p_absent_alone, _LEAST_P)
    listed = (1 - alone) / alone / sum(weight.values())
    return {entry: listed * ratio for entry, ratio in weight.items()}


def _communities(
    found: Sequence[Record], held: Sequence[Claim], accounts: Mapping[str, Account], parameters: Parameters
) -> dict[str, str]:
    """Return the community of each record by record: what is known, and what their accounts say now.

    A record's own community may be its first, made when it was accepted, and is not yet joined with others.
    """
    community = {claim.record_id: claim.community_id or claim.record_id for claim in held}
    community |= {record.id: record.community_id or record.id for record in found}
    asked = [record for record in found if may_be_named(record.account)]
    names = [neighbours.search_names(accounts[claim.record_id]) for claim in held]
    first, second = proposals([neighbours.search_names(record.account) for record in asked], names)
    if len(first):
        ids = [*(record.id for record in asked), *(claim.record_id for claim in held)]
        told = [*(record.account for record in asked), *(accounts[claim.record_id] for claim in held)]
        givers = [*(record.organisation for record in asked), *(claim.organisation for claim in held)]
        origin = Origin(givers, [one.collection for one in told], [one.own_id for one in told])
        both = Accounts.of(as_places(ids, told), parameters, origin)
        one = alike(both, first, second + len(asked), parameters) > RATHER
        for mine, theirs in zip(first[one].tolist(), second[one].tolist(), strict=True):
            kept, gone = community[asked[mine].id], community[held[theirs].record_id]
            community |= {record: kept for record, label in community.items() if label == gone}
    return community
