"""Records as witnesses: who reports, how often that turned out to be so, and what each may share with the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from geodata.names.folding import fold
from matchers.communities.corroboration import AUDIT_HALF_LIFE, Source, faded, reliability
from matchers.communities.estimates import years_between
from matchers.communities.quarantine import spot_of
from service.store.values import Audit, Record, Witness

_DECLARED = frozenset({"seed list", "source list", "sampling frame", "funder", "funded by", "enumerators"})
_TELLING_WORDS = 12  # of a text that two organisations do not both write by chance
_POINT = "point"


def witness(record: Record, audits: Mapping[Witness, Sequence[Audit]] | None = None) -> Source:
    """Return a record as a source of evidence; without audits its organisation is one that nobody audited."""
    account = record.account
    today = max(record.updated_at.date(), record.created_at.date())
    observed = account.observed or record.created_at.date()
    method = account.counts[0].method if account.counts else None
    mean, _ = _reliability((audits or {}).get(Witness(record.organisation, method), ()), today)
    return Source(
        organisation=record.organisation,
        content=record.id if account.own_id else account.fingerprint(),
        reliability=mean,
        age_years=max(years_between(observed, today), 0.0),
        origins=_origins(record),
        official_copy=is_copy(record),
    )


def counter(record: Record) -> Source:
    """Return a record as a source of its count: a point it shares with others says where people live, not how many."""
    source = witness(record)
    return replace(source, origins=frozenset(origin for origin in source.origins if origin[0] != _POINT))


def is_copy(record: Record) -> bool:
    """Return whether a record stands on the very point of its entry, under the very name: a list that came back."""
    if not record.findings or not record.findings[0].candidates:
        return False
    best = record.findings[0].candidates[0]
    return best.get("distance_m") == 0 and best.get("similarity") == 1


def _reliability(audits: Sequence[Audit], today: date) -> tuple[float, float]:
    weights = [faded(max(years_between(audit.day, today), 0.0), AUDIT_HALF_LIFE) for audit in audits]
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
        found.add((_POINT, spot))
    return frozenset(found)
