"""The tables that benchmarks wrote, as pages of the site: outside it, pages link to the files themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

RESULTS = Path(__file__).parents[2] / "bench" / "results"

_LINK = re.compile(r"\]\(\.\./bench/results/([\w-]+)\.md\)")


def pages() -> Mapping[str, str]:
    """Return each table by name, such as `figures-load`."""
    return {f"figures-{file.stem}": _page(file) for file in sorted(RESULTS.glob("*.md"))}


def linked(text: str) -> str:
    """Return a page whose links to tables lead to their pages on the site."""
    return _LINK.sub(r"](/reference/figures-\1.md)", text)


def _page(file: Path) -> str:
    """Return a table under a title: the files begin at the second level, for the pages that hold several."""
    return f"# Figures: {file.stem}\n\n{file.read_text(encoding='utf-8')}"
