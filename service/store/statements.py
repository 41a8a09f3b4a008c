"""Statements of consultations: kept by version, so that what was published at any arrival can be told again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from service.accounts.statement import Form, Question, Statement
from service.store import holds
from service.store.consultation_tables import StatementRow, UngroupedWordRow
from service.store.engine import Session
from service.store.reach import Subject, held

STATEMENTS, WORDS = StatementRow.__table__, UngroupedWordRow.__table__

#: An organisation, and its collection.
Key = tuple[str, str]

_MOST_AT_ONCE = 1_000  # identifiers asked for in one query


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a statement without reading it."""

    id: str
    revision: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a statement to keep."""

    id: str
    revision: int
    own_key: str | None
    fingerprint: str
    statement: Statement


@dataclass(frozen=True, slots=True)
class Kept:
    """One version of a statement as it is kept."""

    id: str
    revision: int
    organisation: str
    collection: str
    arrival: int
    superseded: int | None
    statement: Statement
    held: bool = False  # hidden from everybody outside for now

    @property
    def key(self) -> Key:
        """Its consultation."""
        return self.organisation, self.collection


def next_arrival(session: Session) -> int:
    """Return the number of what arrives in this transaction; nobody else writes statements until it ends.

    What is published is cut between arrivals, so one must not grow after another came.
    """
    if session.dialect.name == "postgresql":  # SQLite has one writer anyway
        session.execute(text("LOCK TABLE statements IN SHARE ROW EXCLUSIVE MODE"))
    return int(session.execute(select(func.coalesce(func.max(STATEMENTS.c.arrival), 0))).scalar_one()) + 1


def known(session: Session, key: Key, own_keys: Iterable[str]) -> dict[str, Known]:
    """Return what a consultation keeps already under these digests of its own identifiers."""
    wanted = sorted(set(own_keys))
    found: dict[str, Known] = {}
    for start in range(0, len(wanted), _MOST_AT_ONCE):
        of = STATEMENTS.c.own_key.in_(wanted[start : start + _MOST_AT_ONCE])
        query = select(STATEMENTS).where(*_of(key), STATEMENTS.c.superseded.is_(None), of)
        for row in session.execute(query.with_only_columns(*_KNOWN)):
            found[row.own_key] = Known(row.id, row.revision, row.fingerprint)
    return found


_KNOWN = (STATEMENTS.c.own_key, STATEMENTS.c.id, STATEMENTS.c.revision, STATEMENTS.c.fingerprint)


def add(session: Session, key: Key, arrival: int, versions: Sequence[Version]) -> None:
    """Keep versions; those that follow another supersede it."""
    later = [version.id for version in versions if version.revision > 1]
    for start in range(0, len(later), _MOST_AT_ONCE):
        before = update(STATEMENTS).where(
            STATEMENTS.c.id.in_(later[start : start + _MOST_AT_ONCE]), STATEMENTS.c.superseded.is_(None)
        )
        session.execute(before.values(superseded=arrival))
    if versions:
        session.execute(insert(STATEMENTS), [_row(key, arrival, version) for version in versions])


def add_words(session: Session, key: Key, words: Counter[tuple[Question, str]]) -> None:
    """Count words that nobody could group."""
    if not words:
        return
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(WORDS)
    added = statement.on_conflict_do_update(
        index_elements=[column.name for column in WORDS.primary_key],
        set_={"times": WORDS.c.times + statement.excluded.times},
    )
    organisation, collection = key
    rows = [
        {"organisation": organisation, "collection": collection, "question": question.value, "word": word, "times": n}
        for (question, word), n in sorted(words.items())
    ]
    session.execute(added, rows)


def words(session: Session, organisation: str, collection: str | None, limit: int) -> list[dict[str, Any]]:
    """Return the words an organisation's answers brought that nobody could group, the most frequent first."""
    own = [WORDS.c.organisation == organisation]
    if collection is not None:
        own.append(WORDS.c.collection == collection)
    query = (
        select(WORDS.c.question, WORDS.c.word, func.sum(WORDS.c.times).label("times"))
        .where(*own)
        .group_by(WORDS.c.question, WORDS.c.word)
        .order_by(func.sum(WORDS.c.times).desc(), WORDS.c.word, WORDS.c.question)
        .limit(limit)
    )
    return [{"question": row.question, "word": row.word, "times": int(row.times)} for row in session.execute(query)]


def of_country(session: Session, country: str) -> list[Kept]:
    """Return every version of every statement of a country, in order of arrival. Only disclosure lets it out."""
    return _kept(session, [STATEMENTS.c.country == country])


def of_consultation(session: Session, key: Key, form: Form) -> list[Kept]:
    """Return every version of every statement of one form in a consultation, in order of arrival."""
    return _kept(session, [*_of(key), STATEMENTS.c.form == form.value])


def of_countries(session: Session, countries: Iterable[str]) -> list[Kept]:
    """Return every version of every statement of several countries, in order of arrival."""
    return _kept(session, [STATEMENTS.c.country.in_(sorted(countries))])


def _kept(session: Session, conditions: Sequence[ColumnElement[bool]]) -> list[Kept]:
    query = select(*_COLUMNS).where(*conditions).order_by(STATEMENTS.c.seq)
    scopes = holds.in_force(session)
    found = ((row, Statement.from_body(row.body)) for row in session.execute(query))
    return [
        Kept(*row[:-1], said, held(scopes, _subject(row.organisation, row.collection, said))) for row, said in found
    ]


def _subject(organisation: str, collection: str, said: Statement) -> Subject:
    units = (("province", said.province), ("municipality", said.municipality))
    named = tuple((level, unit) for level, unit in units if unit is not None)
    return Subject(organisation, collection, said.country, named, lambda: said.groups.known, lambda: None)


_COLUMNS = (
    STATEMENTS.c.id,
    STATEMENTS.c.revision,
    STATEMENTS.c.organisation,
    STATEMENTS.c.collection,
    STATEMENTS.c.arrival,
    STATEMENTS.c.superseded,
    STATEMENTS.c.body,
)


def _row(key: Key, arrival: int, version: Version) -> dict[str, Any]:
    statement = version.statement
    return {
        "id": version.id,
        "revision": version.revision,
        "organisation": key[0],
        "collection": key[1],
        "own_key": version.own_key,
        "fingerprint": version.fingerprint,
        "arrival": arrival,
        "superseded": None,
        "form": statement.form.value,
        "country": statement.country,
        "people": statement.people,
        "consent": statement.consent,
        "body": statement.body(),
    }


def _of(key: Key) -> tuple[ColumnElement[bool], ...]:
    return STATEMENTS.c.organisation == key[0], STATEMENTS.c.collection == key[1]
