"""Commands that run the product: demo, serve, migrate, openapi."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from service import demo as demo_verb
from service import serving
from service.cli import showing, terminal
from service.cli.opening import opened, prepare
from service.configuration.settings import Settings
from service.housekeeping import totals

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.", envvar="PORT", min=1, max=65_535)]


def demo(port: Port = 8000, *, serve: Annotated[bool, typer.Option(help="Serve when loaded.")] = True) -> None:
    """Load the samples, verify them, say what was found, and serve it all on this machine.

    Example: **uncounted demo --port 8080**
    """
    if serve:
        serving.require_free(port)
    settings = Settings(data_dir=Path("var/demo"), cors_origins=("*",))
    with opened(settings) as context:
        for sample in demo_verb.samples(context):
            with terminal.progress(f"Loading and verifying {sample.title}") as step:
                loaded = demo_verb.load(context, sample, step)
            demo_verb.publish_known(context, loaded)
            terminal.out.print()
            showing.sample(loaded)
        totals.settle(context)
        showing.addresses(port, demo_verb.role_keys(context))
        if serve:
            _processes().serve(context, serving.Address(port=port))


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(help="Processes that answer.", min=1)] = 1,
) -> None:
    """Serve the API and the pages.

    Example: **uncounted serve --port 8080 --workers 2**
    """
    address = serving.Address(host, port, workers)
    serving.require_free(port, host)
    terminal.err.print(f"Serving on http://{host}:{port}/ (Ctrl-C stops it).")
    if workers > 1:  # each process opens what it needs by itself; only the database is prepared once
        prepare(Settings())
        _processes().serve_many(address)
    else:
        with opened() as context:
            _processes().serve(context, address)


def _processes() -> ModuleType:
    from service.serving import processes  # noqa: PLC0415 - with the application it takes a second to load

    return processes


def migrate() -> None:
    """Bring the database up to date. Safe to run at every start.

    Example: **UNCOUNTED_DATABASE_URL=postgresql://localhost/uncounted uncounted migrate**
    """
    prepare(Settings())
    terminal.err.print("The database is up to date.")


def openapi(out: Annotated[Path | None, typer.Option("--out", "-o", help="File to write; else print.")] = None) -> None:
    """Print the OpenAPI document, the contract of the API.

    Example: **uncounted openapi -o openapi.json**
    """
    from service.api.openapi import document  # noqa: PLC0415 - loads the whole API, which no other command needs

    text = json.dumps(document(), indent=2, ensure_ascii=False)
    if out is None:
        terminal.out.print(text, soft_wrap=True, markup=False)
    else:
        out.write_text(text + "\n", encoding="utf-8")
