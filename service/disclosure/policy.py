"""Who sees what: consent says how far a community agreed to be shown, sensitivity how much harm showing it could do.

::

    sensitivity    its organisation, admins   reviewers   everybody else, once published
    open           all                        all         by consent, on a 1 km grid
    caution        all                        all         by consent, on a 2.5 km grid, unnamed, counts rounded
    restricted     all                        all         nothing
    closed         all                        nothing     nothing
    held           all                        nothing     nothing
    withdrawn      all                        nothing     nothing

    consent            everybody else, once published
    internal           nothing (and reviewers of other organisations do not see the evidence)
    reviewers          nothing
    partners           nothing
    public_aggregate   nothing by itself; it may be part of a total
    public_masked      the community, its place on the grid
    public_exact       the community, its name and exact place

A record is of the highest class that its organisation, or the taxonomy for any group it names, gives it in its country.
What may not be seen answers exactly like what does not exist.
"""

from __future__ import annotations

from enum import StrEnum

from geodata.taxonomy import SensitivityClass
from service.account import Account
from service.caller import Caller, Role
from service.classes import class_of
from service.store.values import Record, RecordState

#: Side of a cell in metres on which a published place is shown; about H3 resolution 8 and 7.
GRID_M = {"open": 1_000.0, "caution": 2_500.0}

#: No published count is smaller than this (Washington DOH and others withhold 1 to 9).
SMALLEST_COUNT = 10

#: Published counts of the class `caution` are rounded to this.
ROUNDED_TO = 5


class Consent(StrEnum):
    """How far the community agreed to be shown, from least to most."""

    INTERNAL = "internal"
    REVIEWERS = "reviewers"
    PARTNERS = "partners"
    PUBLIC_AGGREGATE = "public_aggregate"
    PUBLIC_MASKED = "public_masked"
    PUBLIC_EXACT = "public_exact"


class Sensitivity(StrEnum):
    """How much harm showing it could do, from least to most."""

    OPEN = "open"
    CAUTION = "caution"
    RESTRICTED = "restricted"
    CLOSED = "closed"


class View(StrEnum):
    """How much of one record one caller sees."""

    NOTHING = "nothing"
    MASKED = "masked"
    EXACT = "exact"
    WITHOUT_EVIDENCE = "without_evidence"
    FULL = "full"

    @property
    def inside(self) -> bool:
        """Whether the viewer works with the record, rather than reading what was published about it."""
        return self in {View.WITHOUT_EVIDENCE, View.FULL}


def consent_of(record: Record) -> Consent:
    """Return the consent of a record; the narrowest when what is kept is not one we know, or none is given now."""
    if taken_back(record):
        return Consent.INTERNAL
    kept = record.account.consent
    return Consent(kept) if kept in set(Consent) else Consent.INTERNAL


def taken_back(record: Record) -> bool:
    """Return whether a record is hidden from everybody outside, whatever was agreed before."""
    return record.held or record.state is RecordState.WITHDRAWN


def sensitivity_of(account: Account) -> Sensitivity:
    """Return the sensitivity of an account: what it says itself, or what its groups call for if that is higher.

    The highest when what is kept is not one we know.
    """
    kept = account.sensitivity
    said = Sensitivity(kept) if kept in set(Sensitivity) else Sensitivity.CLOSED
    return max(said, _CLASSES[class_of(account)], key=list(Sensitivity).index)


def may_be_named(account: Account) -> bool:
    """Return whether others may be told that there is such a record, e.g. as the one that competes with theirs."""
    return sensitivity_of(account) in {Sensitivity.OPEN, Sensitivity.CAUTION}


_CLASSES = dict(zip(SensitivityClass, Sensitivity, strict=True))


def view_of(record: Record, caller: Caller, *, published: bool) -> View:
    """Return how much of a record this caller sees; `published` says whether its flag is."""
    if caller.organisation is not None and caller.organisation == record.organisation:
        return View.FULL
    if caller.may(Role.ADMIN):
        return View.FULL
    sensitivity, consent = sensitivity_of(record.account), consent_of(record)
    if taken_back(record) or sensitivity is Sensitivity.CLOSED:
        return View.NOTHING
    if caller.may(Role.REVIEWER):
        return View.WITHOUT_EVIDENCE if consent is Consent.INTERNAL else View.FULL
    return outside_view(record.account) if published else View.NOTHING


def outside_view(account: Account) -> View:
    """Return how much of a record whoever does not work with it sees once it is published."""
    if sensitivity_of(account) in {Sensitivity.RESTRICTED, Sensitivity.CLOSED}:
        return View.NOTHING
    consents = {Consent.PUBLIC_EXACT.value: View.EXACT, Consent.PUBLIC_MASKED.value: View.MASKED}
    return consents.get(account.consent, View.NOTHING)
