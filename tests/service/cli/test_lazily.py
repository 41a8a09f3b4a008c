"""Commands that are loaded when they are asked for: all are there, and none waits for the others."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import typer

from service.cli import Commands, app
from tests.specimens.command import uncounted

ROOT = Path(__file__).parents[3]
#: What takes long to load, and what only some commands need.
_MODULES = {place.module for place in Commands.places.values()}
HEAVY = ("fastapi.applications", "matplotlib", "distributed", "service.app", "service.bulk", "service.demo")


@pytest.mark.parametrize("typed", Commands.places)
def test_every_command_stands_where_the_table_says(typed: str) -> None:
    """By the name that is typed, in its panel, with a sentence about itself."""
    group = typer.main.get_command(app)
    command = group.commands[typed]  # type: ignore[attr-defined]  # of a group
    assert command.name == typed
    assert command.rich_help_panel == Commands.places[typed].panel
    assert command.help


@pytest.mark.parametrize("typed", Commands.places)
def test_every_command_is_listed_as_what_it_says_itself(typed: str) -> None:
    """Though it is not loaded for that."""
    group = typer.main.get_command(app)
    listed, loaded = (find(typed) for find in (lambda one: group.get_command(None, one), group.commands.get))
    assert (listed.name, listed.help, listed.rich_help_panel) == (typed, loaded.help, loaded.rich_help_panel)


@pytest.mark.parametrize("words", [["--help"], ["kesy"]])
def test_a_list_of_commands_loads_none_of_them(words: list[str]) -> None:
    """Not even the database, so that it is there at once."""
    asked = f"import sys; from service.cli import app; app({words!r}, standalone_mode=False)"
    loaded = "import sys, atexit; atexit.register(lambda: print('LOADED', *sys.modules, file=sys.stderr)); "
    done = subprocess.run([sys.executable, "-c", loaded + asked], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603
    modules = done.stderr.rpartition("LOADED")[2].split()
    assert "service.cli.lazily" in modules
    assert not [one for one in modules if one in {"sqlalchemy", "numpy", "service.context"} or one in _MODULES]


def test_nothing_is_loaded_that_the_command_does_not_need() -> None:
    """`uncounted keys` loads neither the API nor the demo nor what works over many files."""
    asked = f"import sys, service.cli.keys; print(*(one for one in {HEAVY!r} if one in sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.split() == []


def test_a_slip_of_the_finger_is_told_what_was_probably_meant(tmp_path: Path) -> None:
    """With the names alone, before any command is loaded."""
    assert "Did you mean 'keys'?" in uncounted(tmp_path, "kesy", "list", expect=2).stderr
