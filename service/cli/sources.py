"""Commands that bring official sources: one of them, or all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from connectors.offline.routes import ONLINE, FromFolder, Route, SavedTo
from connectors.patience import tell_retries
from service import sync as sync_verb
from service.cli import all_sources, effects, terminal
from service.cli.opening import opened
from service.errors import INVALID, Problem
from service.sources.fetching import How
from service.sync import Outcome

Source = Annotated[
    str | None, typer.Argument(help="A configured source, a connector's name, or a new name of your own.")
]
Settings = Annotated[list[str] | None, typer.Option("--set", help="Option of the source: path=list.csv. Repeatable.")]
Offline = Annotated[
    Path | None,
    typer.Option(help="Folder of downloaded files to read instead of the network.", exists=True, file_okay=False),
]
Save = Annotated[
    Path | None, typer.Option(help="Folder to keep what sources answer, for a machine offline.", file_okay=False)
]


def sync(  # noqa: PLR0913 - every option of a command is a parameter
    source: Source = None,
    connector: Annotated[str | None, typer.Option(help="Which connector brings it, for a new source.")] = None,
    settings: Settings = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every configured source, one after another.")] = False,
    offline: Offline = None,
    save: Save = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Fetch everything, also what is kept or said to be unchanged.")
    ] = False,
) -> None:
    """Bring one official source up to date, or all; what they touch is verified again.

    Examples: **uncounted sync worldbank**

    **uncounted sync ke-villages --connector register --set path=villages.csv**

    **uncounted sync --all**

    **uncounted sync worldbank --save usb**, and where there is no internet **uncounted sync worldbank --offline usb**
    """
    how = How(route=_route(offline, save), anew=anew)
    tell_retries(terminal.waiting)
    if everything:
        if source or connector or settings:
            detail = (
                "--all brings every configured source as it was configured: leave out source, --connector and --set."
            )
            raise Problem(INVALID, detail)
        all_sources.sync_all(how)
        return
    if source is None:
        detail = "Name the source to bring up to date, or write --all."
        raise Problem(INVALID, detail)
    with opened() as context:
        sync_verb.configure(context, source, connector, options(settings or []))
        with terminal.progress(f"Bringing {source} up to date") as step:
            result = sync_verb.sync(context, source, step, replace(how, heard=step))
    terminal.pairs(
        f"{source}: {result.outcome}",
        {
            "snapshot": result.snapshot,
            "places": f"{result.places:,}",
            "observations": f"{result.observations:,}",
            "rows set aside": f"{result.problems:,}",
            **({"not fetched": all_sources.why_not_fetched(result.state)} if result.state else {}),
        },
    )
    if result.outcome is Outcome.UPDATED:
        terminal.out.print(effects.told(result.effect))
    all_sources.tell_broken_off(result)


def _route(offline: Path | None, save: Path | None) -> Route:
    if offline and save:
        detail = "--offline reads a folder and --save fills one: choose one of them."
        raise Problem(INVALID, detail)
    return FromFolder(offline) if offline else SavedTo(save) if save else ONLINE


def options(settings: list[str]) -> dict[str, str]:
    """Return what "name=value" texts say. Raises `Problem` (invalid) where one cannot be read."""
    pairs = [text.partition("=") for text in settings]
    for name, equals, _ in pairs:
        if not name or not equals:
            detail = f"--set {name} cannot be read. Write it as name=value."
            raise Problem(INVALID, detail)
    return {name: value for name, _, value in pairs}
