"""A group of commands of which each is loaded when it is asked for: who lists keys does not wait for the matchers."""

from __future__ import annotations

from collections import UserDict
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from service.cli.unloaded import purpose


class Place(NamedTuple):
    """Where a command stands: the panel of the help it is shown in, its module, and what it is called there."""

    panel: str
    module: str
    name: str


class Lazily(TyperGroup):
    """A group whose commands stand at `places`, by the names that are typed: only the one that runs is loaded."""

    places: ClassVar[Mapping[str, Place]] = MappingProxyType({})

    def __init__(self, **told: Any) -> None:
        """Take what Typer tells of the group."""
        super().__init__(**told)
        self.commands = _Loaded(self.places)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as Typer declares it
        """Return the names of all commands, in the order of the help."""
        return list(self.places)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as Typer declares it
        """Return a command as help and completion list it, or None."""
        place = self.places.get(cmd_name)
        return place and TyperCommand(cmd_name, help=purpose(*place[1:]), rich_help_panel=place.panel)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Return the command that is asked for, loaded, with what is left of the arguments."""
        name, listed, rest = super().resolve_command(ctx, args)
        return name, listed and self.commands[str(name)], rest


class _Loaded(UserDict[str, Any]):
    """Commands by name; until one is asked for, its place stands there."""

    def __getitem__(self, name: str) -> Any:
        found = self.data[name]
        if isinstance(found, Place):
            found = self.data[name] = _command(name, found)
        return found


def _command(name: str, place: Place) -> Any:
    """Return a command, or a group of them, as Typer makes it of the function or the group at a place."""
    found = getattr(import_module(place.module), place.name)
    above = typer.Typer(rich_markup_mode="markdown")
    above.callback()(_above)
    if isinstance(found, typer.Typer):
        above.add_typer(found, name=name, rich_help_panel=place.panel)
    else:
        above.command(name=name, rich_help_panel=place.panel)(found)
    made = typer.main.get_command(above)
    assert isinstance(made, TyperGroup)  # noqa: S101 - it has a callback
    return made.commands[name]


def _above() -> None:
    """Make a group of what holds a single command."""
