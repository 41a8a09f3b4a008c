"""Entries of official lists by their identifiers: `source:id`, which is stable from one snapshot to the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from geodata.countries import country_name
from geodata.kinds import BROADER, kind_of
from matchers.base import OfficialList
from matchers.company.rivals import rows_by_id
from service.disclosure import redact_entry
from service.interop.reconcile.values import Entity, Named
from service.official.longlists import Listed

#: Kinds that no place is of.
_NO_PLACES = frozenset({"group", "language", "sign_language", "other"})

KINDS = {kind: Named(kind, kind.replace("_", " ").capitalize()) for kind in BROADER if kind not in _NO_PLACES}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an official list, as the state published it."""

    shown: dict[str, Any]  # as `service.disclosure.redact_entry` gives it
    title: str
    vintage: str

    @property
    def id(self) -> str:
        """Its identifier among all lists."""
        return f"{self.shown['source']}:{self.shown['id']}"

    @property
    def name(self) -> str:
        """Its first name, or what the list calls it by."""
        return str(self.shown["name"] or self.shown["id"])

    @property
    def kind(self) -> str | None:
        """Its kind in our words, by what the list says of it."""
        return kind_of(self.shown["kind"]) or kind_of(self.shown["level"])

    @property
    def types(self) -> tuple[Named, ...]:
        """Its kind as a type."""
        kind = self.kind
        return (KINDS[kind],) if kind in KINDS else ()

    @property
    def description(self) -> str:
        """What tells it from its namesakes: what it is, where, and of which list."""
        shown = self.shown
        what = shown["level"] or shown["kind"] or "place"
        units = [*dict.fromkeys(shown["admin"].values())][:3]
        country = [country_name(shown["country"])] if shown["country"] else []
        where = ", ".join([*units, *country])
        return f"{what}{f' in {where}' if where else ''}; {self.title}, {self.vintage}"

    def entity(self, more: Sequence[tuple[str, str]] = ()) -> Entity:
        """Return it as people see it."""
        shown = self.shown
        others = ", ".join(dict.fromkeys(name["text"] for name in shown["names"][1:] if name["text"]))
        point = "" if shown["lat"] is None else f"{shown['lat']:.5f}, {shown['lon']:.5f}"
        units = "; ".join(f"{level}: {value}" for level, value in shown["admin"].items())
        lines = (
            ("Also called", others),
            ("Kind", shown["level"] or shown["kind"] or ""),
            ("Units", units),
            ("Country", country_name(shown["country"]) if shown["country"] else ""),
            ("Latitude, longitude", point),
            ("List", f"{self.title}, {self.vintage}"),
            ("Code", shown["id"]),
            *more,
        )
        told = tuple((label, value) for label, value in lines if value)
        return Entity(self.id, self.name, self.description, self.types, told)


def entries_at(official: OfficialList, rows: Sequence[int]) -> list[Entry]:
    """Return the entries in some rows of a list, in the order given."""
    taken = official.index.places.take(rows).table.to_pylist()
    return [Entry(redact_entry(row, official.source), official.title, official.vintage) for row in taken]


def entries_of(lists: Iterable[Listed], entity_ids: Sequence[str]) -> dict[str, Entry]:
    """Return the entries that have these identifiers, by identifier.

    Those of lists too long to be held are not among them: such a list is found by place alone.
    """
    found: dict[str, Entry] = {}
    for official in lists:
        own = f"{official.source}:"
        wanted = [one.removeprefix(own) for one in dict.fromkeys(entity_ids) if one.startswith(own)]
        if wanted and isinstance(official, OfficialList):
            rows = rows_by_id(official.index).numbers(wanted)
            found |= {entry.id: entry for entry in entries_at(official, rows[rows >= 0].tolist())}
    return found
