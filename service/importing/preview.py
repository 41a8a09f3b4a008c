"""Preview: what an import would do, and what would be found about the first of its rows. Nothing is kept."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from geodata.files.headers import UnknownColumn
from geodata.files.sheet import UnreadableTable
from geodata.files.streaming import open_tables
from geodata.personal.door import DroppedColumn
from service import verify
from service.accounts.account import Account, from_places
from service.aside import screening
from service.callers.caller import Caller
from service.context import Context
from service.importing.description import key_of
from service.importing.parts import File, Part, Reader
from service.importing.plan import Mode, Upload, Wish
from service.importing.profiles import plan_for, unknown, unreadable
from service.store import sightings
from service.store.engine import Session
from service.store.import_problems import Fault
from service.store.passports import DEFAULT
from service.store.sightings import Standing
from service.store.values import Record, RecordState
from service.submit import Outcome

#: Rows whose verdict is worked out.
SAMPLE = 500


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of one row."""

    row: int
    own_id: str
    outcome: Outcome
    record: Record  # as it would stand then


@dataclass(frozen=True)
class Preview:
    """What an import would do."""

    profile: str | None
    parts_of: dict[str, str]  # header -> part
    dropped: tuple[DroppedColumn, ...]
    rows_read: int
    set_aside: int
    outcomes: dict[Outcome, int]  # of the rows read that can be kept
    faults: tuple[Fault, ...]
    rows: tuple[Foreseen, ...]  # the first of them
    whole: bool  # the whole file was read; otherwise its first part


def preview(context: Context, upload: Upload, wish: Wish, caller: Caller) -> Preview:
    """Return what importing a file would do.

    Raises `Problem` (key needed, invalid, not found) as the import would.
    """
    key = key_of(caller, upload.collection)
    try:
        tables = open_tables(upload.path, upload.name, wish.sheet)
        table = next(tables)
        plan = plan_for(context, key, table, wish)
        file = File(upload.path, upload.name, key[1], plan, wish.mode is Mode.CORRECT)
        reader = Reader(file, lambda own_ids: _known(context, key[0], own_ids))
        part = reader.part(table)
        whole = next(tables, None) is None
    except UnreadableTable as error:
        raise unreadable(error) from error
    except UnknownColumn as error:
        raise unknown(error) from error
    accounts = _accounts(part, key[1])
    with context.store.read() as session:
        held = sightings.standing(session, key[0], part.places.ids)
    outcomes = [_outcome(held.get(account.own_id or ""), account) for account in accounts]
    return Preview(
        profile=plan.profile,
        parts_of=dict(part.parts_of),
        dropped=reader.dropped,
        rows_read=part.read,
        set_aside=part.set_aside,
        outcomes={outcome: outcomes.count(outcome) for outcome in Outcome},
        faults=part.faults,
        rows=_foreseen(context, key[0], part, list(zip(accounts, outcomes, strict=True))[:SAMPLE]),
        whole=whole,
    )


def _known(context: Context, organisation: str, own_ids: Sequence[str]) -> dict[str, str]:
    with context.store.read() as session:
        return sightings.collections_of(session, organisation, own_ids)


def _accounts(part: Part, collection: str) -> list[Account]:
    said: dict[str, list[Any]] = {name: part.said.column(name).to_pylist() for name in part.said.column_names}
    own = None if collection == DEFAULT else collection
    return [
        replace(
            account,
            collection=own,
            **{name: _value(name, values[row]) for name, values in said.items()},
        )
        for row, account in enumerate(from_places(part.places))
    ]


def _value(name: str, value: Any) -> Any:
    return value if name in {"consent", "sensitivity"} else tuple(value or ())


def _outcome(held: Standing | None, account: Account) -> Outcome:
    if held is None:
        return Outcome.CREATED
    same = held.refused or held.fingerprint == account.fingerprint()
    return Outcome.UNCHANGED if same else Outcome.REVISED


def _foreseen(
    context: Context, organisation: str, part: Part, sample: Sequence[tuple[Account, Outcome]]
) -> tuple[Foreseen, ...]:
    at = datetime.now(UTC)
    with context.store.read() as session:
        held = sightings.standing(session, organisation, [account.own_id or "" for account, _ in sample])
        records = [_record(account, organisation, held.get(account.own_id or ""), at) for account, _ in sample]
        records = _screened(session, organisation, records, frozenset(one.record_id for one in held.values()))
    passing = {
        record.id: record
        for record in verify.preview(context, [one for one in records if one.state is RecordState.PENDING])
    }
    return tuple(
        Foreseen(row, account.own_id or "", outcome, passing.get(record.id, record))
        for row, (account, outcome), record in zip(part.rows.tolist(), sample, records, strict=False)
    )


def _record(account: Account, organisation: str, held: Standing | None, at: datetime) -> Record:
    return Record(
        id=held.record_id if held else uuid.uuid4().hex,
        organisation=organisation,
        revision=held.revision + 1 if held else 1,
        state=RecordState.PENDING,
        account=account,
        created_at=at,
        updated_at=at,
        verdict=None,
        p_absent=None,
        findings=(),
        flag_id=None,
        community_id=held.community_id if held else None,
    )


def _screened(session: Session, organisation: str, records: Sequence[Record], known: frozenset[str]) -> list[Record]:
    """Return the records with those in quarantine that would be set aside."""
    accounts = {record.id: record.account for record in records}
    grounds = screening.screen(session, screening.of_accounts(organisation, accounts, known, datetime.now(UTC)))
    return [
        replace(record, state=RecordState.QUARANTINED, quarantine=grounds[record.id])
        if record.id in grounds
        else record
        for record in records
    ]
