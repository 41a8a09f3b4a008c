"""Identifiers in addresses."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Path

from service.errors import NOT_FOUND, Problem

_FORM = re.compile(r"[A-Za-z0-9_.-]{1,100}")

Identifier = Annotated[
    str, Path(description="as the service gave it out", examples=["5f2b0c9d8e7a4b6c9d0e1f2a3b4c5d6e"])
]


def known_form(identifier: str, noun: str) -> str:
    """Return an identifier that could be one of ours. Raises `not-found` for any other: it names nothing here."""
    if not _FORM.fullmatch(identifier):
        detail = f"There is no such {noun}."
        raise Problem(NOT_FOUND, detail)
    return identifier
