"""Who else speaks of a flag's community, and what that is worth; only of those whom the caller may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from matchers.communities.corroboration import corroborate
from matchers.parameters import DEFAULTS
from service.callers.caller import Caller
from service.disclosure.openness import open_now
from service.disclosure.policy import view_of
from service.store.values import Flag, Record
from service.testimony.combined import Company, combined
from service.testimony.witnesses import witness


def company(flag: Flag, caller: Caller) -> dict[str, Any]:
    """Return the records of a flag's community that the caller works with, and how far they support one another.

    Whoever only reads what was published is told of nobody.
    """
    seen = _seen(flag, caller)
    return {"members": [_member(one) for one in seen], "corroboration": _corroboration(flag, seen)}


def common_count(flag: Flag, caller: Caller) -> dict[str, Any] | None:
    """Return what the counts of the records that the caller works with come to (`service.testimony.combined`)."""
    seen = _seen(flag, caller)
    return _common(flag, seen) if seen else None


def _seen(flag: Flag, caller: Caller) -> list[Record]:
    published = open_now(flag)
    return [one for one in flag.members if view_of(one, caller, published=published).inside]


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


def _corroboration(flag: Flag, seen: Sequence[Record]) -> dict[str, Any] | None:
    if not seen:
        return None
    found = corroborate([witness(record, flag.audits) for record in seen])
    return {
        "organisations": found.organisations,
        "records": found.accounts,
        "effective_sources": found.effective,
        "probability": found.probability,
        "sufficient": found.enough,
        "sentence": found.sentence,
        "persons": _persons(_common(flag, seen)),
    }


def _common(flag: Flag, seen: Sequence[Record]) -> dict[str, Any] | None:
    """Return the common count: as it was kept where the caller sees all it was made of, else that of what is seen."""
    kept, visible = flag.combined, {record.id for record in seen}
    if kept is not None and all(claim["record_id"] in visible for claim in kept["claims"]):
        return kept
    speaker = flag.record if flag.record.id in visible else seen[0]
    lists = kept.get("lists", {}) if kept is not None else {}
    today = max(record.updated_at for record in seen).date()
    return combined(Company(seen, speaker, today, lists), DEFAULTS.counting) if len(seen) > 1 else None


def _persons(common: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if common is None:
        return None
    return {
        "estimate": common["value"],
        **{name: common[name] for name in ("low", "high", "unit", "counts", "conflicting", "attributes", "sentence")},
    }
