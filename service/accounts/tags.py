"""Which fields of an account tagging reads. The names of the community are not among them."""

from __future__ import annotations

from geodata.tags.tag import Tag
from geodata.tags.tagging import Facts, tags_of
from service.accounts.account import Account


def tagged(account: Account, *, flagged: bool) -> frozenset[Tag]:
    """Return what the fields of an account evidence, by the rules in force; `flagged` where there is a flag."""
    counts = account.counts
    facts = Facts(
        country=account.country,
        kind=account.kind,
        groups=account.groups,
        counted=tuple(count.group for count in counts if count.group),
        methods=tuple(dict.fromkeys(count.method for count in counts if count.method)),
        drivers=account.drivers,
        sdg=account.sdg,
        flagged=flagged,
    )
    return tags_of(facts)
