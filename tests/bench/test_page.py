"""Figures stand in the documentation as they were measured last."""

from __future__ import annotations

from pathlib import Path

from bench.page import PAGE, fill
from bench.table import Table

TABLE = Table("accuracy", "Accuracy", ("set", "precision"), (("one", "0.9"),))


def test_a_table_is_put_between_its_comments_and_replaced_the_next_time(tmp_path: Path) -> None:
    """What stood there goes, what stands around stays, and a second run changes nothing."""
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- accuracy -->\nold\n<!-- /accuracy -->\nafter\n<!-- other -->\n<!-- /other -->\n")
    fill(TABLE, page)
    once = page.read_text()
    fill(TABLE, page)
    assert page.read_text() == once
    assert "old" not in once
    assert once.startswith("before\n<!-- accuracy -->\n\n| set | precision |\n| --- | --- |\n| one | 0.9 |\n")
    assert once.endswith("<!-- /accuracy -->\nafter\n<!-- other -->\n<!-- /other -->\n")


def test_the_page_has_room_for_what_is_measured() -> None:
    """Each table of error that is measured is shown."""
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"<!-- {name} -->" in text for name in ("accuracy", "holdout", "holdout-whole", "holdout-harsh"))
