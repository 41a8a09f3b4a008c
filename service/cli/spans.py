"""Spans of time as people write them: 36h, 90d, 12w."""

from __future__ import annotations

import re
from datetime import timedelta

import typer

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_LONGEST = 10_000  # of each unit


def span(said: str) -> timedelta:
    """Read a span. Raises `typer.BadParameter` for what is none."""
    told = re.fullmatch(r"(\d{1,5})([hdw])", said.strip().casefold())
    if told is None or int(told[1]) > _LONGEST:
        msg = f"{said!r} is no span of time; write hours, days or weeks, such as 36h, 90d or 12w."
        raise typer.BadParameter(msg)
    return int(told[1]) * _UNITS[told[2]]
