"""The flags that reports are timed with are flags as the API declares them."""

from __future__ import annotations

from pydantic import TypeAdapter

from bench.reports import CHUNK, chunks
from service.api.answers_flag import FlagShown


def test_made_up_flags_fit_the_declared_answer():
    """Otherwise the model they are held against would refuse them, and nothing could be compared."""
    (made,) = chunks(3)
    assert len(made) == 3 < CHUNK
    shown = TypeAdapter(list[FlagShown]).validate_python(made)
    assert [one.id for one in shown] == [flag["id"] for flag in made]
