"""Pulling: ask a survey tool's server what came since the last time, and keep it the way a file is imported.

The cursor moves last. A process that dies before that asks for the same again, and what is kept already is unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson

from connectors.client import Client
from connectors.kobo import KoboPuller
from connectors.odk import OdkPuller
from connectors.pulling.values import Pulled, Puller
from geodata.forms.standing import standing
from service import verify
from service.callers.caller import Caller
from service.context import Context
from service.errors import INVALID, Problem
from service.importing import jobs, uploads
from service.importing.description import key_of
from service.importing.importer import work_in_turn
from service.importing.plan import Mode, Upload, Wish
from service.importing.withdrawing import withdraw_these
from service.importing.working import How
from service.live.shape import Submission, padded, profile_for
from service.running import disk
from service.store import pulls
from service.store.import_tables import ImportState
from service.store.imports import Import
from service.store.passports import Key

PULLERS: Mapping[str, Puller] = {one.name: one for one in (KoboPuller(), OdkPuller())}

_NOTHING_WHOLE = "no submission of the form can be kept, so that nothing was compared with it and withdrawn"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be pulled into which collection, and how it is read."""

    collection: str
    tool: str  # of `PULLERS`
    options: Mapping[str, str]
    everything: bool = False  # also edits the tool does not tell of; what the form has no more is withdrawn
    columns: Mapping[str, str] = field(default_factory=dict)  # field -> question; goes before any mapping
    profile: str | None = None
    how: How = field(default_factory=How)


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a pull."""

    came: int  # submissions
    left_out: int  # of these, rejected in review or deleted
    withdrawn: int  # records, of those that were left out
    job: Import | None  # that kept the others; None where there were none
    until: str | None  # the cursor for the next time, where it moved
    notes: tuple[str, ...] = ()


def pull(context: Context, client: Client, wanted: Wanted, caller: Caller) -> Brought:
    """Bring what came since the last pull, or everything, and keep it. The cursor moves when it is kept.

    Raises `Problem`: key needed; invalid, where an option or a mapping is wrong or the import failed. Raises the
    `ConnectorError` of the server; nothing was kept or withdrawn then.
    """
    key = key_of(caller, wanted.collection)
    puller, request = _asked(context, wanted)
    origin = puller.origin(request)
    client.allow(context.settings.allowed)
    with context.store.read() as session:
        since = None if wanted.everything else pulls.cursor(session, key, origin)
    pulled = puller.pull(client, request, since)
    gone, good = _parted(pulled)
    notes = [*pulled.notes, *([_NOTHING_WHOLE] if wanted.everything and not good else [])]
    job = _imported(context, wanted, (key, caller), good) if good else None
    if job is not None and job.state is not ImportState.DONE:
        return Brought(len(pulled.submissions), len(gone), 0, job, None, tuple(notes))
    withdrawn, company = withdraw_these(context, key, gone, caller) if gone else (0, [])
    verify.verify(context, company)
    until = pulled.cursor
    if until is not None and (job is not None or withdrawn or since is not None):
        moved_to = (until, datetime.now(UTC))
        context.store.write(lambda session: pulls.move(session, key, origin, moved_to))
    return Brought(len(pulled.submissions), len(gone), withdrawn, job, until, tuple(notes))


def _asked(context: Context, wanted: Wanted) -> tuple[Puller, dict[str, str]]:
    """Return what pulls, and all it is told. Raises `Problem` (invalid) for options it does not have, or secrets."""
    puller = PULLERS.get(wanted.tool)
    if puller is None:
        detail = f"Nothing pulls from {wanted.tool!r}; there are {' and '.join(PULLERS)}."
        raise Problem(INVALID, detail)
    secret = [name for name in wanted.options if name in puller.needs]
    if secret:
        variable = f"UNCOUNTED_{puller.name}_{secret[0]}".upper()
        detail = f"{secret[0]} is secret and is not taken as an option; set {variable} in the environment."
        raise Problem(INVALID, detail)
    there = ", ".join(f"{name} ({what})" for name, what in puller.options.items())
    wrong = [name for name in wanted.options if name not in puller.options]
    lacking = [name for name in puller.options if not wanted.options.get(name, "").strip()]
    if wrong or lacking:
        said = f"There is no option {wrong[0]}" if wrong else f"The option {lacking[0]} is missing"
        detail = f"{said}. {puller.name} takes {there}."
        raise Problem(INVALID, detail)
    secrets = {need: value for need in puller.needs if (value := context.settings.key(puller.name, need))}
    return puller, secrets | dict(wanted.options)


def _parted(pulled: Pulled) -> tuple[list[str], list[Submission]]:
    """Return the own ids of what was rejected or deleted, and the submissions that stand."""
    stands = standing(list(pulled.submissions)) if pulled.submissions else None
    if stands is None:
        return [], list(pulled.submissions)
    good = [one for at, one in enumerate(pulled.submissions) if at not in stands.gone]
    return stands.gone_ids, good


def _imported(context: Context, wanted: Wanted, whose: tuple[Key, Caller], submissions: list[Submission]) -> Import:
    """Import submissions as a file of their own, and return how far that came. Raises `Problem` where it failed."""
    key, caller = whose
    profile = profile_for(context, key, submissions, wanted.profile)
    import_id, path = uploads.fresh(context)
    with disk.written():
        path.write_bytes(orjson.dumps({"results": padded(submissions, profile)}))
    name = f"{wanted.tool} {wanted.options['form']}.json"
    mode = Mode.REPLACE if wanted.everything else Mode.APPEND
    wish = Wish(mode, wanted.columns, profile.name if profile else None)
    job = jobs.begin(context, Upload(import_id, path, name, wanted.collection), wish, caller).job
    job = work_in_turn(context, job, wanted.how)
    if job.stopped is not None:
        raise Problem(INVALID, job.stopped["detail"])
    return job
