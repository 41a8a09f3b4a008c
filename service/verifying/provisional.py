"""Provisional codes: what we call a community until an official list names it, e.g. `X-KEN-NAIROBI-0007`.

`X` says whose code it is: ISO 3166 leaves codes that begin so to their users, and no list of the world uses them for a
place. The country and the first administrative unit of the account follow, then four digits that come from the
community alone. They are no running number: such a number would tell how many communities there are that others may not
see. A code is kept for good, whatever becomes of the community, and given to no other.
"""

from __future__ import annotations

from geodata.names.folding import fold
from matchers.base import Verdict
from service.accounts.account import Account
from service.disclosure.policy import Sensitivity, sensitivity_of
from service.store.conclusions import concluded
from service.store.flags import Matter

_LETTERS = 16  # of the unit's name


def unlisted(matter: Matter) -> bool:
    """Return whether a flag says that no list names the community: found by the machine, or by people it asked."""
    verdict, subtype = matter.grounds.verdict, matter.grounds.subtype
    return verdict == Verdict.HIDDEN_PLACE or concluded(verdict, subtype, matter.status) == Verdict.HIDDEN_PLACE


def wanted_code(account: Account) -> str:
    """Return how the code of an account's community begins; of one that is not open it names the country alone."""
    parts = ["X", account.country]
    if sensitivity_of(account) is Sensitivity.OPEN and account.admin:
        unit = fold(account.admin[0][1]).replace(" ", "")
        parts += [unit[:_LETTERS].upper()] if unit else []
    return "-".join(parts)
