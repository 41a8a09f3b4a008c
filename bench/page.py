"""Fill the pages that show measured tables with those just measured, between the comments that bear their names."""

from __future__ import annotations

import re
from pathlib import Path

from bench.table import Table

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = DOCS / "measured-error.md"
PAGES = (
    PAGE,
    DOCS / "speed.md",
    DOCS / "profiles.md",
    DOCS / "growing.md",
    DOCS / "alike.md",
    DOCS / "openrefine.md",
    DOCS / "map.md",
)


def fill(table: Table, *pages: Path) -> None:
    """Put a table where a page (`PAGES` unless given) has room for it; one without such room stays as it is."""
    for page in pages or PAGES:
        text = page.read_text(encoding="utf-8")
        place = re.compile(rf"(<!-- {re.escape(table.name)} -->\n).*?(<!-- /{re.escape(table.name)} -->)", re.DOTALL)
        rows = table.markdown().split("\n", 2)[2]  # without its heading
        page.write_text(place.sub(lambda found, rows=rows: f"{found[1]}\n{rows}\n{found[2]}", text), encoding="utf-8")
