"""Commands for emergency holds: hide, list, lift."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from geodata.countries import country_code
from service.cli import terminal
from service.cli.opening import OPERATOR, opened
from service.errors import INVALID, Problem
from service.rights import holding
from service.store import holds
from service.store.filters import Bbox
from service.store.reach import Scope

app = typer.Typer(help="Hide everything of a place or people at once, list what is hidden, lift.", no_args_is_help=True)


@app.command()
def begin(  # noqa: PLR0913 - a hold is said in one line, without reading a manual first
    country: Annotated[str | None, typer.Argument(help="Name or ISO code; leave it out to hold across all.")] = None,
    *,
    reason: Annotated[str, typer.Option(help="Why; told to admins alone.")],
    admin: Annotated[str | None, typer.Option(help="Code or name of a unit, or level=value.")] = None,
    group: Annotated[str | None, typer.Option(help="A group of people, by any of its names.")] = None,
    organisation: Annotated[str | None, typer.Option(help="Whose records.")] = None,
    collection: Annotated[str | None, typer.Option(help="Of which collection.")] = None,
    bbox: Annotated[str | None, typer.Option(help="west,south,east,north in degrees, with a margin.")] = None,
    days: Annotated[int | None, typer.Option(help="End it by itself after so many days.", min=1)] = None,
) -> None:
    """Hide it from everybody but its own organisation and admins, now, in every process.

    Example: **uncounted hold begin KEN --group Nubian --reason "threats after the report"**
    """
    scope = Scope(
        country=country_code(country) if country else None,
        admin=admin,
        people=group,
        organisation=organisation,
        collection=collection,
        bbox=_box(bbox) if bbox else None,
    )
    until = datetime.now(UTC) + timedelta(days=days) if days else None
    with opened() as context:
        made = holding.hold(context, holding.Asked(scope, reason, until), OPERATOR)
        reached = holding.reached(context)
    terminal.out.print(made.id, markup=False)
    terminal.err.print(
        f"Hidden. {terminal.counted(reached, 'record')} held now; lift it with: uncounted hold lift {made.id}"
    )


@app.command(name="list")
def show() -> None:
    """List every hold there ever was, the newest first."""
    with opened() as context, context.store.read() as session:
        found = holds.all(session)
    now = datetime.now(UTC)
    for one in found:
        terminal.pairs(
            one.id,
            {
                "in force": "yes" if one.in_force(now) else "no",
                "begun": terminal.moment(one.created_at),
                "until": terminal.moment(one.until) if one.until else "it is lifted",
                "hides": _what(one.scope),
                "why": one.reason,
            },
        )


@app.command()
def lift(hold_id: Annotated[str, typer.Argument(help="The id that `hold list` shows.")]) -> None:
    """Show again what a hold hid, unless another one hides it.

    Example: **uncounted hold lift 4f6c0d**
    """
    with opened() as context:
        holding.lift(context, hold_id, OPERATOR)
    terminal.err.print("Lifted.")


def _box(text: str) -> Bbox:
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        detail = f"{text!r} is no box. Write west,south,east,north in degrees, such as 36.6,-1.4,37.1,-1.1."
        raise Problem(INVALID, detail) from None
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90 or south > north:  # noqa: PLR2004 - the globe
        detail = f"{text!r} reaches off the globe, or its south lies north of its north."
        raise Problem(INVALID, detail)
    return west, south, east, north


def _what(scope: Scope) -> str:
    said = {name: getattr(scope, name) for name in Scope.__slots__}
    return ", ".join(f"{name} {value}" for name, value in said.items() if value is not None)
