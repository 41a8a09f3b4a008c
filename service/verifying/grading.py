"""Grading: what the quality of their collections means for records, worked out anew where a collection has grown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

import orjson

from matchers.quality.computed import Facts, facts_from, facts_of
from matchers.quality.criteria import Audited
from matchers.quality.grade import Grade
from matchers.quality.passport import Passport
from matchers.quality.policy import Policy
from matchers.quality.reading import read_plain
from matchers.quality.records import Collection
from matchers.quality.standing import Quality, undeclared
from service.accounts.account import as_places
from service.store import audits, passports
from service.store.engine import Session, Store
from service.store.passports import KeptGrade, KeptPassport, Key
from service.store.values import Record

#: Of a larger collection the latest records show what it is like.
SAMPLE = 5_000

_GROWN = 1.1  # times as many records as when it was graded: it is graded anew
_SMALL = 50  # records up to which it is graded anew whenever there is one more
_STANDS = timedelta(days=1)  # how long a grade stands, whatever else


@dataclass(frozen=True, slots=True)
class Declared:
    """The passports of the collections of some records, and the mark of all passports when they were read."""

    by_collection: Mapping[Key, KeptPassport]
    mark: int


def declared(session: Session, found: Sequence[Record]) -> Declared:
    """Return what is declared of the collections of these records."""
    mark = passports.mark(session)
    keys = {passports.key_of(record.organisation, record.account) for record in found} if mark else set()
    return Declared(passports.latest(session, keys), mark)


def qualities(store: Store, policy: Policy, found: Sequence[Record], known: Declared) -> dict[str, Quality]:
    """Return what the quality of their collections means for these records, by identifier.

    A collection that has grown by a tenth since it was graded, or was graded more than a day ago, is graded anew.
    """
    of_collection: dict[Key, list[Record]] = defaultdict(list)
    for record in found:
        of_collection[passports.key_of(record.organisation, record.account)].append(record)
    by_record: dict[str, Quality] = {}
    for key, records in of_collection.items():
        if key in known.by_collection:
            places = as_places([record.id for record in records], [record.account for record in records])
            by_record |= collection(store, policy, key, known.by_collection[key]).qualities(places)
        else:
            by_record |= {record.id: undeclared(policy.of(record.account.country)) for record in records}
    return by_record


def collection(store: Store, policy: Policy, key: Key, declared: KeptPassport) -> Collection:
    """Return what is known of a declared collection, keeping its grade where that was worked out anew."""
    now = datetime.now(UTC)
    with store.read() as session:
        before, size = passports.last_grade(session, key), passports.size(session, key)
    before = before if before and _same(before, declared, policy) else None
    if before and not _outgrown(before, size, now):
        return _known(declared, before.facts, policy, now.date())
    with store.read() as session:
        shown = _shown(session, key)
    known = _known(declared, shown, policy, now.date())
    found = known.grade()
    if before is None or Grade.from_plain(before.body) != found or before.created_at + _STANDS <= now:
        kept = KeptGrade(declared.version, policy.version, found.grade, size, shown, found.plain(), now)
        store.write(lambda session: passports.add_grade(session, key, kept))
    return known


def _same(kept: KeptGrade, declared: KeptPassport, policy: Policy) -> bool:
    return kept.passport == declared.version and kept.policy == policy.version


def _outgrown(kept: KeptGrade, size: int, now: datetime) -> bool:
    grown = size != kept.records if size <= _SMALL else size > kept.records * _GROWN
    return grown or kept.created_at + _STANDS <= now


def _shown(session: Session, key: Key) -> dict[str, Any]:
    """Return what the records of a collection show, and how those of its organisation fared, as JSON values."""
    held = passports.accounts(session, key, SAMPLE)
    facts = facts_of(as_places([record for record, _ in held], [account for _, account in held]))
    of_organisation = [audit for own in audits.of(session, [key[0]]).values() for audit in own]
    audited = Audited(sum(one.confirmed for one in of_organisation), sum(one.refused for one in of_organisation))
    plain: dict[str, Any] = orjson.loads(orjson.dumps({"records": facts and asdict(facts), "audited": asdict(audited)}))
    return plain


def _known(declared: KeptPassport, shown: Mapping[str, Any], policy: Policy, today: date) -> Collection:
    facts: Facts | None = facts_from(shown["records"]) if shown["records"] else None
    passport = _passport(orjson.dumps(declared.body), today)
    return Collection(passport, facts, today, policy, Audited(**shown["audited"]))


@lru_cache(maxsize=256)
def _passport(body: bytes, today: date) -> Passport:
    return read_plain(orjson.loads(body), today)
