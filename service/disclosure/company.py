"""Who else speaks of a flag's community, and what that is worth; only of those whom the caller may see."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from geodata.names.folding import fold
from matchers.communities.combining import combine
from matchers.communities.corroboration import (
    AUDIT_HALF_LIFE,
    Source,
    correlations,
    corroborate,
    faded,
    reliability,
)
from matchers.communities.quarantine import spot_of
from service.caller import Caller
from service.disclosure.policy import view_of
from service.people import usable
from service.store.values import Audit, Flag, FlagStatus, Record, Witness

_DAYS_A_YEAR = 365.25
_SEVERAL = 2
_Z95 = 1.96
_LEAST_SD = 0.01  # of a logarithm: nobody counts people to the last one
_DECLARED = frozenset({"seed list", "source list", "sampling frame", "funder", "funded by", "enumerators"})
_TELLING_WORDS = 12  # of a text that two organisations do not both write by chance


def company(flag: Flag, caller: Caller) -> dict[str, Any]:
    """Return the records of a flag's community that the caller works with, and how far they support one another.

    Whoever only reads what was published is told of nobody.
    """
    published = flag.status is FlagStatus.PUBLISHED
    seen = [one for one in flag.members if view_of(one, caller, published=published).inside]
    return {"members": [_member(one) for one in seen], "corroboration": _corroboration(seen, flag.audits)}


def _member(record: Record) -> dict[str, Any]:
    names = record.account.names
    return {
        "record_id": record.id,
        "organisation": record.organisation,
        "name": names[0].text if names else None,
        "verdict": record.verdict,
        "probability": record.p_absent,
        "observed": record.account.observed,
    }


def _corroboration(records: Sequence[Record], audits: Mapping[Witness, Sequence[Audit]]) -> dict[str, Any] | None:
    if not records:
        return None
    sources = [_source(record, audits) for record in records]
    found = corroborate(sources)
    return {
        "organisations": found.organisations,
        "records": found.accounts,
        "effective_sources": found.effective,
        "probability": found.probability,
        "sufficient": found.enough,
        "sentence": found.sentence,
        "persons": _persons(records, sources),
    }


def _persons(records: Sequence[Record], sources: Sequence[Source]) -> dict[str, Any] | None:
    """Return one head count from those of all records, None where fewer than two can be used."""
    counted = [
        (heads, source)
        for record, source in zip(records, sources, strict=True)
        if (heads := usable(record.account.counts)) is not None and heads.estimate > 0 and heads.low > 0
    ]
    if len(counted) < _SEVERAL:
        return None
    sds = np.array([max(math.log(heads.high / heads.low) / (2 * _Z95), _LEAST_SD) for heads, _ in counted])
    estimates = np.array([heads.estimate for heads, _ in counted])
    combined = combine(estimates, sds, correlations([source for _, source in counted]))
    spread = math.exp(_Z95 * combined.sd)
    return {
        "estimate": round(combined.value),
        "low": round(combined.value / spread),
        "high": round(combined.value * spread),
        "counts": len(counted),
        "conflicting": combined.conflicting or combined.far_apart,
    }


def _source(record: Record, audits: Mapping[Witness, Sequence[Audit]]) -> Source:
    account = record.account
    today = max(record.updated_at.date(), record.created_at.date())
    observed = account.observed or record.created_at.date()
    method = account.counts[0].method if account.counts else None
    mean, _ = _reliability(audits.get(Witness(record.organisation, method), ()), today)
    return Source(
        organisation=record.organisation,
        content=record.id if account.own_id else account.fingerprint(),
        reliability=mean,
        age_years=_years(observed, today),
        origins=_origins(record),
        official_copy=_is_copy(record),
    )


def _reliability(audits: Sequence[Audit], today: date) -> tuple[float, float]:
    weights = [faded(_years(audit.day, today), AUDIT_HALF_LIFE) for audit in audits]
    confirmed = sum(weight * audit.confirmed for weight, audit in zip(weights, audits, strict=True))
    return reliability(confirmed, sum(weight * audit.refused for weight, audit in zip(weights, audits, strict=True)))


def _origins(record: Record) -> frozenset[tuple[str, str]]:
    """Return what a record may share with those of others: its survey, what it declares, its very point or text."""
    account = record.account
    found = {("survey", fold(account.collection))} if account.collection else set()
    found |= {(fold(name), fold(text)) for name, text in account.attributes if fold(name) in _DECLARED}
    texts = {fold(text) for _, text in account.attributes if len(text.split()) >= _TELLING_WORDS}
    found |= {("text", text) for text in texts}
    spot = spot_of(*(account.point() or (None, None)))
    if spot is not None:
        found.add(("point", spot))
    return frozenset(found)


def _is_copy(record: Record) -> bool:
    """Return whether a record stands on the very point of its entry, under the very name: a list that came back."""
    if not record.findings or not record.findings[0].candidates:
        return False
    best = record.findings[0].candidates[0]
    return best.get("distance_m") == 0 and best.get("similarity") == 1


def _years(earlier: date, later: date) -> float:
    return max((later - earlier).days, 0) / _DAYS_A_YEAR
