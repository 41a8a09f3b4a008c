"""What a collection says about the consent and the sensitivity of its records, which holds for each of them at once.

So do limits (`service.store.limits`), which whoever speaks for the community laid, and which its organisation cannot
widen. Of consent the narrower holds, of sensitivity the higher; it is worked out whenever a record is read, so that a
change of the collection needs no change of any record. What was sent stays as it was sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from service.accounts.account import Account, Consent, Sensitivity
from service.store.access_tables import LimitRow
from service.store.import_tables import CollectionRow
from service.store.tables import RecordRow

#: Where a record belongs that names no collection.
DEFAULT = "default"

_COLLECTIONS, _RECORDS, _LIMITS = CollectionRow.__table__, RecordRow.__table__, LimitRow.__table__

#: The description of each record's collection, null where there is none.
_SAID = (
    select(_COLLECTIONS.c.body)
    .where(
        _COLLECTIONS.c.organisation == _RECORDS.c.organisation,
        _COLLECTIONS.c.collection == func.coalesce(_RECORDS.c.collection, DEFAULT),
    )
    .correlate(_RECORDS)
    .scalar_subquery()
    .label("terms")
)

_LIMITED = (
    _LIMITS.c.organisation == _RECORDS.c.organisation,
    or_(_LIMITS.c.record_id == _RECORDS.c.id, _LIMITS.c.collection == func.coalesce(_RECORDS.c.collection, DEFAULT)),
    _LIMITS.c.lifted_at.is_(None),
)

#: Columns beside those of records, as `account_of` reads them; limits are null where there are none.
TERMS = (
    _SAID,
    select(func.min(_LIMITS.c.consent)).where(*_LIMITED).correlate(_RECORDS).scalar_subquery().label("limit_consent"),
    select(func.max(_LIMITS.c.sensitivity)).where(*_LIMITED).correlate(_RECORDS).scalar_subquery().label("limit_class"),
)

#: Classes of which others may know that there are records; a word that nobody knows is read as `closed`.
TOLD_OF = tuple(one.value for one in Sensitivity if one is not Sensitivity.CLOSED)

_COLLECTION = tuple_(_RECORDS.c.organisation, func.coalesce(_RECORDS.c.collection, DEFAULT))
_CLOSING = _LIMITS.c.lifted_at.is_(None), _LIMITS.c.sensitivity == tuple(Sensitivity).index(Sensitivity.CLOSED)
_CLASS_SAID = _COLLECTIONS.c.body["sensitivity"].as_string()

_T = TypeVar("_T", bound=StrEnum)


def account_of(row: Any) -> Account:
    """Return the account in a row with `body` and `TERMS`, as far as its collection and its limits agree."""
    account = narrowed(Account.from_body(row.body), row.terms)
    if row.limit_consent is None:
        return account
    limit = {"consent": tuple(Consent)[row.limit_consent], "sensitivity": tuple(Sensitivity)[row.limit_class]}
    return narrowed(account, limit)


def closes() -> ColumnElement[bool]:
    """Return the condition that its collection or a limit makes a record closed, whatever its own account says.

    Each part is asked once for a whole query, not for every record.
    """
    said = select(_COLLECTIONS.c.organisation, _COLLECTIONS.c.collection).where(_CLASS_SAID.not_in(TOLD_OF))
    together = select(_LIMITS.c.organisation, _LIMITS.c.collection).where(*_CLOSING, _LIMITS.c.collection.is_not(None))
    alone = select(_LIMITS.c.record_id).where(*_CLOSING, _LIMITS.c.record_id.is_not(None))
    return or_(_COLLECTION.in_(said), _COLLECTION.in_(together), _RECORDS.c.id.in_(alone))


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
