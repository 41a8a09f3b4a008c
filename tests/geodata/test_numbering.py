"""Numbers of texts, found by hash and told apart by their bytes."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geodata import numbering
from geodata.coded import Coded
from geodata.numbering import Numbering, hashes_of, numbered, order_of
from geodata.texts import Texts

TEXTS = st.lists(st.text(max_size=6), max_size=40)


@given(TEXTS, TEXTS)
def test_texts_are_numbered_in_their_order_and_found_again(known, wanted):
    """Every known text has its place among the sorted ones, every other has none; in columns and one by one."""
    number, code = numbered(Texts.of(known))
    ordered = sorted(set(known))
    assert list(number) == ordered
    assert code.tolist() == [ordered.index(text) for text in known]
    expected = [ordered.index(text) if text in ordered else -1 for text in wanted]
    assert number.numbers(Texts.of(wanted)).tolist() == expected
    assert [number.get(text, -1) for text in wanted] == expected
    assert number.numbers(wanted[:3]).tolist() == expected[:3]


@given(TEXTS)
def test_equal_texts_stay_in_their_order(texts):
    """Sorting is by letters, and stable."""
    assert order_of(Texts.of(texts)).tolist() == sorted(range(len(texts)), key=texts.__getitem__)


@given(TEXTS, TEXTS)
def test_texts_of_one_hash_are_told_apart(known, wanted):
    """Where all hashes are the same, the bytes still decide."""
    ordered = Texts.of(sorted(set(known)))
    alike = Numbering(ordered, np.zeros(len(ordered), np.uint64), np.arange(len(ordered), dtype=np.int32))
    found = {text: at for at, text in enumerate(ordered.tolist())}
    wanted = [*wanted, *known]
    original, numbering.hashes_of = numbering.hashes_of, lambda texts: np.zeros(len(texts), np.uint64)
    try:
        column = alike.numbers(Texts.of([*wanted, *[""] * 9]))[: len(wanted)]
    finally:
        numbering.hashes_of = original
    assert column.tolist() == [found.get(text, -1) for text in wanted]


def test_the_hash_of_a_column_is_that_of_each_text():
    """Long columns are hashed in parts, with the same result."""
    texts = Texts.of([str(at) * (at % 5) for at in range(numbering._AT_ONCE + 7)])
    some = np.array([0, 4, numbering._AT_ONCE - 1, numbering._AT_ONCE, numbering._AT_ONCE + 6])
    assert hashes_of(texts)[some].tolist() == hashes_of(texts.take(some)).tolist()
    assert numbered(texts)[0].numbers([texts[int(at)] for at in some]).min() >= 0


@given(TEXTS, st.data())
def test_pairs_of_coded_texts_are_those_of_the_texts(texts, data):
    """Two columns of recurring texts together have the pairs that stand in their rows, none of either first."""
    others = data.draw(st.lists(st.sampled_from(["", "a", "b"]), min_size=len(texts), max_size=len(texts)))
    one, other, which = Coded.of(texts).paired(Coded.of(others))
    pairs = list(zip(one.tolist(), other.tolist(), strict=True))
    assert pairs[0] == ("", "")
    assert len(set(pairs)) == len(pairs)
    assert [pairs[at] for at in which.tolist()] == list(zip(texts, others, strict=True))
