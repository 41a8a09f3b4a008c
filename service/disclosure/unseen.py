"""What a caller is shown of nobody, said so that the store can leave it out: reading past it takes time that tells.

This only saves reading: whatever the store gives is judged one by one all the same (`service.disclosure.policy`).
"""

from __future__ import annotations

from dataclasses import replace

from service.callers.caller import Caller, Right
from service.disclosure.policy import Consent, Sensitivity
from service.store.filters import Unseen, Worked

_NEVER_ALONE = (Consent.INTERNAL.value, Consent.REVIEWERS.value, Consent.PUBLIC_AGGREGATE.value)
_NEVER_TOGETHER = (Consent.INTERNAL.value, Consent.REVIEWERS.value, Consent.PARTNERS.value)
_NEVER_OUTSIDE = (Sensitivity.RESTRICTED.value, Sensitivity.CLOSED.value)


def worked_by(caller: Caller) -> Worked | None:
    """Return which records a caller works with; None for all, as far as its class and consent allow."""
    if caller.may(Right.READ):
        return None
    areas = caller.areas if caller.areas is not None and caller.holds(Right.READ) else ()
    return Worked(caller.organisation, tuple(sorted(caller.partners)), areas, caller.charges)


def spoken_for(caller: Caller) -> Worked:
    """Return which records a caller speaks for: their organisation's, or those in their charge."""
    return Worked(caller.organisation, charges=caller.charges)


def uncounted_by(caller: Caller) -> Unseen | None:
    """Return which records of other organisations are in no total for a caller; None where there are none such."""
    seen = unseen_by(caller)
    return seen if seen is None or caller.may(Right.READ) else replace(seen, consents=_NEVER_TOGETHER)


def unseen_by(caller: Caller) -> Unseen | None:
    """Return which records of other organisations a caller is never shown; None where there are none such."""
    if caller.may(Right.ADMINISTER):
        return None
    if caller.may(Right.READ) or caller.areas:  # what lies outside their territory they do not work with
        return Unseen(caller.organisation, consents=(), sensitivities=(Sensitivity.CLOSED.value,))
    if caller.charges or caller.partners:
        return None  # too little is kept back for it to take time
    return Unseen(caller.organisation, _NEVER_ALONE, _NEVER_OUTSIDE)
