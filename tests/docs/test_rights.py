"""The page on rights is true: its commands do what it says, and its addresses and numbers are those of the service."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from geodata.sensitivity import shipped
from service.api.openapi import document
from service.cli import holding

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rights.md").read_text(encoding="utf-8")


def test_every_address_it_names_is_one_of_the_service() -> None:
    """What a coordinator copies from the page is answered."""
    told = {
        address.rstrip("'?").replace("FLAG", "{}").replace("RECORD", "{}")
        for address in re.findall(r"/v1/[\w/]+", PAGE)
    }
    known = {re.sub(r"\{\w+\}", "{}", path) for path in document()["paths"]}
    assert told
    assert told <= known


def test_the_days_it_names_are_those_in_force() -> None:
    """Thirty days, ninety where the class is restricted, by the shipped policy."""
    days = {one.value: how.embargo_days for one, how in shipped().handlings.items()}
    assert (days["S0"], days["S2"]) == (30, 90)
    assert "**30 days**" in PAGE
    assert "**90 days**" in PAGE


def test_it_names_every_way_to_narrow_a_hold() -> None:
    """Nobody has to guess in an emergency."""
    begin = typer.main.get_command(holding.app).commands["begin"]
    assert [option for parameter in begin.params for option in parameter.opts if option not in PAGE] == []
