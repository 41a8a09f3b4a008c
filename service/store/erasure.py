"""Erasure: of a record that was taken back, everything it said goes; that there was one, and its digests, stay.

What stays is needed: country, collection and its identifier in its organisation's list, so that it is not taken in
again, and the digests of what was said, which prove what people decided about and tell nothing themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, null, select, update

from service.store.appeals import APPEALS
from service.store.engine import Session
from service.store.findings import FINDINGS
from service.store.flags import FLAGS
from service.store.frozen import ITEMS
from service.store.import_problems import PROBLEMS
from service.store.import_tables import ImportRow
from service.store.memory import NAMES
from service.store.opinions import OPINIONS
from service.store.passports import DEFAULT
from service.store.records import RECORDS, REVISIONS
from service.store.reviews import REVIEWS, WORDS

_AT_ONCE = 500  # identifiers in one query
_IMPORTS = ImportRow.__table__


def erase(session: Session, record_ids: Sequence[str], at: datetime) -> None:
    """Erase what records said, what was found about them, and notes and cells of files that may repeat it.

    Notes, what was written to the senders, and what these said in appeals, go of decisions about communities of which
    nobody else speaks. Cells that could not be read go from the error lists of every import into the collections
    concerned, because nobody noted which record they were meant for.
    """
    for start in range(0, len(record_ids), _AT_ONCE):
        _erase(session, list(record_ids[start : start + _AT_ONCE]), at)


def _erase(session: Session, ids: list[str], at: datetime) -> None:
    of = select(RECORDS.c.country, RECORDS.c.organisation, RECORDS.c.collection).where(RECORDS.c.id.in_(ids))
    rows = session.execute(of).all()
    for country in {row.country for row in rows}:
        there = select(RECORDS.c.id).where(RECORDS.c.id.in_(ids), RECORDS.c.country == country)
        nothing = {"names": [], "country": country}
        session.execute(update(REVISIONS).where(REVISIONS.c.record_id.in_(there)).values(body=nothing))
    session.execute(delete(FINDINGS).where(FINDINGS.c.record_id.in_(ids)))
    session.execute(delete(NAMES).where(NAMES.c.record_id.in_(ids)))
    flags = select(FLAGS.c.id).where(FLAGS.c.community_id.in_(_forsaken(ids)))
    for table, texts in ((REVIEWS, WORDS), (OPINIONS, ("note",)), (APPEALS, ("grounds", "evidence"))):
        for name in texts:
            said = table.c.flag_id.in_(flags), table.c[name].is_not(None)
            session.execute(update(table).where(*said).values({name: null()}))
    emptied = {"combined": None, "official_name": None, "subtype": None, "people": None, "urgency": None}
    session.execute(update(FLAGS).where(FLAGS.c.community_id.in_(_forsaken(ids))).values(**emptied))
    spoken = select(FLAGS.c.id).where(
        FLAGS.c.community_id.in_(select(RECORDS.c.community_id).where(RECORDS.c.id.in_(ids)))
    )
    session.execute(update(ITEMS).where(ITEMS.c.flag_id.in_(spoken)).values(combined=None, subtype=None))
    for organisation, collection in {(row.organisation, row.collection or DEFAULT) for row in rows}:
        sent = select(_IMPORTS.c.id).where(_IMPORTS.c.organisation == organisation, _IMPORTS.c.collection == collection)
        session.execute(update(PROBLEMS).where(PROBLEMS.c.import_id.in_(sent)).values(value=None, proposal=None))
    session.execute(update(RECORDS).where(RECORDS.c.id.in_(ids)).values(**_NOTHING, erased_at=at, updated_at=at))


#: What of a record lists and filters found it by.
_NOTHING = {
    "lat": None,
    "lon": None,
    "cell": None,
    "spot": None,
    "search": "",
    "name_key": "",
    "admin": "\n",
    "tags": "",
    "fingerprint": "",
    "quarantine": None,
}


def _forsaken(ids: list[str]) -> Select[Any]:
    """Return the communities of these records that no other record speaks of."""
    own = select(RECORDS.c.community_id).where(RECORDS.c.id.in_(ids), RECORDS.c.community_id.is_not(None))
    others = select(RECORDS.c.community_id).where(
        RECORDS.c.id.not_in(ids), RECORDS.c.erased_at.is_(None), RECORDS.c.community_id.in_(own)
    )
    return own.where(RECORDS.c.community_id.not_in(others)).distinct()
