"""What a collection says about the consent and the sensitivity of its records, which holds for each of them at once.

Of consent the narrower holds, of sensitivity the higher; it is worked out whenever a record is read, so that a change
of the collection needs no change of any record. What was sent stays as it was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import func, select

from service.account import Account, Consent, Sensitivity
from service.store.import_tables import CollectionRow
from service.store.tables import RecordRow

#: Where a record belongs that names no collection.
DEFAULT = "default"

_COLLECTIONS, _RECORDS = CollectionRow.__table__, RecordRow.__table__

#: A column beside those of records: the description of each one's collection, null where there is none.
TERMS = (
    select(_COLLECTIONS.c.body)
    .where(
        _COLLECTIONS.c.organisation == _RECORDS.c.organisation,
        _COLLECTIONS.c.collection == func.coalesce(_RECORDS.c.collection, DEFAULT),
    )
    .correlate(_RECORDS)
    .scalar_subquery()
    .label("terms")
)

_T = TypeVar("_T", bound=StrEnum)


def account_of(row: Any) -> Account:
    """Return the account in a row with `body` and `TERMS`, as far as its collection agrees."""
    return narrowed(Account.from_body(row.body), row.terms)


def narrowed(account: Account, terms: Mapping[str, Any] | None) -> Account:
    """Return an account with the narrower consent and the higher sensitivity of its own and its collection's.

    A word that nobody knows, on either side, stays: it is read as the narrowest.
    """
    if not terms:
        return account
    consent = min(account.consent, str(terms.get("consent")), key=lambda one: _place(Consent, one, unknown=-1))
    sensitivity = max(
        account.sensitivity, str(terms.get("sensitivity")), key=lambda one: _place(Sensitivity, one, unknown=99)
    )
    return replace(account, consent=consent, sensitivity=sensitivity)


def _place(terms: type[_T], word: str, unknown: int) -> int:
    known = [term.value for term in terms]
    return known.index(word) if word in known else unknown
