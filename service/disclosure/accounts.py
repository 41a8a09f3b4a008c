"""Records and flags as one caller may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from matchers.base import Verdict
from service.callers.caller import Caller, Right
from service.disclosure.blind import scoreless, unjudged
from service.disclosure.communities import community
from service.disclosure.company import company
from service.disclosure.openness import open_now, opens_at
from service.disclosure.policy import View, view_of
from service.disclosure.verdicts import Instead, Lists, verification
from service.store.values import Flag, Record, Review


def redact_record(record: Record, caller: Caller, lists: Lists, *, published: bool) -> dict[str, Any] | None:
    """Return a record as this caller may see it, None when for this caller it does not exist.

    `published` says whether the record's flag is; `lists` holds the lists it was compared with, for their titles.
    """
    view = view_of(record, caller, published=published)
    if view is View.NOTHING:
        return None
    shown, withheld = community(record, view)
    return {
        "id": record.id,
        "own_id": record.account.own_id if view.inside else None,
        "organisation": record.organisation if view.inside else None,
        "collection": record.account.collection if view.inside else None,
        "revision": record.revision,
        "state": record.state.value,
        "community_id": record.community_id if view.inside else None,
        "quarantine": [asdict(ground) for ground in record.quarantine] if view.inside else [],
        "created_at": record.created_at,
        "updated_at": record.updated_at,
        **shown,
        **verification(record, view, lists),
        "flag_id": record.flag_id,
        "decided": None,
        "withheld": withheld,
    }


def redact_flag(flag: Flag, caller: Caller, lists: Lists) -> dict[str, Any] | None:
    """Return a flag as this caller may see it, None when for this caller it does not exist.

    Whoever judges it blind sees it as if nobody had judged it, and without scores.
    """
    if caller.key_id is None or caller.key_id not in flag.blind_to:
        return _redacted(flag, caller, lists)
    shown = _redacted(unjudged(flag), caller, lists)
    return None if shown is None else scoreless(shown)


def _redacted(flag: Flag, caller: Caller, lists: Lists) -> dict[str, Any] | None:
    view = view_of(flag.record, caller, published=open_now(flag))
    if view is View.NOTHING:
        return None
    shown, withheld = community(flag.record, view)
    noted = caller.at(flag.record.account.country, flag.record.account.admin).may(Right.REVIEW)
    together = company(flag, caller)
    told = verification(flag.record, view, lists, _instead(flag))
    return {
        "id": flag.id,
        "status": flag.status.value,
        "version": flag.version,
        "created_at": flag.created_at,
        "updated_at": flag.updated_at,
        **told,
        **(_by_counts(flag, together["corroboration"], told["reasons"]) if view.inside else {}),
        "verdict": flag.verdict,
        "machine_verdict": flag.machine_verdict,
        "subtype": flag.subtype,
        "probability": flag.p_absent,
        "record_id": flag.record.id,
        "organisation": flag.record.organisation if view.inside else None,
        "community": shown,
        "code": flag.code if view.inside or "admin" not in withheld else None,
        "embargo_until": _embargo(flag) if view.inside else None,
        "community_id": flag.record.community_id if view.inside else None,
        **together,
        "deferred_until": flag.deferred_until if view.inside else None,
        "reviews": [_review(review, noted=noted) for review in flag.reviews] if view.inside else [],
        "withheld": withheld,
    }


def _embargo(flag: Flag) -> datetime | None:
    """Return until when a flag is not open, whatever people decide; None once that is over."""
    until = opens_at(flag)
    return until if until > datetime.now(UTC) else None


def _instead(flag: Flag) -> Instead | None:
    if flag.verdict != flag.machine_verdict:
        return Instead(flag.verdict, by_people=True)
    own = flag.record.findings[0].verdict if flag.record.findings else flag.machine_verdict
    return None if own == flag.machine_verdict else Instead(flag.machine_verdict, by_people=False)


def _by_counts(flag: Flag, corroboration: Mapping[str, Any] | None, reasons: list[str]) -> dict[str, Any]:
    """Return what changes in a flag's grounds where the counts of several records say more than the one shown."""
    common = corroboration["persons"] if corroboration else None
    decided = flag.machine_verdict != flag.record.verdict and flag.combined is not None
    if common is None and not decided:  # whoever does not see the others need not learn that there are any
        return {}
    sentence = common["sentence"] if common else _OTHERS
    changed = {"reason": sentence, "needs_review": flag.machine_verdict == Verdict.NEEDS_REVIEW} if decided else {}
    return {**changed, "reasons": [sentence, *reasons]}


#: To an organisation that does not see whose counts decided.
_OTHERS = "The verdict rests on more than this record."


def _review(review: Review, *, noted: bool) -> dict[str, Any]:
    """Return a decision; what reviewers note for one another is for them alone."""
    names = (
        "id",
        "decision",
        "reason_code",
        "organisation",
        "created_at",
        "supersedes",
        "until",
        "message",
        "question",
        "blind",
    )
    told = asdict(review)
    note = review.note if noted else None
    return {name: told[name] for name in names} | {"note": note, "undo": bool(review.undo)}
