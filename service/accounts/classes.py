"""How high the class is that an account calls for by what it says, whatever class it states itself.

By its groups (the taxonomy), by its country, kind of place and drivers (the sensitivity policy), and by a name that
tells which people live there.
"""

from __future__ import annotations

from functools import lru_cache

from geodata import sensitivity
from geodata.kinds import kind_of, lineage
from geodata.sensitivity import Subject
from geodata.taxonomy import SensitivityClass, Taxonomy, in_force
from service.accounts.account import Account


def class_of(account: Account) -> SensitivityClass:
    """Return the highest class that the groups of an account, a rule of the policy or a name of it call for."""
    labels, taxonomy = labels_of(account), in_force()
    by_groups = taxonomy.sensitivity(labels, account.country) if labels else SensitivityClass.S0
    by_names = (_told_by(taxonomy, name.text, account.country) for name in account.names)
    return max(by_groups, sensitivity.in_force().class_of(subject_of(account)), *by_names)


def subject_of(account: Account) -> Subject:
    """Return what the rules of the sensitivity policy look at."""
    labels = labels_of(account)
    return Subject(
        country=account.country,
        kind=account.kind,
        drivers=account.drivers,
        groups=in_force().meant(labels, account.country) if labels else frozenset(),
    )


def labels_of(account: Account) -> list[str]:
    """Return every name of a group in an account: its groups, those it counts, and its own names if it is one."""
    counted = [count.group for count in account.counts if count.group]
    names = [name.text for name in account.names] if is_group(account) else []
    return [*account.groups, *counted, *names]


def is_group(account: Account) -> bool:
    """Return whether an account is about a group of people, not a place."""
    kind = kind_of(account.kind)
    return kind is not None and "group" in lineage(kind)


@lru_cache(maxsize=20_000)
def _told_by(taxonomy: Taxonomy, name: str, country: str) -> SensitivityClass:
    return taxonomy.told_by(name, country)
