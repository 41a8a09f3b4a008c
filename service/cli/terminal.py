"""How results look in a terminal: tables, progress, and one line for what went wrong."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Protocol

from rich.console import Console
from rich.filesize import decimal
from rich.padding import Padding
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

#: What people read goes to standard output; progress and summaries to standard error, so that pipes stay clean.
out = Console(file=sys.stdout, highlight=False)
err = Console(file=sys.stderr, highlight=False)

#: Stands where there is no value, so that a column never looks forgotten.
NOTHING = "-"

#: Columns that people copy from, or that say nothing once they are broken.
_WHOLE = frozenset({"verdict", "p", "id", "created", "revoked"})

_STYLE = {
    "hidden_place": "bold magenta",
    "hidden_group": "bold magenta",
    "undercount": "bold yellow",
    "needs_review": "cyan",
    "consistent": "green",
    "stale_official": "yellow",
}


class Step(Protocol):
    """What long work calls to say how far it is."""

    def __call__(self, done: int, total: int | None = None, what: str = "") -> None:
        """Report units done, the total once it is known, and what is counted, e.g. "rows read"."""


def verdict(value: str | None) -> Text:
    """Return a verdict as it stands in a table; the word carries the meaning, the colour only helps."""
    return Text(value or "pending", style=_STYLE.get(value or "", "dim"))


def probability(value: float | None) -> str:
    """Return a probability with two decimals, or a dash where there is none."""
    return NOTHING if value is None else f"{value:.2f}"


def counted(number: int, one: str) -> str:
    """Return a number of things in words, e.g. "1 flag" or "1,200 flags"."""
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def weight(size: int) -> str:
    """Return a number of bytes as people read it."""
    return decimal(size)


def moment(at: datetime) -> str:
    """Return a moment to the minute, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str | Text]]) -> None:
    """Print a table; the last column takes the room that is left and wraps."""
    grid = Table(title=title, title_justify="left", title_style="bold", header_style="bold", expand=out.is_terminal)
    for column in columns[:-1]:
        grid.add_column(column, overflow="fold", no_wrap=column in _WHOLE)
    grid.add_column(columns[-1], overflow="fold", ratio=1)
    for row in rows:
        grid.add_row(*row)
    out.print(grid)


def entries(title: str, columns: Sequence[str], rows: Iterable[tuple[Sequence[str | Text], str]]) -> None:
    """Print a table whose rows each carry a sentence or two, which stand under the row in the full width."""
    listed = [([one if isinstance(one, Text) else Text(one) for one in cells], below) for cells, below in rows]
    widths = [max(len(name), *(len(cells[at]) for cells, _ in listed)) for at, name in enumerate(columns)]
    room = out.width - sum(widths[1:-1]) - 2 * (len(widths) - 1)  # for the first and the last column, which give way
    widths[-1] = min(widths[-1], max(room // 2, room - widths[0]))
    widths[0] = min(widths[0], room - widths[-1])
    out.print(Text(title, style="bold"))
    out.print(_line([Text(name, style="dim") for name in columns], widths))
    for cells, below in listed:
        out.print(_line(cells, widths))
        out.print(Padding(Text(below, style="dim" if out.is_terminal else ""), (0, 0, 0, 4)))


def _line(cells: Sequence[Text], widths: Sequence[int]) -> Text:
    padded = [cell.copy() for cell in cells]
    for cell, width in zip(padded, widths, strict=True):
        cell.truncate(width, overflow="ellipsis", pad=True)
    return Text("  ").join(padded)


class _Pace(ProgressColumn):
    """How much is done in a second, once that is known."""

    def render(self, task: Task) -> Text:
        """Return it in the unit that is counted."""
        written = decimal if str(task.fields["unit"]).startswith("bytes") else "{:,}".format
        return Text(f"{written(round(task.speed))}/s" if task.speed else "", style="dim")


@contextmanager
def progress(label: str) -> Iterator[Step]:
    """Show progress on standard error while the block runs; a pipe or a log gets one line instead of a bar."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[amount]}"),
        _Pace(),
        TimeRemainingColumn(),
        console=err,
        disable=not err.is_terminal,
        transient=True,
    )
    if not err.is_terminal:
        err.print(f"{label} …")
    with bar:
        task = bar.add_task(label, total=None, amount="", unit="")
        counted = ""

        def step(done: int, total: int | None = None, what: str = "") -> None:
            nonlocal counted
            if what != counted:  # another thing is counted from here on, at another pace
                counted = what
                bar.reset(task)
            bar.update(task, completed=done, total=total, amount=amount(done, total, what), unit=what)

        yield step


def waiting(said: str, seconds: float) -> None:
    """Say that a source is asked again in a moment, and why."""
    err.print(Text(f"{said}; trying again in {seconds:.0f} s", style="dim"))


def amount(done: int, total: int | None, what: str) -> str:
    """Return how much is done in words, e.g. "1,200/5,570 rows read" or "12.3 MB/1.6 GB fetched"."""
    unit, _, rest = what.partition(" ")
    written, told = (decimal, rest) if unit == "bytes" else ("{:,}".format, what)
    return f"{written(done)}{'' if total is None else f'/{written(total)}'} {told}".rstrip()


def pairs(title: str, values: Mapping[str, str]) -> None:
    """Print names and values, one to a line, unbroken so that they can be copied."""
    _pairs(out, title, values)


def summary(title: str, values: Mapping[str, str]) -> None:
    """Print names and values on standard error, out of the way of what a pipe reads."""
    _pairs(err, title, values)


def problem(message: str, hint: str, mistakes: Iterable[Mapping[str, str]] = ()) -> None:
    """Say on standard error what went wrong, each thing that the message does not say itself, and how to mend it."""
    err.print(Text.assemble(("Stopped: ", "bold red"), message))
    for one in mistakes:
        told = one["message"].rstrip(".")
        if told.casefold() not in message.casefold():
            err.print(Text(f"  {told}. {one['hint']}"))
    err.print(Text(hint, style="dim"))


def _pairs(console: Console, title: str, values: Mapping[str, str]) -> None:
    console.print(Text(title, style="bold"))
    width = max(map(len, values), default=0)
    for name, value in values.items():
        console.print(Text(f"  {name.ljust(width)}  {value}"), soft_wrap=True)
