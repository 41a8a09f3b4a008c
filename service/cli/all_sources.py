"""How `uncounted sync --all` goes: every source in turn, what each came to, and one table at the end."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from textwrap import shorten

import typer

from connectors.offline.routes import Route
from service.cli import effects, terminal
from service.cli.opening import opened
from service.errors import INVALID, Problem
from service.sources.fetching import How
from service.store import sources
from service.sync import Outcome, SyncResult
from service.syncing.every import Attempt, every

_SHOWN = 100  # letters of a state
_NOTHING = (terminal.NOTHING, terminal.NOTHING, terminal.NOTHING)


def sync_all(how: How) -> None:
    """Bring every configured source up to date; exit with 1 when any could not be."""
    with opened() as context:
        with context.store.read() as session:
            chosen, left_out = _chosen([one.id for one in sources.all(session)], how.route)
        attempts = []
        for attempt in every(context, chosen, _showing, how):
            attempts.append(attempt)
            _tell(attempt)
    terminal.table(
        "Sources brought up to date",
        ("source", "outcome", "places", "observations", "set aside", "what came of it"),
        [*map(_outcome, attempts), *((one, "left out", *_NOTHING, "no folder of its name") for one in left_out)],
    )
    failed = sum(attempt.result is None for attempt in attempts)
    if failed:
        terminal.err.print(f"{failed} of {len(attempts)} could not be brought up to date; the others were.")
        raise typer.Exit(code=1)


def _chosen(configured: list[str], route: Route) -> tuple[list[str], list[str]]:
    """Part the sources into those to bring and those for which a folder offline holds nothing."""
    chosen = [one for one in configured if route.holds(one)]
    if not chosen:
        named = ", ".join(configured)
        detail = (
            f"The folder holds none of the name of a configured source ({named})."
            if configured
            else "No source is configured yet: bring a first one by its name, e.g. uncounted sync worldbank."
        )
        raise Problem(INVALID, detail)
    return chosen, [one for one in configured if one not in chosen]


def _showing(source: str) -> AbstractContextManager[terminal.Step]:
    return terminal.progress(f"Bringing {source} up to date")


def _outcome(attempt: Attempt) -> Sequence[str]:
    if attempt.result is None:
        return (attempt.source, "failed", *_NOTHING, f"{attempt.stopped}; {attempt.hint}")
    result = attempt.result
    sizes = (f"{result.places:,}", f"{result.observations:,}", f"{result.problems:,}")
    came = ""
    if result.outcome is Outcome.UPDATED:
        came = effects.told(result.effect)
    elif result.state:
        came = why_not_fetched(result.state)
    return (attempt.source, result.outcome.value, *sizes, came)


def why_not_fetched(state: str) -> str:
    """Return in words that a source was not fetched, because it said that it is in the state it was in."""
    return f"the source says it is as it was: {shorten(state, _SHOWN, placeholder=' …')}"


def _tell(attempt: Attempt) -> None:
    if attempt.result is None:
        terminal.problem(f"{attempt.source}: {attempt.stopped}", attempt.hint)
    else:
        terminal.err.print(f"{attempt.source}: {attempt.result.outcome.value}.")
        tell_broken_off(attempt.result)


def tell_broken_off(result: SyncResult) -> None:
    """Say that a sync before had died, if one had."""
    if result.broken_off:
        terminal.err.print(
            f"A sync of {result.source} that began {terminal.moment(result.broken_off)} had died; nothing half was "
            "kept of it, and this one began anew."
        )
