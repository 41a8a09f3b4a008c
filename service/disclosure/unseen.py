"""What a caller is shown of nobody, said so that the store can leave it out: reading past it takes time that tells.

This only saves reading: whatever the store gives is judged one by one all the same (`service.disclosure.policy`).
"""

from __future__ import annotations

from dataclasses import replace

from service.caller import Caller, Role
from service.disclosure.policy import Consent, Sensitivity
from service.store.filters import Unseen

_NEVER_ALONE = (Consent.INTERNAL.value, Consent.REVIEWERS.value, Consent.PUBLIC_AGGREGATE.value)
_NEVER_TOGETHER = (Consent.INTERNAL.value, Consent.REVIEWERS.value, Consent.PARTNERS.value)
_NEVER_OUTSIDE = (Sensitivity.RESTRICTED.value, Sensitivity.CLOSED.value)


def uncounted_by(caller: Caller) -> Unseen | None:
    """Return which records of other organisations are in no total for a caller; None where there are none such."""
    seen = unseen_by(caller)
    return seen if seen is None or caller.may(Role.REVIEWER) else replace(seen, consents=_NEVER_TOGETHER)


def unseen_by(caller: Caller) -> Unseen | None:
    """Return which records of other organisations a caller is never shown; None where there are none such."""
    if caller.may(Role.ADMIN):
        return None
    if caller.may(Role.REVIEWER):
        return Unseen(caller.organisation, consents=(), sensitivities=(Sensitivity.CLOSED.value,))
    return Unseen(caller.organisation, _NEVER_ALONE, _NEVER_OUTSIDE)
