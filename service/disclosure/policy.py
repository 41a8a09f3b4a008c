"""Who sees what: consent says how far a community agreed to be shown, sensitivity how much harm showing it could do.

::

    sensitivity    its organisation, its steward, admins   reviewers   everybody else, once published
    open           all                                     all         by consent, its place as the class allows
    caution        all                                     all         by consent, its place so too, unnamed, rounded
    restricted     all                                     all         nothing
    closed         all                                     nothing     nothing
    held           all                                     nothing     nothing
    withdrawn      all                                     nothing     nothing

    consent            everybody else, once published
    internal           nothing (and reviewers of other organisations do not see the evidence)
    reviewers          nothing
    partners           nothing (from here on the coalition of its organisation sees all but what reviewers do not)
    public_aggregate   nothing by itself; it may be part of a total
    public_masked      the community, its place as published once (`service.placing`)
    public_exact       the community, its name and exact place

A record is of the highest class that its organisation gives it, that its collection has, or that its groups, its
country, its kind of place, what drives its exclusion or its own name call for (`geodata.sensitivity`); its consent is
the narrower of its own and its collection's (`service.store.terms`). How each class is handled stands in policy files
that can only be raised. Reviewers are all who may read (`service.callers.caller`), within their territory; outside it
they are everybody else. What may not be seen answers exactly like what does not exist.
"""

from __future__ import annotations

from enum import StrEnum

from geodata import sensitivity as sensitivities
from geodata.hexagons import resolution_of
from geodata.sensitivity import Handling, LocationMethod, Policy
from geodata.taxonomy import SensitivityClass
from service.accounts.account import Account, Consent, Sensitivity
from service.accounts.classes import class_of
from service.callers.caller import Caller, Right
from service.store.terms import DEFAULT
from service.store.values import Placed, Record, RecordState

__all__ = [
    "ROUNDED_TO",
    "SMALLEST_COUNT",
    "Consent",
    "Sensitivity",
    "View",
    "consent_of",
    "handling_of",
    "may_be_named",
    "may_stay",
    "outside_view",
    "sensitivity_of",
    "view_of",
]

#: No published count is smaller than this (Washington DOH and others withhold 1 to 9).
SMALLEST_COUNT = 10

#: Published counts of the class `caution` are rounded to this.
ROUNDED_TO = 5


#: From which consent on organisations of a coalition see one another's records.
_PARTNERED = frozenset(tuple(Consent)[tuple(Consent).index(Consent.PARTNERS) :])


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
    return _CONSENTS.get(record.account.consent, Consent.INTERNAL)


def taken_back(record: Record) -> bool:
    """Return whether a record is hidden from everybody outside, whatever was agreed before."""
    return record.held or record.state is RecordState.WITHDRAWN


def sensitivity_of(account: Account) -> Sensitivity:
    """Return the sensitivity of an account: what it says itself, or what the policy and its groups call for if higher.

    The highest when what is kept is not one we know.
    """
    policy, asked = sensitivities.in_force(), _Asked.last
    if asked is not None and asked[0] is account and asked[1] is policy:
        return asked[2]
    kept = account.sensitivity
    said = _SENSITIVITIES.get(kept, Sensitivity.CLOSED)
    found = max(said, _CLASSES[class_of(account)], key=_RANKS.__getitem__)
    _Asked.last = account, policy, found
    return found


class _Asked:
    """Of which account this was asked last, and by which policy: whatever leaves is asked about several times."""

    last: tuple[Account, Policy, Sensitivity] | None = None  # one value, so that no thread sees half of another's


def may_be_named(account: Account) -> bool:
    """Return whether others may be told that there is such a record, e.g. as the one that competes with theirs."""
    return sensitivity_of(account) in {Sensitivity.OPEN, Sensitivity.CAUTION}


_CONSENTS = {one.value: one for one in Consent}
_SENSITIVITIES = {one.value: one for one in Sensitivity}
_RANKS = {one: rank for rank, one in enumerate(Sensitivity)}
_CLASSES = dict(zip(SensitivityClass, Sensitivity, strict=True))
_OF = {sensitivity: one for one, sensitivity in _CLASSES.items()}


def handling_of(sensitivity: Sensitivity) -> Handling:
    """Return how a class is handled by the policy in force: small numbers, rounding, place and embargo."""
    return sensitivities.in_force().handlings[_OF[sensitivity]]


def may_stay(placed: Placed, sensitivity: Sensitivity, handling: Handling) -> bool:
    """Return whether a place that was drawn before is no more exact than a class, handled so, may be shown now."""
    methods, classes = tuple(LocationMethod), tuple(Sensitivity)
    if placed.method not in methods or placed.sensitivity not in classes:
        return False
    if classes.index(Sensitivity(placed.sensitivity)) < classes.index(sensitivity):
        return False
    if placed.cell is not None and resolution_of(placed.cell) > handling.finest_cell:
        return False
    return methods.index(LocationMethod(placed.method)) >= methods.index(handling.location)


def view_of(record: Record, caller: Caller, *, published: bool) -> View:
    """Return how much of a record this caller sees; `published` says whether its flag is."""
    if caller.organisation is not None and caller.organisation == record.organisation:
        return View.FULL
    if caller.may(Right.ADMINISTER) or in_charge(caller, record):
        return View.FULL
    sensitivity, consent = sensitivity_of(record.account), consent_of(record)
    if taken_back(record) or sensitivity is Sensitivity.CLOSED:
        return View.NOTHING
    if caller.at(record.account.country, record.account.admin).may(Right.READ):
        return View.WITHOUT_EVIDENCE if consent is Consent.INTERNAL else View.FULL
    if record.organisation in caller.partners and consent in _PARTNERED:
        return View.FULL
    return outside_view(record.account) if published else View.NOTHING


def in_charge(caller: Caller, record: Record) -> bool:
    """Return whether a caller speaks for a record as its steward."""
    collection = record.account.collection or DEFAULT
    return any(
        one.organisation == record.organisation and (one.record == record.id or one.collection == collection)
        for one in caller.charges
    )


def outside_view(account: Account) -> View:
    """Return how much of a record whoever does not work with it sees once it is published."""
    if sensitivity_of(account) in {Sensitivity.RESTRICTED, Sensitivity.CLOSED}:
        return View.NOTHING
    consents = {Consent.PUBLIC_EXACT.value: View.EXACT, Consent.PUBLIC_MASKED.value: View.MASKED}
    return consents.get(account.consent, View.NOTHING)
