"""Take: keep a part of a file in one transaction, or nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from service import submit
from service.account import Account, from_places
from service.context import Context
from service.errors import INVALID, Problem
from service.intake.values import OUTCOMES, ROWS, SAID, Intake, Taken
from service.store import records
from service.store.engine import Session
from service.store.values import RecordState
from service.submit import Outcome

Also = Callable[[Session, Taken], None]


def nothing(_session: Session, _taken: Taken) -> None:
    """Do nothing besides."""


def take(context: Context, intake: Intake, also: Also = nothing) -> Taken:
    """Keep a part of a file, all or none, and return what became of each row. Nothing is verified yet.

    The state afterwards is that of `submit.accept` of the same accounts in the same order; the same part again changes
    nothing. `also` is done in the same transaction, e.g. to note how far an import came, and may run more than once.
    Raises `Problem`: key needed; invalid, where the part is too large or a row names no country.
    """
    _check(intake)
    receipts = submit.accept(context, _accounts(intake), intake.caller)
    ids = [receipt.record_id for receipt in receipts]
    with context.store.read() as session:
        aside = {record.id for record in records.many(session, ids) if record.state is RecordState.QUARANTINED}
    changed = [receipt.outcome is not Outcome.UNCHANGED for receipt in receipts]
    columns: dict[str, list[Any]] = {
        "record_id": ids,
        "revision": [receipt.revision for receipt in receipts],
        "outcome": [receipt.outcome.value for receipt in receipts],
        "set_aside": [one and record_id in aside for one, record_id in zip(changed, ids, strict=True)],
    }
    taken = Taken(pa.table(columns, OUTCOMES))
    context.store.write(lambda session: also(session, taken))
    return taken


def _check(intake: Intake) -> None:
    if len(intake.places) > ROWS:
        detail = f"A part of {len(intake.places):,} rows is too large; {ROWS:,} are kept at once."
        raise Problem(INVALID, detail)
    nowhere = pc.indices_nonzero(intake.places.column("country").is_null())
    if len(nowhere):
        detail = (
            f"{len(nowhere):,} rows name no country, the first under the id {intake.places.ids[nowhere[0].as_py()]}."
        )
        raise Problem(INVALID, detail)


def _accounts(intake: Intake) -> list[Account]:
    accounts = from_places(intake.places)
    said = {} if intake.said is None else {name: intake.said[name].to_pylist() for name in intake.said.column_names}
    return [replace(account, **_beyond(intake, said, row)) for row, account in enumerate(accounts)]


def _beyond(intake: Intake, said: dict[str, list[Any]], row: int) -> dict[str, Any]:
    given = {name: said[name][row] for name in SAID.names if name in said}
    lists = {name: tuple(given.get(name) or ()) for name in ("drivers", "sdg", "evidence")}
    return lists | {
        "collection": intake.collection,
        "consent": given.get("consent") or intake.defaults.consent,
        "sensitivity": given.get("sensitivity") or intake.defaults.sensitivity,
    }
