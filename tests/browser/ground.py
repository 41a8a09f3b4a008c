"""The ground of the browser tests: a service on this machine with findings that are public, and a browser to look."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from service import demo, review, submit, verify
from service.accounts.account import Account, Name
from service.app import create_app
from service.callers.caller import Caller, Role
from service.context import Context
from service.housekeeping import totals
from service.store import flags, keys
from service.store.filters import FlagFilter
from service.store.values import FlagStatus
from service.verify import silent
from tests.crawl import lists

PATIENCE_S = 30
COLLECTION = "villages-2026"
FILE = b"id,name,country,kind,lat,lon\n1,Turbo,KE,village,0.527,35.0\n2,Nowhere,KE,village,95,35\n"

#: Villages some kilometres apart that no list names, whose people agreed to be shown by name and place.
OPEN = tuple(
    (f"Kijiji cha {name}", 0.52 + 0.05 * at, 35.1 + 0.04 * at) for at, name in enumerate(("Maua", "Mto", "Jua"))
)

#: More that nobody has decided about: one stays so, and one each for a reviewer with scripts and one without.
WAITING = ("Kijiji cha Wingu", 0.3, 35.3)
DECIDED = (("Kijiji cha Moto", 0.2, 35.2), ("Kijiji cha Upepo", 0.1, 35.1))


@dataclass(frozen=True, slots=True)
class Site:
    """A service that runs, and what a browser has to know of it."""

    app: FastAPI
    address: str
    secrets: dict[Role, str]
    waiting: str  # a flag nobody decided about
    public: tuple[str, ...]  # flags that are published with their place
    report: str  # a frozen edition that everybody may read
    imported: str  # a file of the demo's desk


def furnish(context: Context) -> tuple[str, tuple[str, ...]]:
    """Keep a list and villages it lacks, publish some; return a flag that waits, and the public ones."""
    lists.publish(context)
    demo.load(context, demo.samples(context)[0], silent)
    secrets = demo.role_keys(context)
    with context.store.read() as session:
        desks = [_known(keys.find(session, secrets[role])) for role in (Role.REVIEWER, Role.ADMIN)]
    submit.accept(context, [_account(*village) for village in (*OPEN, WAITING, *DECIDED)], _sender(context))
    verify.pending(context, silent)
    with context.store.read() as session:
        found = [flag for flag in flags.iterate(session, FlagFilter()) if flag.record.account.consent == "public_exact"]
    named = {flag.record.account.names[0].text: flag.id for flag in found}
    waiting, public = named[WAITING[0]], tuple(named[name] for name, _, _ in OPEN)
    for flag_id in public:
        for desk, status in zip(desks, (FlagStatus.CONFIRMED, FlagStatus.PUBLISHED), strict=True):
            review.decide(context, flag_id, review.Decision(status, "known_truth"), desk)
    totals.settle(context)
    return waiting, public


@contextmanager
def served(context: Context) -> Iterator[Site]:
    """Serve a furnished context on a free port of this machine."""
    waiting, public = furnish(context)
    app = create_app(context)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + PATIENCE_S
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    (socket,) = server.servers[0].sockets
    address = f"http://127.0.0.1:{socket.getsockname()[1]}"
    secrets = demo.role_keys(context)
    yield Site(app, address, secrets, waiting, public, _frozen(address, secrets), _imported(address, secrets))
    server.should_exit = True
    thread.join(PATIENCE_S)


def _frozen(address: str, secrets: dict[Role, str]) -> str:
    """Freeze a report and return it."""
    headers = {"Authorization": f"Bearer {secrets[Role.REVIEWER]}"}
    answer = httpx.post(f"{address}/v1/gap-reports", json={"public": True}, headers=headers, timeout=PATIENCE_S)
    return str(answer.raise_for_status().json()["id"])


def _imported(address: str, secrets: dict[Role, str]) -> str:
    """Send a file with one good row and one bad, and return its import."""
    headers = {"Authorization": f"Bearer {secrets[Role.CONTRIBUTOR]}", "Content-Type": "text/csv"}
    where = f"{address}/v1/collections/{COLLECTION}/imports"
    answer = httpx.post(where, params={"name": "villages.csv"}, content=FILE, headers=headers, timeout=PATIENCE_S)
    return str(answer.raise_for_status().json()["id"])


def _account(name: str, lat: float, lon: float) -> Account:
    told: dict[str, Any] = {"country": "KEN", "kind": "village", "r95_m": 300.0, "consent": "public_exact"}
    return Account(names=(Name(name),), lat=lat, lon=lon, **told)


def _sender(context: Context) -> Caller:
    with context.store.begin() as session:
        secret = keys.create(session, "village-mappers", Role.CONTRIBUTOR, "browser")
    with context.store.read() as session:
        return _known(keys.find(session, secret))


def _known(caller: Caller | None) -> Caller:
    assert caller is not None
    return caller
