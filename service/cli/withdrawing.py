"""The command that withdraws records."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

import typer

from service.callers.caller import Caller, Role
from service.cli import terminal
from service.cli.opening import opened
from service.errors import INVALID, Problem
from service.rights import withdrawal
from service.rights.withdrawal import Outcome, Reason

#: The operator of the machine may what an admin may; nobody's key is involved.
_OPERATOR = Caller(organisation=None, key_id=None, role=Role.ADMIN)


def withdraw(
    record_ids: Annotated[list[str] | None, typer.Argument(help="Ids of records.")] = None,
    *,
    reason: Annotated[str, typer.Option(help="Why, in a word, such as consent_withdrawn.")],
    collection: Annotated[str | None, typer.Option(help="ORGANISATION/COLLECTION: every record of it.")] = None,
    erase: Annotated[bool, typer.Option("--erase", help="Erase what they said; this cannot be undone.")] = False,
) -> None:
    """Take records back: nobody outside reads them any more, alone or in a number.

    Example: **uncounted withdraw 4f6c0d --reason consent_withdrawn --erase**

    **uncounted withdraw --collection map-kibera/2019-survey --reason consent_withdrawn**
    """
    if bool(record_ids) == bool(collection):
        detail = "Name either the ids of records, or one --collection."
        raise Problem(INVALID, detail)
    why = Reason(reason, erase)
    with opened() as context:
        if collection:
            organisation, slash, name = collection.partition("/")
            if not slash:
                detail = f"Write whose collection it is, too: ORGANISATION/{collection}."
                raise Problem(INVALID, detail)
            done = withdrawal.withdraw_collection(context, (organisation, name), why, _OPERATOR)
        else:
            done = withdrawal.withdraw(context, record_ids or [], why, _OPERATOR)
    for record_id, outcome in done.outcomes.items():
        if outcome is Outcome.NOT_FOUND:
            terminal.err.print(f"There is no record {record_id}.", markup=False)
    told = Counter(outcome.value.replace("_", " ") for outcome in done.outcomes.values())
    terminal.out.print(", ".join(f"{number:,} {word}" for word, number in sorted(told.items())))
