"""How far long work is, as the terminal shows it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from service.cli import terminal


@pytest.mark.parametrize(
    ("done", "total", "what", "said"),
    [
        (1200, 5570, "rows read", "1,200/5,570 rows read"),
        (1200, None, "rows read", "1,200 rows read"),
        (12_300_000, 1_600_000_000, "bytes fetched", "12.3 MB/1.6 GB fetched"),
        (512, None, "bytes fetched", "512 bytes fetched"),
        (3, 19, "", "3/19"),
    ],
)
def test_an_amount_is_told_in_words(done: int, total: int | None, what: str, said: str) -> None:
    """Bytes come in the unit that suits them, rows with their thousands, and a total only where it is known."""
    assert terminal.amount(done, total, what) == said


@pytest.mark.parametrize(("number", "said"), [(0, "0 flags"), (1, "1 flag"), (1200, "1,200 flags")])
def test_a_number_of_things_is_told_in_words(number: int, said: str) -> None:
    """One thing is one thing."""
    assert terminal.counted(number, "flag") == said


def test_what_is_counted_changes_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fetch goes from bytes to rows to records; the bar starts anew with each."""
    written = io.StringIO()
    monkeypatch.setattr(terminal, "err", Console(file=written, force_terminal=True, width=120, highlight=False))
    with terminal.progress("Bringing gnis up to date") as step:
        step(5_000_000, 10_000_000, "bytes fetched")
        step(40_000, None, "rows read")
        step(7, 12)
    shown = written.getvalue()
    assert "Bringing gnis up to date" in shown
    assert "7/12" in shown
    assert "10.0 MB" not in shown.rpartition("7/12")[2]


def test_a_pipe_gets_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log is not filled with bars."""
    written = io.StringIO()
    monkeypatch.setattr(terminal, "err", Console(file=written, width=120))
    with terminal.progress("Bringing gnis up to date") as step:
        step(40_000, None, "rows read")
    assert written.getvalue() == "Bringing gnis up to date …\n"
