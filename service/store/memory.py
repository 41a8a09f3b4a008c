"""Memory: what people decided about pairs of a record and an official entry. Rows are only ever added.

Names are not copied: they are read from the revision that was decided upon. Those of a record that is not open are not
learned at all, because what others find by them would tell them about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, insert, select, union

from geodata.taxonomy import SensitivityClass
from matchers.memory.decisions import Answer, Decided, Memory, Ruling, key_of
from matchers.memory.facts import Facts, evidence_hash
from service.accounts.account import Account
from service.accounts.classes import class_of
from service.store import recodings
from service.store.engine import Session
from service.store.memory_tables import DecidedNameRow, DecisionRow
from service.store.records import REVISIONS
from service.store.values import Record, Review

DECISIONS, NAMES = DecisionRow.__table__, DecidedNameRow.__table__
_OPEN = "open"  # of `service.disclosure.Sensitivity`
_MARK = select(func.max(DECISIONS.c.seq))
_CONCERNED = union(
    select(DECISIONS.c.record_id).where(DECISIONS.c.record_id.in_(bindparam("ids", expanding=True))),
    select(NAMES.c.record_id).where(NAMES.c.name.in_(bindparam("names", expanding=True))),
)
_ABOUT = (
    select(*[column for column in DECISIONS.c if column.name not in {"review_id", "evidence_hash"}], REVISIONS.c.body)
    .join(REVISIONS, (REVISIONS.c.record_id == DECISIONS.c.record_id) & (REVISIONS.c.number == DECISIONS.c.revision))
    .where(DECISIONS.c.record_id.in_(_CONCERNED), DECISIONS.c.seq <= bindparam("until"))
    .order_by(DECISIONS.c.seq)
)


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is remembered of some records, by source, and up to where memory was read."""

    mark: int | None = None  # None: nobody ever decided about a pair
    by_source: Mapping[str, Memory] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """One decision to keep: about which revision of a record, and which source."""

    source: str
    revision: int
    decided: Decided


def mark(session: Session) -> int | None:
    """Return up to where memory goes; it moves with every decision."""
    return session.execute(_MARK).scalar()


def about(session: Session, records: Iterable[Record], until: int | None = None) -> Remembered:
    """Return what was decided about these records, or about others that bear one of their names.

    All that was decided, or what was up to a mark of before.
    """
    until = mark(session) if until is None else until
    if until is None:
        return Remembered()
    at_hand = list(records)
    keys = {key_of(name.text) for record in at_hand for name in record.account.names} - {""}
    asked = {"ids": [record.id for record in at_hand], "names": sorted(keys), "until": until}
    rows = session.execute(_ABOUT, asked).mappings()
    by_source: dict[str, list[Decided]] = defaultdict(list)
    for row in rows:
        by_source[row["source"]].append(_decided(row))
    memories = {source: Memory.of(decided, recodings.of(session, source)) for source, decided in by_source.items()}
    return Remembered(until, memories)


def add(session: Session, review: Review, said: Sequence[Said]) -> None:
    """Keep what a review says about pairs."""
    if not said:
        return
    session.execute(insert(DECISIONS), [_row(review, one) for one in said])
    names = {(key_of(name), one.decided.ruling.record_id) for one in said for name in one.decided.names}
    ids = [one.decided.ruling.record_id for one in said]
    known = session.execute(select(NAMES.c.name, NAMES.c.record_id).where(NAMES.c.record_id.in_(ids)))
    new = sorted({pair for pair in names if pair[0]} - {(row.name, row.record_id) for row in known})
    if new:
        session.execute(insert(NAMES), [{"name": name, "record_id": record_id} for name, record_id in new])


def taken_back(session: Session, review: Review, superseded: str) -> tuple[Said, ...]:
    """Return what takes back all that a decision said about pairs: what held before it again, or that nothing does."""
    of = select(DECISIONS.c.record_id).where(DECISIONS.c.review_id == superseded)
    columns = [column for column in DECISIONS.c if column.name != "evidence_hash"]
    query = (
        select(*columns, REVISIONS.c.body)
        .join(
            REVISIONS, (REVISIONS.c.record_id == DECISIONS.c.record_id) & (REVISIONS.c.number == DECISIONS.c.revision)
        )
        .where(DECISIONS.c.record_id.in_(of))
        .order_by(DECISIONS.c.seq)
    )
    before: dict[tuple[str, str, str], RowMapping] = {}
    going: dict[tuple[str, str, str], RowMapping] = {}
    for row in session.execute(query).mappings():
        pair = (row["source"], row["record_id"], row["official_id"])
        if row["review_id"] == superseded:
            going[pair] = row
        elif pair not in going:  # what was said since stands
            before[pair] = row
    day = review.created_at.date()
    return tuple(_again(before.get(pair), row, day) for pair, row in going.items())


def _again(before: RowMapping | None, row: RowMapping, day: date) -> Said:
    """Return the answer that held before, or that there is none, resting on what it rested on."""
    kept = before or row
    decided = _decided(kept)
    answer = decided.ruling.answer if before is not None else Answer.UNSURE
    return Said(
        kept["source"], kept["revision"], replace(decided, ruling=replace(decided.ruling, answer=answer, on=day))
    )


def learned(account: Account) -> tuple[str, ...]:
    """Return the names that may be learned from an account: of one that is open by its own class and its groups'."""
    may = account.sensitivity == _OPEN and class_of(account) is SensitivityClass.S0
    return tuple(name.text for name in account.names) if may else ()


def _row(review: Review, said: Said) -> dict[str, Any]:
    decided, ruling = said.decided, said.decided.ruling
    return {
        "review_id": review.id,
        "record_id": ruling.record_id,
        "revision": said.revision,
        "source": said.source,
        "official_id": ruling.official_id,
        "official_name": decided.entry_name,
        "answer": ruling.answer.value,
        "evidence": {"record": asdict(decided.record), "entry": asdict(decided.entry)},
        "evidence_hash": evidence_hash(decided.record, decided.entry),
        "created_at": review.created_at,
    }


def _decided(row: RowMapping) -> Decided:
    return Decided(
        ruling=Ruling(row["record_id"], row["official_id"], Answer(row["answer"]), row["created_at"].date()),
        entry_name=row["official_name"],
        record=Facts(**row["evidence"]["record"]),
        entry=Facts(**row["evidence"]["entry"]),
        names=learned(Account.from_body(row["body"])),
    )
