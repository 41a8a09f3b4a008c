"""Profiles: how files of one shape are read, proposed from their headers, corrected by people, used by the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from geodata.files.headers import Side, UnknownColumn, assign
from geodata.files.sheet import Table, UnreadableTable
from geodata.files.streaming import open_tables
from geodata.personal.door import DroppedColumn, at_the_door
from service.callers.caller import Caller
from service.context import Context
from service.errors import INVALID, NOT_FOUND, Mistake, Problem
from service.importing.description import key_of, usual_of
from service.importing.plan import Plan, Upload, Wish
from service.store import descriptions, events, keys
from service.store.descriptions import Profile
from service.store.engine import Session
from service.store.passports import Key

_EXAMPLES, _LONGEST = 3, 60  # values shown of a column, and characters of each


@dataclass(frozen=True, slots=True)
class Column:
    """How one column would be read."""

    header: str
    part: str  # as in `geodata.files.headers.Assignment.parts`; "left out" where it is not read
    by_hand: bool  # a person said so
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a file would be read."""

    profile: str | None  # that fits it
    columns: tuple[Column, ...]
    dropped: tuple[DroppedColumn, ...]
    headers: tuple[str, ...]  # its shape, for a profile
    columns_by_hand: Mapping[str, str]  # field -> header
    left_out: tuple[str, ...]


def plan_for(context: Context, key: Key, table: Table, wish: Wish) -> Plan:
    """Return how a file is read, by its first rows: as wished, else by the profile that fits, else by its headers.

    Raises `Problem`: not found (no such profile).
    """
    profile = _chosen(context, key, wish.profile, table)
    columns = dict(profile.columns) | dict(wish.columns) if profile else dict(wish.columns)
    left_out = profile.left_out if profile else ()
    used = profile.name if profile else None
    return Plan(columns, left_out, used, wish.sheet, usual_of(context, key))


def propose(context: Context, upload: Upload, wish: Wish, caller: Caller) -> Proposal:
    """Return how a file would be read, with examples of values, never of columns that are about people.

    Raises `Problem` (key needed, invalid, not found) as an import of it would.
    """
    try:
        table = next(open_tables(upload.path, upload.name, wish.sheet))
        plan = plan_for(context, key_of(caller, upload.collection), table, wish)
        admitted = at_the_door(table, frozenset(plan.columns.values()))
        headers = [header for header in admitted.table.headers if header not in plan.left_out]
        known = {part: header for part, header in admitted.table.known.items() if header in headers}
        parts = assign(headers, Side.CITIZEN, {**known, **plan.columns}).parts()
    except UnreadableTable as error:
        raise unreadable(error) from error
    except UnknownColumn as error:
        raise unknown(error) from error
    by_hand = set(plan.columns.values())
    return Proposal(
        profile=plan.profile,
        columns=tuple(
            Column(header, parts.get(header, "left out"), header in by_hand, _examples(admitted.table, header))
            for header in admitted.table.headers
        ),
        dropped=admitted.dropped,
        headers=tuple(admitted.table.headers),
        columns_by_hand=plan.columns,
        left_out=plan.left_out,
    )


def save(context: Context, name: str, profile: Profile, caller: Caller) -> Profile:
    """Keep a profile of a collection of the caller's organisation, in the place of one that was called so.

    Raises `Problem`: key needed; invalid, where it names a field or a header that is not there.
    """
    key, at = key_of(caller, name), datetime.now(UTC)
    check(profile)

    def keep(session: Session) -> None:
        if caller.key_id is None:
            keys.add_organisation(session, key[0], at)
        keys.lock_organisation(session, key[0])
        descriptions.save(session, key, profile, (caller, at))
        events.add(session, [events.Event("mapping.saved", key[0], at, caller)])

    context.store.write(keep)
    return profile


def check(profile: Profile) -> None:
    """Raise `Problem` (invalid) where a profile names a field that does not exist, or a header it does not list."""
    unlisted = [header for header in profile.left_out if header not in profile.headers]
    if unlisted:
        detail = f"{unlisted[0]!r} is left out but is none of the headers."
        mistake = Mistake("/left_out", detail, f"The headers are {', '.join(profile.headers)}.")
        raise Problem(INVALID, detail, errors=[mistake.members()])
    try:
        assign(list(profile.headers), Side.CITIZEN, profile.columns)
    except UnknownColumn as error:
        raise unknown(error, "/columns") from error


def unknown(error: UnknownColumn, pointer: str = "?map") -> Problem:
    """Return the problem of a mapping that names what is not there."""
    sentence = str(error).partition("; ")[0]
    mistake = Mistake(pointer, sentence, error.hint)
    return Problem(INVALID, f"{sentence[:1].upper()}{sentence[1:]}; {error.hint}.", errors=[mistake.members()])


def unreadable(error: UnreadableTable) -> Problem:
    """Return the problem of a file that cannot be read at all."""
    message = f"{str(error)[:1].upper()}{str(error)[1:]}"
    mistake = Mistake("", f"{message}.", f"{error.hint[:1].upper()}{error.hint[1:]}.")
    return Problem(INVALID, f"{message}; {error.hint}.", errors=[mistake.members()])


def saved(context: Context, key: Key) -> tuple[Profile, ...]:
    """Return the profiles of a collection, the last saved first."""
    with context.store.read() as session:
        return descriptions.profiles(session, key)


def _chosen(context: Context, key: Key, name: str | None, table: Table) -> Profile | None:
    there = saved(context, key)
    if name is None:
        return next((one for one in there if _fits(one, table)), None)
    found = next((one for one in there if one.name == name), None)
    if found is None:
        names = ", ".join(one.name for one in there) or "none yet"
        detail = f"There is no profile {name!r} of this collection; saved are: {names}."
        raise Problem(NOT_FOUND, detail)
    return found


def _fits(profile: Profile, table: Table) -> bool:
    """Return whether a file has the shape of a profile: the same columns in any order, those about people apart."""
    headers = set(table.headers)
    if not set(profile.headers) <= headers:
        return False
    more = headers - set(profile.headers)
    return not more or more <= {one.header for one in at_the_door(table, profile.columns.values()).dropped}


def _examples(table: Table, header: str) -> tuple[str, ...]:
    values: Sequence[str | None] = table.columns.column(header).slice(0, 1_000).to_pylist()
    seen = dict.fromkeys(value.strip()[:_LONGEST] for value in values if value and value.strip())
    return tuple(seen)[:_EXAMPLES]
