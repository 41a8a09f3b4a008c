"""Compiled scores of names are RapidFuzz's, to the last bit, and nothing exceeds its ceiling."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.kernels.alike import alike, plain_alike
from geodata.kernels.jit import COMPILED
from geodata.kernels.letters import Text, mask
from geodata.kernels.likeness import ceiling
from geodata.texts import Texts

needs_kernels = pytest.mark.skipif(not COMPILED, reason="kernels are not compiled: numba is missing, or switched off")

#: Few letters, so that many are shared and swapped; up to three machine words long.
NAMES = st.one_of(
    st.text("abc", max_size=6), st.text("abcdefgh 123", max_size=30), st.text("abcd", min_size=60, max_size=140)
)
COLUMNS = st.lists(NAMES, min_size=1, max_size=6)


def every_pair(one: list[str], other: list[str]) -> tuple[Texts, Texts, np.ndarray, np.ndarray]:
    """Return two columns and the positions of all their pairs."""
    a, b = np.divmod(np.arange(len(one) * len(other)), len(other))
    return Texts.of(one), Texts.of(other), a, b


def letters(text: str) -> np.uint64:
    """Return the mask of a text's letters."""
    return mask(Text(np.frombuffer(text.encode(), np.uint8), 0, len(text)))


@given(COLUMNS, COLUMNS)
@settings(max_examples=300)
def test_compiled_and_plain_scores_are_the_same(one, other):
    """Whatever the lengths and letters, both ways give the same number, not merely a close one."""
    pairs = every_pair(one, other)
    assert alike(*pairs).tolist() == plain_alike(*pairs).tolist()


def test_swapped_and_misspelt_names_are_scored_as_by_rapidfuzz():
    """A hundred thousand pairs of made-up names, most of them a few edits apart, agree bit for bit."""
    random = np.random.default_rng(7)
    names = ["".join(random.choice(list("aeioubdgkmnrst"), size)) for size in random.integers(0, 20, 2_000)]
    edited = [name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :] for at, name in enumerate(names)]
    a, b = random.integers(0, len(names), (2, 100_000))
    near = np.arange(len(names))
    one, other = Texts.of(names), Texts.of(edited)
    assert np.array_equal(alike(one, other, a, b), plain_alike(one, other, a, b))
    assert np.array_equal(alike(one, other, near, near), plain_alike(one, other, near, near))


@needs_kernels
@given(COLUMNS, COLUMNS)
@settings(max_examples=300)
def test_no_pair_exceeds_its_ceiling(one, other):
    """A pair whose ceiling is below a cut needs no score, because the score would be below it as well."""
    pairs = every_pair(one, other)
    masks = [[letters(text) for text in side] for side in (one, other)]
    ceilings = [ceiling(len(one[a]), len(other[b]), masks[0][a], masks[1][b]) for a, b in zip(*pairs[2:], strict=True)]
    assert (alike(*pairs) <= ceilings).all()


@needs_kernels
def test_a_ceiling_tells_strangers_apart_without_comparing_them():
    """Names that share no letter, or differ widely in length, cannot be alike."""
    masks = [letters(text) for text in ("kibera", "sundon", "kiberaofthenorth")]
    assert ceiling(6, 6, masks[0], masks[1]) == 0.0
    assert ceiling(6, 16, masks[0], masks[2]) < 0.9
    assert ceiling(6, 6, masks[0], masks[0]) == pytest.approx(1.0)


def test_threads_may_score_at_the_same_time():
    """Kernels let go of the interpreter's lock, and each call has a table of its own."""
    texts = Texts.of(["silanga", "siranga", "gatwekera", "gatwikira"] * 500)
    a, b = np.random.default_rng(1).integers(0, 2_000, (2, 20_000))
    with ThreadPoolExecutor(4) as threads:
        slices = [
            threads.submit(alike, texts, texts, a[at : at + 5_000], b[at : at + 5_000])
            for at in range(0, 20_000, 5_000)
        ]
        assert np.array_equal(np.concatenate([part.result() for part in slices]), plain_alike(texts, texts, a, b))


def test_memory_mapped_columns_are_read_in_place(tmp_path):
    """A column on disk is scored without being copied."""
    texts = Texts.of(["silanga", "siranga"])
    np.save(tmp_path / "data.npy", texts.data)
    mapped = Texts(texts.offsets, np.load(tmp_path / "data.npy", mmap_mode="r"))
    rows = np.array([0, 1])
    assert alike(mapped, texts, rows, rows[::-1]).tolist() == plain_alike(texts, texts, rows, rows[::-1]).tolist()
