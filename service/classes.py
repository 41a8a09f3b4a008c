"""How high the class is that the groups of an account call for, whatever class the account itself states."""

from __future__ import annotations

from geodata.kinds import kind_of, lineage
from geodata.taxonomy import SensitivityClass, in_force
from service.account import Account


def class_of(account: Account) -> SensitivityClass:
    """Return the highest class among the groups an account speaks of."""
    labels = labels_of(account)
    return in_force().sensitivity(labels, account.country) if labels else SensitivityClass.S0


def labels_of(account: Account) -> list[str]:
    """Return every name of a group in an account: its groups, those it counts, and its own names if it is one."""
    counted = [count.group for count in account.counts if count.group]
    names = [name.text for name in account.names] if is_group(account) else []
    return [*account.groups, *counted, *names]


def is_group(account: Account) -> bool:
    """Return whether an account is about a group of people, not a place."""
    kind = kind_of(account.kind)
    return kind is not None and "group" in lineage(kind)
