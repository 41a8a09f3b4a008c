"""Groups of people: under which name they leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from geodata.taxonomy import Taxonomy, in_force
from service.accounts.account import Account
from service.accounts.classes import is_group, labels_of
from service.store.values import Finding, Record


def fairly_named(account: Account) -> Account:
    """Return an account in which every resented name of a group has given way to the one the group prefers."""
    if not labels_of(account):
        return account
    known, country = in_force(), account.country
    counts = tuple(
        replace(count, group=known.shown(count.group, country)) if count.group else count for count in account.counts
    )
    groups = tuple(dict.fromkeys(known.shown(label, country) for label in account.groups))
    if not is_group(account):
        return replace(account, groups=groups, counts=counts)
    names = tuple(replace(name, text=known.shown(name.text, country)) for name in account.names)
    return replace(account, groups=groups, counts=counts, names=names)


def fairly_told(record: Record) -> Record:
    """Return a record whose findings, if it is about a group, repeat no resented name of a record or list.

    The name of a place is its name and stays.
    """
    if not is_group(record.account):
        return record
    known, country = in_force(), record.account.country
    return replace(record, findings=tuple(_finding(finding, known, country) for finding in record.findings))


def fairly_worded(record: Record, said: dict[str, Any]) -> dict[str, Any]:
    """Return JSON values about a record that, if it is about a group, repeat no resented name."""
    worded: dict[str, Any] = _reworded(said, in_force(), record.account.country) if is_group(record.account) else said
    return worded


def _finding(finding: Finding, known: Taxonomy, country: str) -> Finding:
    return replace(
        finding,
        official_name=known.shown(finding.official_name, country) if finding.official_name else None,
        reason=known.reworded(finding.reason, country),
        candidates=tuple(_reworded(candidate, known, country) for candidate in finding.candidates),
        certificate=_reworded(finding.certificate, known, country),
    )


def _reworded(value: Any, known: Taxonomy, country: str) -> Any:
    if isinstance(value, str):
        return known.reworded(value, country)
    if isinstance(value, Mapping):
        return {key: _reworded(part, known, country) for key, part in value.items()}
    return [_reworded(part, known, country) for part in value] if isinstance(value, list | tuple) else value
