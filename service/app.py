"""The application: composes the routers and what lies around them, and decides nothing."""

from __future__ import annotations

from asyncio import get_running_loop
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from functools import partial
from threading import Thread

import structlog
from anyio import Semaphore, to_thread
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.middleware.gzip import GZipMiddleware

from service import verify, web
from service.api import openapi
from service.configuration.settings import Settings
from service.context import Context, close, open_context
from service.desk.ranking import rank
from service.gap_reports.maker import Maker
from service.health.vitals import Pulse
from service.hooks.sender import Sender
from service.housekeeping.leftovers import Leftovers
from service.housekeeping.retagging import retag
from service.housekeeping.totals import Totalling
from service.http import problems
from service.http.contract import contract_of
from service.http.crowding import Crowding
from service.http.evenly import Evenly
from service.http.gate import Gate
from service.http.origins import Origins
from service.http.pathkeys import KeyInPath
from service.http.patience import Held
from service.http.watch import Watch
from service.importing.importer import Importer
from service.interop.ogc.gaps import GapAreas
from service.layers.keeping import Layers
from service.layers.official import OfficialLayers
from service.login.desk import desk_of
from service.placing import place_waiting
from service.posting import together
from service.posting.line import Line
from service.running import logs, tracing
from service.running.logs import told_safely
from service.running.stopping import Stopping
from service.syncing import kept
from service.syncing.scheduler import Scheduler
from service.syncing.sizes import measure

log = structlog.get_logger()

#: Requests to one address that write, worked on at once in one process; the others wait in order. All wait for one
#: interpreter lock anyway, and on SQLite for one writer: measured there with 16 connections posting records, 1 at once
#: answers a quarter more than 2 (135 to 105 a second), and the slowest of a hundred takes 0.13 s, of 8 at once 0.6 s.
#: Other databases may be far away, so that most of the time is waiting. Each address has turns of its own, so that a
#: long batch does not keep a single record waiting.
WRITERS, WRITERS_ELSEWHERE = 1, 4

#: Requests of any kind in threads at once.
THREADS = 8

#: The framework's own telemetry would carry queries and messages of failures, and with them places and names, to
#: whatever exporter the environment names, past `service.disclosure` and `service.running.logs`.
NOTHING_OUT: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


def create_app(context: Context) -> FastAPI:
    """Return the application over an open context, which it closes when it stops."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        contract_of(app)  # described now, so that nobody's first request waits for it
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        catching_up = Thread(target=_catch_up, args=(context,), name="catch-up", daemon=True)
        catching_up.start()
        jobs = (
            Scheduler(context),
            Importer(context, catching_up),
            Maker(context),
            Leftovers(context),
            Totalling(context),
            Sender(context),
            Pulse(context),
        )
        for job in jobs:
            job.start()
            stopping.tell(job.end)
        stopping.tell(app.state.layers.end)
        with stopping.heard(get_running_loop().call_later):
            yield
            stopping.begin()
            await to_thread.run_sync(_stop, app, (*(job.thread for job in jobs), catching_up))
            await to_thread.run_sync(tracing.stop)
            close(context)

    def _stop(app: FastAPI, threads: Iterable[Thread]) -> None:
        app.state.line.close()
        for thread in (*app.state.line.threads, *app.state.layers.threads, *threads):
            stopping.wait_for(thread)

    stopping = Stopping(context.settings.drain_s, context.settings.grace_s)
    logs.configure(context.settings.log_level)
    if context.settings.telemetry:
        tracing.start()
    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, redirect_slashes=False, telemetry=NOTHING_OUT)
    app.state.context = context
    app.state.stopping = stopping
    writers = WRITERS if context.store.url.get_backend_name() == "sqlite" else WRITERS_ELSEWHERE
    app.state.desk = desk_of(context.settings)
    app.state.uploads = Counter()  # files under way, by key
    app.state.callers = {}  # as `service.http.callers.remembered` saw them
    app.state.held = Held()
    app.state.layers = Layers(context.store)
    app.state.official_layers = OfficialLayers()
    app.state.gap_areas = GapAreas()
    app.state.line = Line(partial(together.keep, context))
    app.state.writing = defaultdict(lambda: Semaphore(writers))  # by the template of the address
    app.router.routes.extend(openapi.routes())
    web.mount(app)
    problems.install(app, web.refused)
    app.openapi = openapi.document  # type: ignore[method-assign]  # the framework's own way to replace it
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5)
    app.add_middleware(Crowding)
    app.add_middleware(Gate, settings=context.settings)
    app.add_middleware(Origins, allowed=context.settings.cors_origins)
    app.add_middleware(Evenly)
    app.add_middleware(KeyInPath)
    app.add_middleware(Watch)
    return app


def _catch_up(context: Context) -> None:
    """Compare what was kept and not yet compared when the service stopped last, and have the official lists ready."""
    try:
        settled = verify.pending(context)
        place_waiting(context, held=True)
        retag(context)  # where rules or groups were changed since, filters find nothing until this is done
        rank(context)  # of flags from before there was a queue, or ranked by another policy
        measure(context)  # snapshots of before sizes were kept
        kept.sweep(context)
        context.lists.current()  # so that the first record does not wait for an index to be built
    except Exception as error:  # noqa: BLE001 - the records go on waiting, and the service goes on serving
        log.warning("catch-up.failed", **told_safely(error))
    else:
        if settled:
            log.info("catch-up.done", records=settled)


def from_environment() -> FastAPI:
    """Return the application over a context opened from the environment; each worker process calls it once."""
    return create_app(open_context(Settings()))
