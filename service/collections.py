"""Collections: take what an organisation declares about one of its collections, and say what that makes it worth."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from matchers.quality.grade import Grade
from matchers.quality.improvements import Improvement, improvements
from matchers.quality.reading import InvalidPassport, Wrong, as_plain, read_plain
from matchers.quality.records import Collection as Known
from matchers.quality.standing import undeclared
from service import verify
from service.callers.caller import Caller, Right
from service.context import Context, quality_policy
from service.disclosure.openness import open_now
from service.errors import INVALID, KEY_NEEDED, NOT_FOUND, Mistake, Problem
from service.store import descriptions, events, flags, keys, passports, records
from service.store.engine import Session
from service.store.filters import FlagFilter, RecordFilter
from service.store.passports import KeptGrade, KeptPassport, Key
from service.store.values import Record, RecordState
from service.verifying import grading

#: Records verified again before the answer is given; the others wait.
AT_ONCE = verify.BATCH


@dataclass(frozen=True, slots=True)
class Described:
    """A collection: what it declares, what that and its records make it worth, and how it was graded before."""

    organisation: str
    id: str  # as its records name it
    records: int
    declared: KeptPassport | None
    known: Known | None  # None where nothing is declared
    grade: Grade | None
    improvements: tuple[Improvement, ...]
    undeclared: tuple[str, ...]  # what is allowed without a passport
    policy: str  # version
    history: tuple[KeptGrade, ...]  # oldest first
    usual: dict[str, Any] | None = None  # what holds for its records that do not say otherwise

    @property
    def key(self) -> Key:
        """Its organisation and its own name."""
        return self.organisation, self.id


@dataclass(frozen=True, slots=True)
class Declared:
    """What came of declaring a passport."""

    version: int
    anew: bool  # False: word for word what was declared before
    waiting: int  # records that are still to be verified again


def declare(context: Context, name: str, plain: Any, caller: Caller) -> Declared:
    """Keep a passport of a collection of the caller's organisation, and verify its records again.

    The same content changes nothing. Raises `Problem`: key needed; invalid, with everything that is wrong.
    """
    if caller.organisation is None or not caller.may(Right.SEND):
        detail = "A passport is declared under the name of an organisation."
        raise Problem(KEY_NEEDED, detail)
    key, at = (caller.organisation, name), datetime.now(UTC)
    try:
        body = as_plain(read_plain(plain, at.date()))
    except InvalidPassport as error:
        detail = f"{len(error.problems)} of its fields cannot be kept as they are; nothing was changed."
        raise Problem(INVALID, detail, errors=[_mistake(one).members() for one in error.problems]) from error
    kept, anew = context.store.write(lambda session: _keep(session, key, body, (caller, at)))
    waiting = verify_again(context, key, AT_ONCE)
    return Declared(kept.version, anew, waiting)


def verify_again(context: Context, key: Key, most: int | None = None) -> int:
    """Verify the records of a collection that wait, at most so many, and return how many still do."""
    with context.store.read() as session:
        waiting = passports.record_ids(session, key, (RecordState.PENDING,))
    verify.verify(context, waiting[:most])
    return len(waiting) - len(waiting[:most])


def named(context: Context, organisation: str | None, others: Collection[Key] = ()) -> list[Key]:
    """Return the collections of one organisation, or of all where None is named, and those others, in order."""
    with context.store.read() as session:
        return sorted({*passports.collections(session, organisation), *others})


def described(context: Context, key: Key) -> Described:
    """Return one collection. Raises `Problem` (not found) where it holds no record and nothing is said of it."""
    with context.store.read() as session:
        declared, size = passports.latest(session, [key]).get(key), passports.size(session, key)
        usual = descriptions.description(session, key)
    if declared is None and usual is None and not size:
        detail = f"There is no collection {key[1]}."
        raise Problem(NOT_FOUND, detail)
    return replace(_described(context, key, declared, size), usual=usual)


def any_record(context: Context, key: Key, shown: Callable[[Record], bool]) -> bool:
    """Return whether a collection holds a record of which this is so; True where it holds none at all."""
    held = False
    for record in _records(context, key):
        held = True
        if shown(record):
            return True
    return not held


def published(context: Context, shown: Callable[[Record], bool]) -> frozenset[Key]:
    """Return the collections of the records that published flags stand for, and of which this is so."""
    with context.store.read() as session:
        found = (flag.record for flag in flags.iterate(session, FlagFilter(published_only=True)) if open_now(flag))
        return frozenset(passports.key_of(record.organisation, record.account) for record in found if shown(record))


def _records(context: Context, key: Key) -> Iterator[Record]:
    organisation, name = key
    wanted = RecordFilter(organisation=organisation, collection=None if name == passports.DEFAULT else name)
    cursor: str | None = None
    while True:
        with context.store.read() as session:
            page = records.page(session, wanted, cursor)
        yield from (one for one in page.items if passports.key_of(organisation, one.account) == key)
        cursor = page.next_cursor
        if cursor is None:
            return


def _described(context: Context, key: Key, declared: KeptPassport | None, size: int) -> Described:
    policy = quality_policy(context.settings)
    if declared is None:
        allowed = undeclared(policy).actions
        return Described(*key, size, None, None, None, (), allowed, policy.version, ())
    known = grading.collection(context.store, policy, key, declared)
    found, own = known.grade(), policy.of(known.country)
    with context.store.read() as session:
        history = passports.grades(session, key)
    return Described(*key, size, declared, known, found, improvements(found, own), (), policy.version, history)


def _keep(session: Session, key: Key, body: dict[str, Any], by: tuple[Caller, datetime]) -> tuple[KeptPassport, bool]:
    organisation, _ = key
    keys.lock_organisation(session, organisation)
    before = passports.latest(session, [key]).get(key)
    if before is not None and before.fingerprint == passports.fingerprint(body):
        return before, False
    caller, at = by
    if caller.key_id is None:  # nobody's key, but the service's own command line: the organisation may be new
        keys.add_organisation(session, organisation, at)
    kept = passports.add(session, key, body, by)
    passports.set_pending(session, key)
    events.add(session, [events.Event("passport.declared", organisation, at, caller, {"version": kept.version})])
    return kept, True


def _mistake(wrong: Wrong) -> Mistake:
    return Mistake("".join(f"/{step}" for step in wrong.path), wrong.message, wrong.hint)
