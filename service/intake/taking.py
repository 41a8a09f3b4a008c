"""Take: keep a part of a file in one transaction, or nothing of it.

What follows from the accounts alone is worked out before, so that others wait only while rows are written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from service.callers.caller import Right
from service.context import Context
from service.errors import INVALID, KEY_NEEDED, Problem
from service.intake.arriving import arrive
from service.intake.columns import Columns
from service.intake.fates import fates
from service.intake.values import OUTCOMES, ROWS, Intake, Taken
from service.store import arrivals, bulk, keys
from service.store.engine import Session

Also: TypeAlias = Callable[[Session, Taken], None]


def nothing(_session: Session, _taken: Taken) -> None:
    """Do nothing besides."""


def take(context: Context, intake: Intake, also: Also = nothing) -> Taken:
    """Keep a part of a file, all or none, and return what became of each row. Nothing is verified yet.

    The state afterwards is that of `submit.accept` of the same accounts in the same order; the same part again changes
    nothing. `also` is done in the same transaction, e.g. to note how far an import came, and may run more than once.
    Raises `Problem`: key needed; invalid, where the part is too large, an id stands twice or a row names no country.
    """
    return keep(context, prepare(intake), also)


def prepare(intake: Intake) -> Columns:
    """Work out what is to be kept of a part, which needs no database. Raises `Problem` as `take` does."""
    _check(intake)
    return Columns.of(intake)


def keep(context: Context, columns: Columns, also: Also = nothing) -> Taken:
    """Keep a part that was prepared; everything else is as `take` says."""
    return context.store.write(partial(_take, columns=columns, also=also))


def _take(session: Session, columns: Columns, also: Also) -> Taken:
    intake, organisation = columns.intake, str(columns.intake.caller.organisation)
    with bulk.roomy(session):
        keys.lock_organisation(session, organisation)
        if intake.caller.key_id is None:  # nobody's key, but the service's own command line: it may be new
            keys.add_organisation(session, organisation, intake.at)
        kept = arrivals.known(session, organisation, intake.places.ids)
        given = fates(intake.places.ids, columns.accounts["fingerprint"], kept)
        aside = arrive(session, columns, given, {before.id for before in kept.values() if before.released})
        of = {
            "record_id": given.ids,
            "revision": given.revisions,
            "outcome": given.outcomes,
            "set_aside": [record in aside for record in given.ids],
        }
        taken = Taken(pa.table(of, OUTCOMES))
        also(session, taken)
    return taken


def _check(intake: Intake) -> None:
    if intake.caller.organisation is None or not intake.caller.may(Right.SEND):
        detail = "Records are kept under the name of an organisation."
        raise Problem(KEY_NEEDED, detail)
    ids = intake.places.ids
    if len(ids) > ROWS:
        detail = f"A part of {len(ids):,} rows is too large; {ROWS:,} are kept at once."
        raise Problem(INVALID, detail)
    if len(set(ids)) < len(ids):
        twice, number = Counter(ids).most_common(1)[0]
        detail = f"The id {twice} stands {number} times in one part; every row needs its own."
        raise Problem(INVALID, detail)
    nowhere = pc.indices_nonzero(intake.places.column("country").is_null())
    if len(nowhere):
        detail = f"{len(nowhere):,} rows name no country, the first under the id {ids[nowhere[0].as_py()]}."
        raise Problem(INVALID, detail)
