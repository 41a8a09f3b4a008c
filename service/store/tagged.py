"""Tags as records keep them for filters: one a line, each with the widest audience that may know of it.

What a caller may not see is on no line that a filter of theirs looks at, so that a filter is no way to find it out.
Lines follow from rules that change; those of other rules match nothing, until they are written anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Table, and_, or_


class Audience(StrEnum):
    """Who may know of a tag, from most to fewest."""

    PUBLIC = "public"  # everybody who may see the record once it is published
    REVIEWERS = "reviewers"
    OWN = "own"  # its organisation, and admins


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one record, and the digest of the rules they follow from."""

    text: str = ""
    rules: str = ""


@dataclass(frozen=True, slots=True)
class Tagged:
    """What is asked for: of each kind one of the codes, on lines that the caller may look at."""

    any_of: tuple[tuple[str, tuple[str, ...]], ...]  # kind -> codes
    by_flag: frozenset[str]  # kinds of which any flag by itself has one of the codes
    rules: str  # digest of those in force
    audiences: tuple[Audience, ...]  # whose lines the caller reads on everybody's records
    organisation: str | None  # on whose records the caller reads every line


def lines(tags: Iterable[tuple[Audience, str, str]], rules: str) -> Lines:
    """Return the lines of tags given as (audience, kind, code)."""
    written = sorted(f"{audience}:{kind}={code}" for audience, kind, code in tags)
    return Lines("".join(f"\n{line}" for line in written) + "\n", rules)


def tagged(records: Table, wanted: Tagged | None, flagged: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """Return the conditions of having the tags; `flagged` is the condition that there is a flag.

    A goal or target stands for everything under it.
    """
    if wanted is None:
        return []
    return [
        or_(_said(records, wanted, kind, codes), *([flagged] if kind in wanted.by_flag else []))
        for kind, codes in wanted.any_of
    ]


def _said(records: Table, wanted: Tagged, kind: str, codes: Iterable[str]) -> ColumnElement[bool]:
    def on(audiences: Iterable[Audience]) -> ColumnElement[bool]:
        starts = [f"\n{audience}:{kind}={code}" for audience in audiences for code in codes]
        return or_(*(records.c.tags.contains(f"{start}{end}", autoescape=True) for start in starts for end in "\n."))

    seen = on(wanted.audiences)
    if wanted.organisation is not None:
        seen = or_(seen, and_(records.c.organisation == wanted.organisation, on(Audience)))
    return and_(records.c.tagged_by == wanted.rules, seen)
