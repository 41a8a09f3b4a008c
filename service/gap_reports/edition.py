"""Editions: what is asked for, for whom one is written, and how it is cited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from geodata.countries import country_name
from service.callers.caller import ANONYMOUS, Caller, Right, Role
from service.disclosure.tags import AskedTags
from service.report import ReportScope
from service.store.gap_reports import Edition


class Audience(StrEnum):
    """For whom an edition is written."""

    PUBLIC = "public"  # everybody
    RESTRICTED = "restricted"  # whoever reviews, of any organisation


#: Who reads each: an edition is the same for all of its audience, so nobody's own organisation is told more.
READERS = {Audience.PUBLIC: ANONYMOUS, Audience.RESTRICTED: Caller(None, None, Role.READER)}


class Licence(StrEnum):
    """Under which a report is given away (SPDX)."""

    CC_BY = "CC-BY-4.0"
    CC_BY_SA = "CC-BY-SA-4.0"
    CC0 = "CC0-1.0"
    ODBL = "ODbL-1.0"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be frozen, under which licence, and whether everybody may read its public edition."""

    scope: ReportScope
    public: bool = False
    licence: Licence = Licence.CC_BY


def scope_of(edition: Edition) -> ReportScope:
    """Return what an edition is about."""
    kept: Mapping[str, Any] = edition.scope
    tags = AskedTags(**{name: tuple(codes) for name, codes in kept["tags"].items()})
    return ReportScope(kept["country"], kept["admin"], kept["source"], kept["organisation"], tags)


def works_with(caller: Caller, edition: Edition) -> bool:
    """Return whether a caller may read all that an edition is about."""
    return caller.counting(edition.scope["country"], edition.scope["admin"]).may(Right.READ)


def kept_scope(scope: ReportScope) -> dict[str, Any]:
    """Return a scope as it is kept."""
    kept = asdict(scope)
    tags = {name: list(codes) for name, codes in kept["tags"].items()}
    if not tags["group"]:  # a scope from before there were groups is the same scope still, and counts its editions on
        del tags["group"]
    return kept | {"tags": tags}


def in_words(scope: ReportScope) -> str:
    """Return what a report is about, in words."""
    parts = [country_name(scope.country) if scope.country else "all countries"]
    parts += [scope.admin] if scope.admin else []
    parts += [f"against the list {scope.source}"] if scope.source else []
    tags = scope.tags
    asked = (("SDG", tags.sdg), ("factor", tags.factor), ("theme", tags.theme), ("group", tags.group))
    for word, codes in asked:
        parts += [f"{word} {' or '.join(codes)}"] if codes else []
    return ", ".join(parts)


def cite(edition: Edition, audience: Audience, *, reissued: bool) -> str:
    """Return the sentence by which an edition is cited."""
    made = edition.made_at or edition.created_at
    again = ", re-issued without communities that were withdrawn since" if reissued else ""
    return (
        f"Uncounted, gap report: {in_words(scope_of(edition))}. Edition {edition.number} of {made:%Y-%m-%d}, "
        f"{audience.value}{again}. Identifier {edition.id}. Licence {edition.licence}."
    )
