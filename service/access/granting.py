"""Granting: which keys there may be, and who gives which."""

from __future__ import annotations

from service.callers.caller import PLACED, Caller, Right, Role, holders
from service.errors import INVALID, NOT_PERMITTED, Mistake, Problem
from service.store.keys import Wanted

#: What an organisation gives by itself, to its own people. Who reads or judges what others sent is an admin's to say:
#: whoever could make such keys could confirm with one and publish with another.
OWN = frozenset({Role.CONTRIBUTOR, Role.STEWARD})


def check(wanted: Wanted) -> None:
    """Raise `Problem` (invalid) for a key that nobody could use as it is meant."""
    mistakes: list[Mistake] = []
    if wanted.areas is not None:
        mistakes += _areas(wanted)
    if wanted.role is Role.STEWARD and not wanted.charges:
        hint = "Name a collection, or records."
        mistakes.append(Mistake("/steward_of", "A steward needs something to speak for.", hint))
    if wanted.role is not Role.STEWARD and wanted.charges:
        hint = "Leave it out, or give the role steward."
        mistakes.append(Mistake("/steward_of", f"The role {wanted.role} goes with no collection.", hint))
    if any((one.collection is None) == (one.record is None) for one in wanted.charges):
        mistakes.append(Mistake("/steward_of", "Each names a collection or a record.", "Send one of the two."))
    if mistakes:
        raise Problem(INVALID, "No key was made.", errors=[one.members() for one in mistakes])


def _areas(wanted: Wanted) -> list[Mistake]:
    if wanted.role is Role.ADMIN or not wanted.role.rights & PLACED:
        *others, last = (str(role) for role in holders(Right.READ) if role is not Role.ADMIN)
        hint = f"Only the roles {', '.join(others)} and {last} have a territory."
        return [Mistake("/areas", f"The role {wanted.role} goes with no territory.", hint)]
    if not wanted.areas:
        return [Mistake("/areas", "This is empty.", "Name a country, or leave it out for everywhere.")]
    return []


def permitted(caller: Caller, wanted: Wanted) -> None:
    """Raise `Problem` (not permitted) unless a caller may give such a key: an admin any, an organisation some."""
    if caller.may(Right.ADMINISTER):
        return
    if wanted.organisation != caller.organisation or wanted.role not in OWN or not caller.may(Right.SEND):
        roles = " and ".join(sorted(OWN))
        detail = (
            f"An organisation lets in {roles} of its own; for any other role, or another organisation, ask an admin."
        )
        raise Problem(NOT_PERMITTED, detail)
    if any(one.organisation != caller.organisation for one in wanted.charges):
        detail = "An organisation names stewards of what it sent itself; for what others sent, ask an admin."
        raise Problem(NOT_PERMITTED, detail)
