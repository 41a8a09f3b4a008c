"""Permission: what is said to whoever may not do something: what they have, what is needed, and who gives it."""

from __future__ import annotations

from service.callers.caller import Caller, Right, holders
from service.callers.territory import in_words
from service.errors import NOT_PERMITTED, Problem


def not_permitted(caller: Caller, right: Right) -> Problem:
    """Return the refusal for a caller who lacks a right everywhere."""
    detail = f"Your key has the role {caller.role}; this needs the right to {needed(right)}. An admin gives such keys."
    return Problem(NOT_PERMITTED, detail)


def required(caller: Caller, right: Right, doing: str) -> None:
    """Raise `Problem` (not permitted) unless a caller has a right where they stand (`Caller.at`).

    `doing` begins the sentence, such as "Publishing". A key that has the right elsewhere is told where.
    """
    if caller.may(right):
        return
    if caller.areas is not None and caller.holds(right):
        where = in_words(caller.areas)
        detail = (
            f"{doing} is not for your key here: it works in {where}. Ask somebody whose key works here, or an admin."
        )
        raise Problem(NOT_PERMITTED, detail)
    role = f"your key has the role {caller.role}" if caller.role is not None else "you sent no key"
    detail = f"{doing} needs the right to {needed(right)}; {role}. An admin gives such keys."
    raise Problem(NOT_PERMITTED, detail)


def needed(right: Right) -> str:
    """Return a right with the roles that have it."""
    *others, last = map(str, holders(right))
    roles = f"{', '.join(others)} or {last}" if others else last
    return f"{right} (role {roles})"
