"""Reading: which editions somebody may read, and as written for whom."""

from __future__ import annotations

from service.callers.caller import Caller
from service.context import Context
from service.errors import KEY_NEEDED, NOT_FOUND, NOT_PERMITTED, Problem
from service.gap_reports.edition import Audience, works_with
from service.store import gap_reports
from service.store.gap_reports import Edition


def seen(context: Context, report_id: str, calling: Caller) -> Edition:
    """Return an edition that this caller may read. Raises `Problem` (not found) alike for others and for none."""
    with context.store.read() as session:
        found = gap_reports.get(session, report_id)
    if not found.public and not works_with(calling, found):
        detail = f"There is no gap report {report_id}."
        raise Problem(NOT_FOUND, detail)
    return found


def audience_for(asked: Audience | None, calling: Caller, *editions: Edition) -> Audience:
    """Return for whom editions are written. Raises `Problem` (key needed, not permitted)."""
    inside = all(works_with(calling, one) for one in editions)
    if asked is Audience.RESTRICTED and not inside:
        kind = KEY_NEEDED if calling.role is None else NOT_PERMITTED
        raise Problem(kind, "The restricted edition is for those who work with all that it is about.")
    return asked or (Audience.RESTRICTED if inside else Audience.PUBLIC)
