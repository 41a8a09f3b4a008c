"""Candidates of whole columns are those that comparing every record with every name would give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from geodata.distance import chord_of, unit_vectors
from geodata.index.candidates import NamedPoints, Names, Ranking
from geodata.texts import Texts

TEXT = st.one_of(
    st.text("abc", max_size=5), st.text("abcdefg 12", max_size=20), st.text("ab", min_size=60, max_size=90)
)
SPOT = st.tuples(
    st.one_of(st.sampled_from([-90.0, 0.0, 0.01, 89.99, 90.0, np.nan]), st.floats(-0.05, 0.05)),
    st.one_of(st.sampled_from([-180.0, 179.99, 0.0, 90.0]), st.floats(-0.05, 0.05)),
)
PLACE = st.tuples(SPOT, st.lists(TEXT, min_size=1, max_size=3))


def names(places):
    """Return the names of places, each with its place's number and point."""
    flat = [(text, number, *spot) for number, (spot, texts) in enumerate(places) for text in texts]
    texts, place, lat, lon = zip(*flat, strict=True) if flat else ((), (), (), ())
    return Names(Texts.of(texts), np.array(place, np.int64), np.array(lat, float), np.array(lon, float))


def exhaustive(listed, asked, radius_m, ranking):
    """Return (record, row, score) by looking at every pair of names."""
    best = {}
    ours, theirs = (unit_vectors(side.lat, side.lon) for side in (asked, listed))
    ours_texts, their_texts = asked.texts.tolist(), listed.texts.tolist()
    chord = chord_of(radius_m)
    for i, mine in enumerate(ours_texts):
        for j, other in enumerate(their_texts):
            apart = (theirs[j] - ours[i]) ** 2
            square, farthest = apart[0] + apart[1] + apart[2], chord[i] * chord[i]
            likeness = Indel.normalized_similarity(mine, other)
            if mine and other and square <= farthest and likeness >= ranking.least:
                near = 1.0 - square / farthest if farthest else 1.0
                pair = int(asked.place[i]), int(listed.place[j])
                score = ranking.name * likeness + (1.0 - ranking.name) * near
                best[pair] = max(score, best.get(pair, score))
    ordered = sorted((record, -score, row) for (record, row), score in best.items())
    found = [(record, row, -score) for record, score, row in ordered]
    return [one for at, one in enumerate(found) if sum(before[0] == one[0] for before in found[:at]) < ranking.limit]


def rows(found):
    """Return candidates as a list."""
    return list(zip(*(column.tolist() for column in found), strict=True))


@given(
    st.lists(PLACE, max_size=8),
    st.lists(PLACE, max_size=5),
    st.sampled_from([0.0, 1_000.0, 4_000.0, 3e7]),
    st.builds(Ranking, st.sampled_from([0.3, 0.75, 1.0]), st.sampled_from([0.0, 0.5, 0.8]), st.integers(1, 4)),
)
@settings(max_examples=300)
def test_candidates_are_the_best_of_all_pairs(listed, asked, radius, ranking):
    """Aliases, long names, poles and the antimeridian: both ways find what looking at every pair finds, to the bit."""
    index, questions = NamedPoints.build(names(listed)), names(asked)
    radius_m = np.full(len(questions.place), radius)
    expected = exhaustive(index.names, questions, radius_m, ranking)
    assert rows(index.candidates(questions, radius_m, ranking)) == expected
    assert rows(index.plain_candidates(questions, radius_m, ranking)) == expected


@pytest.fixture(scope="module")
def towns():
    """Return twenty thousand made-up names around forty towns, and three thousand records of them with slips."""
    random = np.random.default_rng(23)
    letters = np.array(list("aeioubdgkmnrst"))
    texts = ["".join(random.choice(letters, size)) for size in random.integers(3, 14, 20_000)]
    centre = random.uniform((-4, 34), (4, 41), (40, 2))[random.integers(0, 40, 20_000)]
    lat, lon = (centre + random.normal(0, 0.05, (20_000, 2))).T
    place = np.arange(20_000) // 2
    listed = Names(Texts.of(texts), place, lat[place * 2], lon[place * 2])
    truth = random.integers(0, 20_000, 3_000)
    slips = [texts[i][: i % 3] + "e" + texts[i][i % 3 + 1 :] for i in truth]
    asked = Names(Texts.of(slips), np.arange(3_000), listed.lat[truth] + 0.003, listed.lon[truth] - 0.003)
    return NamedPoints.build(listed), asked, place[truth]


def test_dense_towns_are_searched_alike_by_both_ways(towns):
    """Where every record has dozens of names around it, both ways keep the same five, and the true place among them."""
    index, asked, truth = towns
    radius_m = np.random.default_rng(2).uniform(700, 4_000, len(asked.place))
    found = index.candidates(asked, radius_m, Ranking())
    expected = index.plain_candidates(asked, radius_m, Ranking())
    assert len(found.row) > 4_000
    assert rows(found) == rows(expected)
    assert np.isin(asked.place * 10_000 + truth, found.query * 10_000 + found.row).mean() > 0.95


def test_threads_change_nothing(towns, monkeypatch):
    """Slices worked off at the same time are put together in order."""
    index, asked, _ = towns
    radius_m = np.full(len(asked.place), 2_000.0)
    alone = index.candidates(asked, radius_m, Ranking())
    monkeypatch.setattr("geodata.index.candidates._SLICE", 250)
    assert rows(index.candidates(asked, radius_m, Ranking(), threads=3)) == rows(alone)


def test_many_names_of_a_record_with_different_radii_share_its_five_places(towns):
    """A name that has nobody near hands neither its own nor the last record's candidates to the next record."""
    index, asked, _ = towns
    names_of_two = Names(asked.texts, asked.place // 2, asked.lat, asked.lon)
    radius_m = np.where(np.arange(len(asked.place)) % 2, 0.0, 2_500.0)
    found = index.candidates(names_of_two, radius_m, Ranking())
    assert len(found.row) > 2_000
    assert rows(found) == rows(index.plain_candidates(names_of_two, radius_m, Ranking()))
