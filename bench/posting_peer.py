"""The ordinary way to write this service, to hold ours against: a plain `def` endpoint and a SQLModel session each.

It stores the same record in the same tables, with the same flush, and verifies it with the same matcher against the
same list, one by one. It does less: no idempotency, no screening, no company of records, no memory of decisions. The
framework runs its endpoint in its own pool of threads, each request waits for its own commit. Run by `bench.posting` as
`python -m bench.posting_peer`, with the port; the installation is named by the environment, as for the service.
"""

from __future__ import annotations

import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from sqlmodel import Session, col, select

from matchers.base import Comparison
from matchers.certificates.certificate import parameters_sha256
from matchers.compare import compare
from matchers.parameters import DEFAULTS
from service.accounts.account import Account, as_places
from service.api.submission import RecordGiven
from service.configuration.settings import Settings
from service.context import Context, close, open_context
from service.official.longlists import pieces
from service.store import parameter_sets
from service.store.neighbours import cell_of, name_key, search_names
from service.store.tables import CommunityRow, EventRow, FindingRow, FlagRow, KeyRow, RecordRow, RevisionRow
from service.verifying.flagging import RAISING, account_hash


class FindingOut(BaseModel):
    """What one list says about a record."""

    source: str
    snapshot: str
    verdict: str
    probability: float | None
    official_id: str | None
    official_name: str | None
    reason: str
    attributes: list[str]
    causes: list[str]
    candidates: list[dict[str, Any]]


class RecordOut(BaseModel):
    """A record as it is answered."""

    id: str
    revision: int
    state: str
    name: str
    country: str
    verdict: str | None
    probability: float | None
    flag_id: str | None
    created_at: datetime
    findings: list[FindingOut]


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the installation, with its lists loaded."""
    context = app.state.context = open_context(Settings())
    context.lists.current()
    parameter_sets.keep(context.store, DEFAULTS)
    yield
    close(context)


app = FastAPI(lifespan=lifespan)
Bearer = Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]


def open_session(request: Request) -> Iterator[Session]:
    """Give each request a session of its own, which on SQLite takes the write lock when it begins."""
    engine = request.app.state.context.store.engine.execution_options(writes=True)
    with Session(engine, expire_on_commit=False) as session:
        yield session


Opened = Annotated[Session, Depends(open_session)]


def caller(session: Opened, bearer: Bearer) -> KeyRow:
    """Return the key that was sent."""
    digest = sha256(bearer.credentials.encode()).hexdigest()
    key = session.exec(select(KeyRow).where(KeyRow.hash == digest, col(KeyRow.revoked_at).is_(None))).first()
    if key is None:
        raise HTTPException(401)
    return key


@app.get("/readyz")
def is_ready() -> dict[str, str]:
    """Answer once the lists are loaded."""
    return {"status": "ready"}


@app.post("/v1/records", status_code=201)
def submit_record(
    request: Request, given: RecordGiven, session: Opened, key: Annotated[KeyRow, Depends(caller)]
) -> RecordOut:
    """Keep a record, compare it with the lists, keep what was found."""
    context: Context = request.app.state.context
    account, now = given.account(), datetime.now(UTC)
    community = CommunityRow(id=uuid.uuid4().hex, merged_into=None, created_at=now)
    record = _record(account, key, community.id, now)
    session.add(community)
    session.flush()
    session.add(record)
    session.flush()
    session.add(_revision(record, account, key))
    session.add(_event("record.created", record.id, key, {"revision": 1}))
    session.commit()
    found = _compared(context, record.id, account)
    flag = _settled(session, record, account, found)
    session.commit()
    return RecordOut(
        **record.model_dump(include={"id", "revision", "state", "country", "verdict", "created_at"}),
        name=account.names[0].text,
        probability=record.p_absent,
        flag_id=flag.id if flag else None,
        findings=[FindingOut(**one.model_dump(), probability=one.p_absent) for one in found],
    )


def _compared(context: Context, record_id: str, account: Account) -> list[FindingRow]:
    today = datetime.now(UTC).date()
    near = [one for official in context.lists.held() for one, _ in pieces(official, [account])]
    return [
        _finding(place, compare(as_places([record_id], [account]), one, today=today, certify=True))
        for place, one in enumerate(near)
    ]


def _settled(session: Session, record: RecordRow, account: Account, found: list[FindingRow]) -> FlagRow | None:
    """Let the record say what was found, and raise a flag where that is a gap."""
    if not found:
        return None
    session.add_all(found)
    record.state, record.verdict, record.p_absent = "verified", found[0].verdict, found[0].p_absent
    record.updated_at = datetime.now(UTC)
    session.add(_event("record.verified", record.id, None, {"revision": 1, "verdict": record.verdict}))
    if found[0].verdict not in RAISING:
        return None
    flag = _flag(record, account, found[0])
    session.add(flag)
    session.add(_event("flag.raised", flag.id, None, {"verdict": record.verdict}))
    return flag


def _record(account: Account, key: KeyRow, community_id: str, now: datetime) -> RecordRow:
    lat, lon = account.point() or (None, None)
    return RecordRow(
        id=uuid.uuid4().hex,
        organisation=key.organisation,
        own_id=account.own_id,
        revision=1,
        fingerprint=account.fingerprint(),
        state="pending",
        country=account.country,
        lat=lat,
        lon=lon,
        cell=cell_of(account.point()),
        spot=f"{lat:.5f},{lon:.5f}",
        search="\n".join(search_names(account)),
        name_key=name_key(account),
        admin="".join(f"\n{level}={value}" for level, value in account.admin) + "\n",
        collection=account.collection,
        tags="",
        tagged_by="",
        verdict=None,
        p_absent=None,
        community_id=community_id,
        quarantine=None,
        released_at=None,
        created_at=now,
        updated_at=now,
    )


def _revision(record: RecordRow, account: Account, key: KeyRow) -> RevisionRow:
    return RevisionRow(
        record_id=record.id,
        number=1,
        fingerprint=record.fingerprint,
        body=account,  # the engine writes it as JSON
        key_id=key.id,
        created_at=record.created_at,
    )


def _finding(place: int, comparison: Comparison) -> FindingRow:
    (row,) = comparison.findings.to_pylist()
    return FindingRow(
        **{name: value for name, value in row.items() if name in FindingRow.model_fields},
        id=uuid.uuid4().hex,
        revision=1,
        place=place,
        source=comparison.source,
        snapshot=comparison.snapshot,
        model=comparison.model,
        candidates=comparison.candidates.to_pylist(),
        created_at=datetime.now(UTC),
        parameters=parameters_sha256(DEFAULTS),
        certificate={"search": comparison.searches[0]},
        holds_at=None,
    )


def _flag(record: RecordRow, account: Account, finding: FindingRow) -> FlagRow:
    return FlagRow(
        id=uuid.uuid4().hex,
        community_id=record.community_id,
        record_id=record.id,
        status="open",
        decided=False,
        version=1,
        verdict=finding.verdict,
        subtype=finding.subtype,
        p_absent=finding.p_absent,
        source=finding.source,
        snapshot=finding.snapshot,
        official_name=finding.official_name,
        account_hash=account_hash(account),
        combined=None,
        resolved_by=None,
        withdrawn_from=None,
        created_at=record.updated_at,
        updated_at=record.updated_at,
    )


def _event(kind: str, subject: str, by: KeyRow | None, data: dict[str, Any]) -> EventRow:
    return EventRow(
        kind=kind,
        noun=kind.partition(".")[0],
        noun_id=subject,
        organisation=by.organisation if by else None,
        key_id=by.id if by else None,
        data=data,
        created_at=datetime.now(UTC),
    )


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False)
