"""Search certificates as one caller may see them: for those who work with the record, whole, for others not at all.

A certificate tells the names, the places and the neighbours of a community; with a part left out it could not be
replayed, so that there is no smaller one for people from outside. Only names that a group of people resents give way.
"""

from __future__ import annotations

from typing import Any

from matchers.certificates.certificate import Plain
from service.callers.caller import Caller
from service.disclosure.groups import fairly_worded
from service.disclosure.policy import view_of
from service.store.values import Record

_MEMBERS = (
    "form",
    "release",
    "record",
    "list",
    "model",
    "today",
    "decisions_until",
    "search",
    "finding",
    "candidates",
    "smallest_changes",
)


def may_see_certificates(record: Record, caller: Caller) -> bool:
    """Return whether this caller may see the certificates of a record's findings."""
    return view_of(record, caller, published=False).inside


def redact_certificate(record: Record, caller: Caller, certificate: Plain) -> dict[str, Any] | None:
    """Return a certificate as this caller may see it, None when for this caller it does not exist."""
    if not may_see_certificates(record, caller):
        return None
    return fairly_worded(record, {name: certificate[name] for name in _MEMBERS})
