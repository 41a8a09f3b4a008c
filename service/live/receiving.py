"""Receiving: one submission, as a survey tool posts it the moment it comes in, kept before it is answered.

It goes the way of a file of one row: rejected ones are left out, what is about people stays outside, the saved mapping
and what holds for the collection apply. The tool's own id is the record's, so that sending it again changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import structlog

from geodata.files.headers import UnknownColumn
from geodata.forms.documents import nests_too_deep
from geodata.forms.standing import Standing, standing
from geodata.forms.submissions import as_submissions
from geodata.forms.system import KOBO
from geodata.personal.door import DroppedColumn
from service import intake, verify
from service.callers.caller import Caller
from service.context import Context
from service.errors import INVALID, Mistake, Problem
from service.importing.description import key_of
from service.importing.parts import File, Part, Reader
from service.importing.plan import Wish
from service.importing.profiles import plan_for, unknown
from service.importing.withdrawing import withdraw_these
from service.intake import Intake
from service.live.shape import padded, profile_for
from service.running import clock
from service.running.logs import told_safely
from service.store import sightings
from service.store.import_problems import Fault
from service.store.passports import DEFAULT, Key

log = structlog.get_logger(__name__)

_ID = "_id"


class Fate(StrEnum):
    """What became of a submission."""

    CREATED = "created"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left_out"  # rejected in review, or deleted; what was kept of it is withdrawn


class Address(NamedTuple):
    """Where a submission is for: a collection, and the mapping that reads it, where one is named."""

    collection: str
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """What the sender may rely on."""

    fate: Fate
    own_id: str
    record_id: str | None = None
    revision: int | None = None
    quarantined: bool = False
    why: str | None = None  # it was left out
    withdrawn: int = 0
    faults: tuple[Fault, ...] = ()  # values that were not kept
    dropped: tuple[DroppedColumn, ...] = ()
    waiting: tuple[str, ...] = field(default=(), repr=False)  # records to be verified after the answer


def receive(context: Context, document: Any, address: Address, caller: Caller) -> Received:
    """Keep one submission, or its next revision. It is not verified yet.

    Raises `Problem`: key needed; invalid, with everything that is wrong, where it is no submission or cannot be kept.
    """
    key = key_of(caller, address.collection)
    if nests_too_deep(document):
        raise _no_submission(None)
    submission = _unwrapped(document)
    stands = standing([submission])
    own_id = _own_id(stands)
    if stands is None or own_id is None:
        raise _no_submission(stands)
    if stands.gone:
        number, company = withdraw_these(context, key, [own_id], caller)
        why = stands.gone[0].message
        return Received(Fate.LEFT_OUT, own_id, why=why, withdrawn=number, waiting=tuple(company))
    part, dropped = _read(context, key, submission, address.profile)
    if not len(part.places):
        raise _not_kept(part)
    collection = None if key[1] == DEFAULT else key[1]
    taken = intake.take(context, Intake(caller, collection, part.places, clock.now(), part.said))
    (row,) = taken.rows.to_pylist()
    fate = Fate(row["outcome"])
    news = fate is not Fate.UNCHANGED and not row["set_aside"]
    return Received(
        fate=fate,
        own_id=part.places.ids[0],
        record_id=row["record_id"],
        revision=row["revision"],
        quarantined=row["set_aside"],
        faults=part.faults,
        dropped=dropped,
        waiting=(row["record_id"],) if news else (),
    )


def settle(context: Context, received: Received) -> None:
    """Verify what was kept; whatever fails there, it goes on waiting and is verified at the next start."""
    try:
        verify.verify(context, list(received.waiting))
    except Exception as error:  # noqa: BLE001 - the sender has its answer, and kept is kept
        log.warning("submission.verify_postponed", records=len(received.waiting), **told_safely(error))


def _unwrapped(document: Any) -> Any:
    """Return the submission in the wrapper that a REST service may be told to put around it."""
    if isinstance(document, Mapping) and len(document) == 1:
        (held,) = document.values()
        held = held[0] if isinstance(held, list) and len(held) == 1 else held
        return held if isinstance(held, Mapping) else document
    return document


def _own_id(stands: Standing | None) -> str | None:
    if stands is None or stands.tool is not KOBO or _ID not in stands.table.headers or len(stands.own_ids) != 1:
        return None
    return stands.own_ids[0]


def _read(
    context: Context, key: Key, submission: Mapping[str, Any], profile_name: str | None
) -> tuple[Part, tuple[DroppedColumn, ...]]:
    profile = profile_for(context, key, [submission], profile_name)
    whole = standing(padded([submission], profile))
    if whole is None:  # a question of the mapping is called as the tool calls something of its own
        raise _no_submission(None)
    table = as_submissions(whole.table)

    def known(own_ids: Sequence[str]) -> dict[str, str]:
        with context.store.read() as session:
            return sightings.collections_of(session, key[0], own_ids)

    try:
        # Named, or none at all: what makes a whole file fit a mapping is no measure for one submission.
        plan = plan_for(context, key, table, Wish(profile=profile.name if profile else None))
        reader = Reader(File(Path(), "submission", key[1], plan), known)
        return reader.part(table), reader.dropped
    except UnknownColumn as error:
        raise unknown(error) from error


def _no_submission(stands: Standing | None) -> Problem:
    if stands is not None and stands.tool is KOBO:
        message = f"The submission has no {_ID}, by which it is known again when it was edited."
        hint = f"Put {_ID} among the fields that the REST service sends, or let it send all."
    else:
        message = "This is no submission as KoboToolbox posts it."
        hint = "Send one submission as JSON, with _id, _uuid and _submission_time; files go to …/imports."
    mistake = Mistake("", message, hint)
    raise Problem(INVALID, f"{message} {hint}", errors=[mistake.members()])


def _not_kept(part: Part) -> Problem:
    refused = [fault for fault in part.faults if not fault.kept]
    mistakes = [Mistake(_pointer(fault.column), f"{fault.message}.", f"{fault.hint}.") for fault in refused]
    said = "; ".join(dict.fromkeys(fault.message for fault in refused)) or "it holds no answer"
    detail = f"The submission cannot be kept: {said}."
    return Problem(INVALID, detail, errors=[one.members() for one in mistakes])


def _pointer(column: str | None) -> str:
    return "" if column is None else "/" + column.replace("~", "~0").replace("/", "~1")
