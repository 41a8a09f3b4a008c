"""Checking: hold the ledger of the senders against the database, when all is quiet again."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import text

from bench.faults.installation import ROOT, Installation
from bench.faults.ledger import Fate, Ledger
from service.context import Context, close
from service.store import records
from service.store.engine import Session
from service.store.filters import RecordFilter
from service.store.values import RecordState

SETTLED_S = 600.0  # a machine that does other work needs minutes for the files of a hundred kills
_UNFINISHED = "SELECT count(*) FROM imports WHERE state IN ('waiting', 'running')"


@dataclass(frozen=True)
class Checked:
    """What was found; nothing is wrong where `wrong` is empty."""

    acknowledged: int
    settled_s: float
    lost: int
    doubled: int
    wrong: tuple[str, ...]
    chain: str


def settled(installation: Installation) -> float:
    """Wait until nothing is pending and no import is open, and return the seconds. Raises `TimeoutError`."""
    began = time.monotonic()
    context = installation.open()
    try:
        while time.monotonic() - began < SETTLED_S:
            with context.store.read() as session:
                waiting = records.count(session, RecordFilter(state=RecordState.PENDING))
                waiting += session.execute(text(_UNFINISHED)).scalar_one()
            if not waiting:
                return time.monotonic() - began
            time.sleep(0.25)
    finally:
        close(context)
    message = f"{waiting} records or imports were not finished within {SETTLED_S:.0f} s"
    raise TimeoutError(message)


def check(installation: Installation, ledger: Ledger, settled_s: float) -> Checked:
    """Return whether everything acknowledged is there exactly once, and everything hangs together."""
    context = installation.open()
    try:
        with context.store.read() as session:
            return _checked(context, session, ledger, (settled_s, chain(installation)))
    finally:
        close(context)


def chain(installation: Installation) -> str:
    """Return whether the chain of events verifies, by the service's own command; where there is none, that."""
    known = _run(installation, "--help")
    if " audit " not in known.stdout:
        return "no chain"
    return "verifies" if _run(installation, "audit", "verify").returncode == 0 else "BROKEN"


def _run(installation: Installation, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "service", *words]
    environment = installation.environment | {"COLUMNS": "120"}
    return subprocess.run(  # noqa: S603 - our own
        command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT, timeout=600
    )


def _checked(context: Context, session: Session, ledger: Ledger, told: tuple[float, str]) -> Checked:
    kept = list(_everything(session))
    own = Counter((record.organisation, record.account.own_id) for record in kept if record.account.own_id)
    by_own = Counter(own_id for _, own_id in own.elements())
    named = Counter(record.account.names[0].text for record in kept)
    noted = Counter(session.execute(text("SELECT note FROM reviews WHERE note IS NOT NULL")).scalars())
    wanted = dict(ledger.owned)
    for rows in ledger.imports.values():
        wanted |= dict.fromkeys(rows, Fate.ACKNOWLEDGED)
    pages = ((wanted, by_own), (ledger.nameless, named), (ledger.reviews, noted))
    lost = [
        what for page, there in pages for what, fate in page.items() if fate is Fate.ACKNOWLEDGED and not there[what]
    ]
    doubled = [what for page, there in pages for what in page if there[what] > 1]
    strangers = [own_id for own_id in by_own if own_id not in wanted]
    wrong = [f"lost: {one}" for one in lost] + [f"doubled: {one}" for one in doubled]
    wrong += [f"never sent: {one}" for one in strangers] + [f"answered: {one}" for one in ledger.strange]
    wrong += _events(session) + _whole(context, session)
    settled_s, said = told
    wrong += ["the audit chain is broken"] if said == "BROKEN" else []
    return Checked(ledger.acknowledged, settled_s, len(lost), len(doubled), tuple(wrong), said)


def _everything(session: Session) -> list[records.Record]:
    found: list[records.Record] = []
    cursor = None
    while True:
        page = records.page(session, RecordFilter(), cursor, 1_000)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


def _events(session: Session) -> list[str]:
    """Return where events do not tell what is there: one creation for each record, one end for each import."""
    ask = {
        "records without exactly one event of their creation": """
            SELECT count(*) FROM records r WHERE 1 <> (SELECT count(*) FROM events e
            WHERE e.noun = 'record' AND e.noun_id = r.id AND e.kind = 'record.created')""",
        "records whose events do not lead to their revision": """
            SELECT count(*) FROM records r WHERE r.revision <> (SELECT count(*) FROM events e
            WHERE e.noun = 'record' AND e.noun_id = r.id AND e.kind IN ('record.created', 'record.revised'))""",
        "records without all their revisions": """
            SELECT count(*) FROM records r WHERE r.revision <> (SELECT count(*) FROM revisions v
            WHERE v.record_id = r.id)""",
        "creations of records that are not there": """
            SELECT count(*) FROM events e WHERE e.kind = 'record.created'
            AND NOT EXISTS (SELECT 1 FROM records r WHERE r.id = e.noun_id)""",
        "imports that ended without exactly one event of it": """
            SELECT count(*) FROM imports i WHERE 1 <> (SELECT count(*) FROM events e
            WHERE e.noun = 'import' AND e.noun_id = i.id AND e.kind = 'import.ended')""",
        "imports that failed": "SELECT count(*) FROM imports WHERE state = 'failed'",
        "verified records without a finding": """
            SELECT count(*) FROM records r WHERE r.state = 'verified'
            AND NOT EXISTS (SELECT 1 FROM findings f WHERE f.record_id = r.id)""",
        "flags that are open twice about one community": """
            SELECT count(*) FROM (SELECT community_id FROM flags GROUP BY community_id HAVING count(*) > 1) AS twice""",
        "present snapshots beyond one of a source": """
            SELECT count(*) FROM (SELECT source FROM snapshots WHERE "current" GROUP BY source
            HAVING count(*) > 1) AS twice""",
    }
    counted = {what: session.execute(text(query)).scalar_one() for what, query in ask.items()}
    return [f"{number} {what}" for what, number in counted.items() if number]


def _whole(context: Context, session: Session) -> list[str]:
    """Return what the database and the archive find wrong with themselves."""
    wrong = []
    if context.store.embedded:
        said = session.execute(text("PRAGMA integrity_check")).scalar_one()
        wrong += [] if said == "ok" else [f"integrity: {said}"]
        wrong += [f"foreign key: {row}" for row in session.execute(text("PRAGMA foreign_key_check"))]
    for sha256 in session.execute(text('SELECT sha256 FROM snapshots WHERE "current"')).scalars():
        context.archive.get(sha256)  # raises where it is damaged
    return wrong
