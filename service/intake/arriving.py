"""Arriving: what is new in a part is screened and kept, in the transaction that decided what is new."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from matchers.communities.quarantine import Ground
from service.aside import screening
from service.intake.columns import Columns
from service.intake.fates import Fates
from service.store import arrivals, events
from service.store.engine import Session
from service.store.identifiers import new_ids
from service.store.values import RecordState


def arrive(session: Session, columns: Columns, given: Fates, vouched: Collection[str]) -> frozenset[str]:
    """Keep the rows that say something new, and return the records that are set aside for what they say.

    Not screened again are corrections of records that are `vouched` for: a person let them out.
    """
    news = given.news
    if not len(news):
        return frozenset()
    intake = columns.intake
    sent = _sent(columns, given, np.array([row for row in news if given.ids[row] not in vouched], np.int64))
    grounds = screening.screen(session, sent)
    accounts = columns.accounts if len(news) == len(given.ids) else columns.accounts.take(pa.array(news))
    rows = _fated(accounts, _fates(given, news, grounds))
    kept = arrivals.Arrivals(
        rows, str(intake.caller.organisation), intake.collection, columns.rules, intake.caller.key_id, intake.at
    )
    arrivals.add(session, kept)
    events.add_series(session, _told(columns, given, news))
    if grounds:
        events.add(session, screening.set_aside(session, sent, grounds))
    return frozenset(grounds)


def _sent(columns: Columns, given: Fates, rows: NDArray[np.int64]) -> screening.Sent:
    records = [given.ids[row] for row in rows]
    accounts = columns.accounts.select(["spot", "country"]).take(pa.array(rows))
    return screening.Sent(
        organisation=str(columns.intake.caller.organisation),
        spots=dict(zip(records, accounts["spot"].to_pylist(), strict=True)),
        countries=set(accounts["country"].unique().to_pylist()),
        bounded=columns.bounded(rows),
        places=lambda: columns.places(rows),
        corrects=frozenset(given.ids[row] for row in rows if given.revisions[row] > 1),
        at=columns.intake.at,
    )


def _fates(given: Fates, rows: NDArray[np.int64], grounds: screening.Grounds) -> pa.Table:
    """Return columns `FATES`: a new record that is not set aside begins a community."""
    records, revisions = [given.ids[row] for row in rows], given.revisions[rows]
    aside = np.array([record in grounds for record in records])
    communities = pa.array(new_ids(len(rows)), mask=aside | (revisions > 1))
    states = np.where(aside, RecordState.QUARANTINED.value, RecordState.PENDING.value)
    why = [_written(grounds[record]) if record in grounds else "null" for record in records]
    return pa.table([records, revisions, communities, states, why], arrivals.FATES)


def _written(grounds: tuple[Ground, ...]) -> str:
    return orjson.dumps([asdict(ground) for ground in grounds]).decode()


def _fated(accounts: pa.Table, of: pa.Table) -> pa.Table:
    return pa.table({name: table[name] for table in (of, accounts) for name in table.column_names})


def _told(columns: Columns, given: Fates, rows: NDArray[np.int64]) -> events.Series:
    named = "" if columns.intake.import_id is None else f',"import":{orjson.dumps(columns.intake.import_id).decode()}'
    revisions = pa.array(given.revisions[rows]).cast(pa.string())
    fingerprints = columns.accounts["fingerprint"].combine_chunks().take(pa.array(rows))
    data = ('{"revision":', revisions, ',"sha256":"', fingerprints, f'"{named}}}')
    return events.Series(
        noun="record",
        kinds=pc.binary_join_element_wise("record.", pa.array([given.outcomes[row] for row in rows]), ""),
        subjects=pa.array([given.ids[row] for row in rows], pa.string()),
        data=pc.binary_join_element_wise(*data, ""),
        at=columns.intake.at,
        by=columns.intake.caller,
    )
