"""Searching by spelling finds what comparing with every name would find."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.index.groups import distinct, repeated, runs
from geodata.index.spelling import Spellings
from geodata.texts import Texts

NAMES = st.lists(st.text("abcdeo1", max_size=8), max_size=12, unique=True)


def grams(name):
    """Return the letter pairs and triples of a name with its boundaries."""
    spaced = f" {name} " if name else ""
    return {spaced[i : i + n] for n in (2, 3) for i in range(len(spaced) - n + 1)}


def cosine(one, other, names):
    """Return the likeness of two names where rare letter groups weigh more."""

    def weight(gram):
        return math.log1p(max(len(names), 1) / max(sum(gram in grams(name) for name in names), 1))

    def norm(name):
        return math.sqrt(sum(weight(gram) ** 2 for gram in grams(name)))

    shared = sum(weight(gram) ** 2 for gram in grams(one) & grams(other))
    return shared / (norm(one) * norm(other)) if shared else 0.0


@given(NAMES, st.lists(st.text("abcdeo1", max_size=8), max_size=4))
def test_alike_is_the_cosine_of_letter_groups(names, wanted):
    """Every entry that is alike enough is found with its cosine, the most alike first, and no other."""
    found = Spellings.build(Texts.of(names)).alike(Texts.of(wanted), 0.25, 100)
    assert found.query.tolist() == sorted(found.query.tolist())
    for at, asked in enumerate(wanted):
        mine = found.query == at
        likeness = dict(zip(found.entry[mine].tolist(), found.likeness[mine].tolist(), strict=True))
        expected = {i: cosine(asked, name, names) for i, name in enumerate(names)}
        assert likeness == pytest.approx({i: value for i, value in expected.items() if value >= 0.25})
        assert list(np.round(list(likeness.values()), 9)) == sorted(np.round(list(likeness.values()), 9), reverse=True)


@given(NAMES, st.lists(st.text("abcdeo1", max_size=80), max_size=4), st.integers(0, 9), st.integers(0, 30))
def test_compiled_and_plain_search_find_the_same(names, wanted, limit, budget):
    """Both ways build the same postings, and find the same entries with the same likeness, whatever they may visit."""
    one, other = Spellings.build(Texts.of(names)), Spellings.plain_build(Texts.of(names))
    assert [column.tolist() for column in vars(one).values()] == [column.tolist() for column in vars(other).values()]
    found = one.alike(Texts.of(wanted), 0.25, limit, budget)
    expected = other.plain_alike(Texts.of(wanted), 0.25, limit, budget)
    assert [column.tolist() for column in found] == [column.tolist() for column in expected]


def test_a_long_list_is_searched_as_a_short_one():
    """Entries beyond the first piece of a long list are found, and nothing is left over from one query to the next."""
    random = np.random.default_rng(3)
    names = ["".join(random.choice(list("abcdeikmnrst"), size)) for size in random.integers(2, 9, 70_000)]
    found = Spellings.build(Texts.of(names))
    wanted = Texts.of(["kabera", "", "tim", "kabera", "cab", "sinderan"])
    expected = found.plain_alike(wanted, 0.25, 50, 30_000)
    assert len(expected.query) > 100
    assert [column.tolist() for column in found.alike(wanted, 0.25, 50)] == [column.tolist() for column in expected]


def test_at_most_so_many_are_returned():
    """The limit keeps the most alike, by position among equals."""
    names = Texts.of(["kibera", "kiberi", "kibero", "mombasa"])
    found = Spellings.build(names).alike(Texts.of(["kibera", "", "zzz"]), 0.25, 2)
    assert (found.query.tolist(), found.entry.tolist()) == ([0, 0], [0, 1])


@given(st.lists(st.integers(-5, 20)))
def test_distinct_numbers_ascend(numbers):
    """Each number comes once, in order; no numbers have none."""
    assert distinct(np.array(numbers, np.int64)).tolist() == sorted(set(numbers))


@given(st.lists(st.integers(0, 6)))
def test_runs_and_repeats_undo_one_another(groups):
    """Where groups begin and how long they are gives every position back."""
    begin = runs(np.array(sorted(groups), np.int64), 7)
    which, position = repeated(begin[:-1], np.diff(begin))
    assert (which.tolist(), position.tolist()) == (sorted(groups), list(range(len(groups))))
