"""Columns of texts as bytes."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geodata.texts import Texts

TEXTS = st.lists(st.text(max_size=12), max_size=12)


@given(TEXTS)
def test_a_column_returns_the_texts_it_was_made_of(texts: list[str]) -> None:
    """Whatever is written can be read, one by one and as a whole, in any script."""
    column = Texts.of(texts)
    assert column.tolist() == texts == [column[row] for row in range(len(column))]


@given(TEXTS, st.data())
def test_taking_rows_is_taking_from_the_list(texts: list[str], data: st.DataObject) -> None:
    """Rows may be taken in any order and more than once."""
    rows = data.draw(st.lists(st.integers(0, len(texts) - 1), max_size=9)) if texts else []
    assert Texts.of(texts).take(np.array(rows, np.int64)).tolist() == [texts[row] for row in rows]
