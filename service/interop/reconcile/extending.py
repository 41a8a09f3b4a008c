"""What columns of reconciled places are extended with: what the state published, and what was found there.

What was found about communities comes through `service.disclosure`, as `/v1/flags` gives it to the same caller: who is
not shown which entry a flag is about is told nothing here either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from service.api.reading import Reader
from service.disclosure.unseen import worked_by
from service.interop.reconcile.entries import Entry
from service.interop.reconcile.values import Asking, Named, Said
from service.store import claims, flags

_PERSONS = "persons"
Shown = Mapping[str, Any]

#: By property, its value of an entry.
_OF_ENTRY: dict[str, Callable[[Entry], Said]] = {
    "code": lambda entry: entry.shown["id"],
    "name": lambda entry: entry.shown["name"],
    "source": lambda entry: entry.shown["source"],
    "vintage": lambda entry: entry.vintage,
    "country": lambda entry: entry.shown["country"],
    "lat": lambda entry: entry.shown["lat"],
    "lon": lambda entry: entry.shown["lon"],
    "kind": lambda entry: entry.kind,
    "level": lambda entry: entry.shown["level"],
    "parent": lambda entry: entry.shown["parent"],
    "persons": lambda entry: _persons(entry.shown["counts"]),
}

#: By property, its value of a flag as the caller sees it.
_OF_FLAG: dict[str, Callable[[Shown], Said]] = {
    "verdict": lambda flag: flag["verdict"],
    "flag_status": lambda flag: flag["status"],
    "flag_id": lambda flag: flag["id"],
    "counted_persons": lambda flag: _persons(flag["community"]["counts"]),
}

OFFERED = (
    Named("code", "Official code", "of the entry in its list"),
    Named("name", "Official name"),
    Named("admin", "Administrative units", "as the list names them"),
    Named("country", "Country", "ISO 3166-1 alpha-3"),
    Named("lat", "Latitude", "decimal degrees, WGS 84"),
    Named("lon", "Longitude", "decimal degrees, WGS 84"),
    Named("kind", "Kind of place"),
    Named("level", "Level", "in the publisher's word"),
    Named("parent", "Unit above", "as the list names it"),
    Named("persons", "Official count of persons", "of everybody; as the list gives it"),
    Named("source", "Official list"),
    Named("vintage", "Vintage of the list"),
    Named("verdict", "Verdict of flags there", "as your key sees them"),
    Named("flag_status", "Status of flags there", "as your key sees them"),
    Named("flag_id", "Flags there", "as your key sees them"),
    Named("counted_persons", "Persons counted by communities there", "as your key sees them"),
)


def values_of(
    asking: Asking, entries: Mapping[str, Entry], properties: Sequence[str]
) -> dict[str, dict[str, Sequence[Said]]]:
    """Return the values of properties by entry; none where nothing is known or the caller may not know it."""
    found = _flags(asking, entries) if any(name in _OF_FLAG for name in properties) else {}
    return {
        entity_id: {name: _values(entry, found.get(entity_id, ()), name) for name in properties}
        for entity_id, entry in entries.items()
    }


def lines_of(asking: Asking, entry: Entry) -> list[tuple[str, str]]:
    """Return what a person is shown about an entry besides the list's own words."""
    persons = _persons(entry.shown["counts"])
    told = [("Official count", f"{persons:,.0f} persons")] if persons is not None else []
    found = _flags(asking, {entry.id: entry}).get(entry.id, ())
    return told + [("Found there", f"{flag['verdict'].replace('_', ' ')} ({flag['status']})") for flag in found]


def _values(entry: Entry, found: Sequence[Shown], name: str) -> Sequence[Said]:
    if name == "admin":
        return [f"{level}: {value}" for level, value in entry.shown["admin"].items()]
    if name in _OF_FLAG:
        return [value for flag in found if (value := _OF_FLAG[name](flag)) is not None]
    value = _OF_ENTRY[name](entry)
    return [] if value is None else [value]


def _flags(asking: Asking, entries: Mapping[str, Entry]) -> dict[str, list[Shown]]:
    """Return the flags about communities that are taken to be these entries, by entry, as the caller sees them."""
    if asking.caller.key_id is None:
        return {}  # outsiders are never told which entry a flag is about
    by_source: dict[str, list[str]] = defaultdict(list)
    for entry in entries.values():
        by_source[entry.shown["source"]].append(entry.shown["id"])
    found: dict[str, list[Shown]] = defaultdict(list)
    with asking.context.store.read() as session:
        reader = Reader(session, asking.caller)
        ids = [one for source, own in by_source.items() for one in claims.flags_naming(session, source, own)]
        for flag in flags.many(session, ids, worked_by(asking.caller)):
            shown = reader.flag(flag)
            if shown is not None and (about := _about(shown)) in entries:
                found[about].append(shown)
    return found


def _about(shown: Shown) -> str:
    """Return the entry that a flag is about; nothing where that is not shown."""
    official, listed = shown["official"], shown["list"]
    return f"{listed['source']}:{official['id']}" if official and listed else ""


def _persons(counts: Collection[Mapping[str, Any]]) -> float | int | None:
    """Return the count of everybody, where there is one number for it."""
    for count in counts:
        if count["unit"] == _PERSONS and count["group"] is None and count["value"] is not None:
            value = float(count["value"])
            return int(value) if value.is_integer() else value
    return None
