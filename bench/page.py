"""Fill docs/measured-error.md with the tables just measured, between the comments that bear their names."""

from __future__ import annotations

import re
from pathlib import Path

from bench.table import Table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "measured-error.md"


def fill(table: Table, page: Path = PAGE) -> None:
    """Put a table where the page has room for it; a page without such room stays as it is."""
    text = page.read_text(encoding="utf-8")
    place = re.compile(rf"(<!-- {re.escape(table.name)} -->\n).*?(<!-- /{re.escape(table.name)} -->)", re.DOTALL)
    rows = table.markdown().split("\n", 2)[2]  # without its heading
    page.write_text(place.sub(lambda found: f"{found[1]}\n{rows}\n{found[2]}", text), encoding="utf-8")
