"""Parameter sets: the numbers that findings were judged with, each set once, under the sha256 of its canonical form."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

import orjson
from sqlalchemy import insert, select

from matchers.certificates.certificate import parameters_sha256
from matchers.parameters import Parameters
from service.errors import NOT_FOUND, Problem
from service.store.engine import Session, Store
from service.store.tables import ParametersRow

PARAMETER_SETS = ParametersRow.__table__

_kept: WeakKeyDictionary[Store, set[str]] = WeakKeyDictionary()


def keep(store: Store, parameters: Parameters) -> str:
    """Keep a set unless it is kept already, and return its sha256. After the first time nobody asks the database."""
    sha256 = parameters_sha256(parameters)
    known = _kept.setdefault(store, set())
    if sha256 not in known:
        store.write(lambda session: _keep(session, sha256, parameters))
        known.add(sha256)
    return sha256


def get(session: Session, sha256: str) -> Parameters:
    """Return a set as it was kept. Raises `Problem` (not found)."""
    body = session.execute(select(PARAMETER_SETS.c.body).where(PARAMETER_SETS.c.sha256 == sha256)).scalar_one_or_none()
    if body is None:
        detail = f"There is no parameter set {sha256}."
        raise Problem(NOT_FOUND, detail)
    return Parameters.from_json(orjson.dumps(body).decode())


def _keep(session: Session, sha256: str, parameters: Parameters) -> None:
    if session.execute(select(PARAMETER_SETS.c.sha256).where(PARAMETER_SETS.c.sha256 == sha256)).first() is None:
        row = {"sha256": sha256, "version": parameters.version, "body": asdict(parameters)}
        session.execute(insert(PARAMETER_SETS), [row | {"created_at": datetime.now(UTC)}])
