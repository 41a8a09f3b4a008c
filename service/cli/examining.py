"""The command that looks at an installation and says what is wrong with it: doctor."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from service.cli import terminal
from service.configuration.settings import Settings
from service.health.doctor.examining import examine
from service.health.doctor.finding import Finding, State

_MARKS = {
    State.WELL: ("✓", "green"),
    State.MIND: ("!", "yellow"),
    State.WRONG: ("✗", "bold red"),
    State.UNKNOWN: ("?", "yellow"),
}


def doctor(*, as_json: Annotated[bool, typer.Option("--json", help="Print findings as JSON.")] = False) -> None:
    """Look at settings, database, snapshots, indexes, audit chain, disk, clock, keys and permissions; change nothing.

    Works on a broken installation too. Exit code 1 where something is wrong; what is only worth knowing (!) is 0.

    Example: **uncounted doctor --json**
    """
    with terminal.progress("Looking at everything") as step:
        findings = list(examine(Settings(), step))
    wrong = [one for one in findings if one.state is State.WRONG]
    if as_json:
        terminal.out.print(
            json.dumps([asdict(one) for one in findings], indent=2, ensure_ascii=False), soft_wrap=True, markup=False
        )
    else:
        terminal.table("", ("", "what", "seen, and how to mend it"), map(_row, findings))
        terminal.out.print(f"{len(wrong)} of {len(findings)} wrong." if wrong else "Nothing is wrong.")
    if wrong:
        raise typer.Exit(1)


def _row(one: Finding) -> tuple[Text, Text, Text]:
    mark, style = _MARKS[one.state]
    said = one.seen if one.state is State.WELL else f"{one.seen}\n→ {one.mend}"
    return Text(mark, style=style), Text(one.what), Text(said)
