"""The command for the queue: what waits for reviewers, the most urgent first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from geodata.countries import country_code
from matchers.base import Verdict
from service.cli import terminal
from service.cli.opening import OPERATOR, opened
from service.desk.queue import Asked, page
from service.desk.ranking import rank
from service.desk.words import distance_words
from service.store.filters import FlagFilter
from service.store.queue import Assigned

_COLUMNS = ("loss", "waiting", "verdict", "p", "people", "community", "nearest entry", "at work on it", "flag")


def queue(  # noqa: PLR0913 - every option of a command is a parameter
    *,
    country: Annotated[str | None, typer.Option(help="Only this country (code or name).")] = None,
    admin: Annotated[str | None, typer.Option(help="Only this unit: a code, a name, or level=value.")] = None,
    verdict: Annotated[Verdict | None, typer.Option(help="Only this verdict.")] = None,
    source: Annotated[str | None, typer.Option(help="Only what was raised against this source.")] = None,
    unclaimed: Annotated[bool, typer.Option("--unclaimed", help="Only what nobody is at work on.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1_000, help="How many.")] = 20,
) -> None:
    """Show what waits for reviewers, the most urgent first.

    Example: **uncounted queue --country KE --unclaimed -n 50**
    """
    wanted = FlagFilter(
        country=country_code(country) if country else None,
        admin=admin,
        verdicts=(verdict.value,) if verdict else (),
        source=source,
    )
    asked = Asked(wanted, Assigned.NOBODY if unclaimed else None, limit=limit)
    with opened() as context:
        rank(context)  # the policy may be another than when the service last ran
        shown = page(context, asked, OPERATOR)
    if not shown.items:
        terminal.err.print("Nothing waits." if wanted == FlagFilter() else "Nothing waits that fits these filters.")
        return
    terminal.table("What waits, the most urgent first", _COLUMNS, map(_row, shown.items))
    if shown.next_cursor is not None:
        terminal.err.print(f"More waits: ask for it with -n {min(10 * limit, 1_000)}, or open /desk in a browser.")


def _row(item: Mapping[str, Any]) -> tuple[Any, ...]:
    people, best, claim = item["people"], item["best_candidate"], item["claim"]
    apart = f", {distance_words(best['distance_m'])}" if best and best["distance_m"] is not None else ""
    return (
        f"{item['expected_loss']:.2f}",
        f"{item['waiting_days']} d",
        terminal.verdict(item["verdict"]),
        terminal.probability(item["probability"]),
        f"{people['estimate']:,}" if people else terminal.NOTHING,
        f"{item['name'] or terminal.NOTHING} ({item['country']})",
        f"{best['official_name']}{apart}" if best else terminal.NOTHING,
        f"{claim['organisation']} until {claim['until']:%H:%M} UTC" if claim else terminal.NOTHING,
        item["flag_id"],
    )
