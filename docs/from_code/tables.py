"""Tables of Markdown, whose cells may hold anything."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: What Markdown or HTML would take for more than text.
_ACTIVE = re.compile(r"([\\|<>*\[\]{}$])")


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return rows as a table; nothing where there is no row."""
    written = [f"| {' | '.join(row)} |" for row in rows]
    if not written:
        return ""
    return "\n".join([f"| {' | '.join(head)} |", "|" + " --- |" * len(head), *written]) + "\n"


def plain(text: str) -> str:
    """Return text that stands for itself, on one line; what stands between backticks stays as it is."""
    parts = " ".join(text.split()).split("`")
    spared = [
        part.replace("|", "\\|") if number % 2 else _ACTIVE.sub(r"\\\1", part) for number, part in enumerate(parts)
    ]
    return "`".join(spared)


def code(text: str) -> str:
    """Return text as it is typed."""
    return f"`{' '.join(text.split())}`".replace("|", "\\|")
