"""Every command with its options and its own words, read off the command line."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

import typer

from from_code.tables import code, plain, table
from service.cli import app

_ABOUT = """# Commands

What `uncounted COMMAND --help` says, in one place.

"""


def page() -> str:
    """Return the page."""
    return _ABOUT + "\n".join(_section(words, command) for words, command in _commands((), typer.main.get_command(app)))


def _commands(words: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command that does something, with the words that are typed for it."""
    below = getattr(command, "commands", None)
    if below is None or getattr(command, "invoke_without_command", False):
        yield words, command
    for name, one in (below or {}).items():
        if not one.hidden:
            yield from _commands((*words, name), one)


def _section(words: tuple[str, ...], command: Any) -> str:
    parameters = [one for one in command.params if not getattr(one, "hidden", False) and "--help" not in one.opts]
    taken = " ".join(_typed(one) for one in parameters if one.param_type_name == "argument")
    rows = ((code(_typed(one)), plain(getattr(one, "help", None) or "")) for one in parameters)
    said = inspect.cleandoc(command.help or "").replace("\b", "")
    return "\n".join(
        part
        for part in (
            f"## {' '.join(('uncounted', *words))}\n",
            f"`{' '.join(('uncounted', *words, taken)).strip()}`\n",
            f"{said}\n",
            table(("what may follow", "what it is"), rows),
        )
        if part.strip()
    )


def _typed(one: Any) -> str:
    if one.param_type_name == "argument":
        return str(one.metavar or str(one.name).upper())
    return ", ".join((*one.opts, *one.secondary_opts))
