"""The flags that reports are timed with are flags as the API declares them, and each way of writing them is timed."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from bench import reports
from bench.reports import CHUNK, chunks
from service.api.answers_flag import FlagShown
from service.gap_reports.writers import WRITERS


def test_made_up_flags_fit_the_declared_answer():
    """Otherwise the model they are held against would refuse them, and nothing could be compared."""
    (made,) = chunks(3)
    assert len(made) == 3 < CHUNK
    shown = TypeAdapter(list[FlagShown]).validate_python(made)
    assert [one.id for one in shown] == [flag["id"] for flag in made]


def test_every_way_of_writing_flags_is_timed(monkeypatch: pytest.MonkeyPatch):
    """A process each, beside the model."""
    monkeypatch.setenv("FLAGS", "20")
    (table,) = reports.run()
    assert [row[0] for row in table.rows] == ["JSON, through the model", *(form.value for form in WRITERS)]
