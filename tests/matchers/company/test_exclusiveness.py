"""An entry of a list is one community."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchers.company.exclusiveness import Claims, share_out

ODDS = st.sampled_from([0.01, 0.3, 2.0, 40.0, 900.0])
TABLES = st.lists(st.lists(ODDS, min_size=3, max_size=3), min_size=2, max_size=4)


def claims_of(odds, *, rest=0.0, community=None, within=None) -> Claims:
    """Return the claims of a matrix of odds, records by entries; zeros are no claims."""
    table = np.asarray(odds, dtype=float)
    record, row = np.nonzero(table)
    return Claims(
        record=record,
        row=row,
        entry_order=row,
        odds=table[record, row],
        within=np.zeros(len(record), bool) if within is None else np.asarray(within)[record, row],
        rest=np.full(len(table), rest),
        community=np.arange(len(table)) if community is None else np.asarray(community),
        order=np.arange(len(table)),
    )


def counted_out(odds) -> tuple[np.ndarray, np.ndarray]:
    """Return the joint posterior by counting every way of giving entries to records."""
    table = np.asarray(odds, dtype=float)
    records, entries = table.shape
    absent, pair, total = np.zeros(records), np.zeros(table.shape), 0.0
    for given_entries in itertools.product(range(-1, entries), repeat=records):
        used = [entry for entry in given_entries if entry >= 0]
        if len(set(used)) < len(used):
            continue
        weight = np.prod([1.0 if entry < 0 else table[i, entry] for i, entry in enumerate(given_entries)])
        total += weight
        for i, entry in enumerate(given_entries):
            if entry < 0:
                absent[i] += weight
            else:
                pair[i, entry] += weight
    return absent / total, pair / total


def test_assignment_of_the_specification_is_found():
    """Vector L4: rows 0 and 1 both fit entry 0 best; row 1 gets it, row 0 the next best, row 2 none."""
    ratio = np.array([[4096, 2048, 1], [8192, 8, 1], [4, 4, 2]])
    claims = claims_of(0.9 / 400 / 0.1 * ratio)
    shares = share_out(claims)
    pair = shares.pair.reshape(3, 3)
    assert pair[0].argmax() == 1
    assert pair[1].argmax() == 0
    assert shares.absent[2] > pair[2].max()
    assert shares.competitor.tolist()[0] == 1


def test_a_row_of_entries_without_cycles_is_shared_exactly():
    """Where rivals form no cycle the posterior is that of counting every way of giving entries to records."""
    odds = [[3.0, 0.0, 0.0], [5.0, 2.0, 0.0], [0.0, 7.0, 0.5]]
    absent, pair = counted_out(odds)
    shares = share_out(claims_of(odds))
    assert shares.absent == pytest.approx(absent, abs=1e-9)
    table = np.asarray(odds)
    assert shares.pair == pytest.approx(pair[np.nonzero(table)], abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(TABLES)
def test_messages_come_close_to_counting_every_way(odds):
    """Where rivals form cycles, as in the smallest and densest tables, what is said with confidence holds exactly."""
    exact, _ = counted_out(odds)
    said = share_out(claims_of(odds)).absent
    assert said == pytest.approx(exact, abs=0.2)
    assert (exact[said > 0.95] > 0.94).all()
    assert (exact[said < 0.083] < 0.09).all()


def test_a_record_without_rivals_keeps_its_own_evidence_to_the_last_digit():
    """Company that claims other entries changes nothing."""
    alone = share_out(claims_of([[3.0, 0.2, 0.0]], rest=0.4))
    together = share_out(claims_of([[3.0, 0.2, 0.0], [0.0, 0.0, 9.0]], rest=0.4))
    assert together.absent[0] == alone.absent[0]
    assert together.pair[:2].tolist() == alone.pair.tolist()
    assert together.competitor.tolist() == [-1, -1]


def test_a_better_fit_takes_the_entry_and_is_named():
    """Of two records that fit one entry the worse one becomes more probably absent; each names the other."""
    shares = share_out(claims_of([[1000.0], [20.0]]))
    assert shares.absent[0] < 0.03
    assert shares.absent[1] > 0.9
    assert shares.competitor.tolist() == [1, 0]


def test_two_records_that_fit_one_entry_alike_are_both_left_in_doubt():
    """No assignment is forced where nothing tells two records apart."""
    absent = share_out(claims_of([[1000.0], [1000.0]])).absent
    assert absent == pytest.approx([0.5, 0.5], abs=0.05)


def test_records_of_one_community_do_not_compete():
    """Two organisations' accounts of one village are both listed under its entry."""
    shares = share_out(claims_of([[1000.0], [500.0]], community=[0, 0]))
    assert shares.absent.max() < 0.01
    assert shares.competitor.tolist() == [-1, -1]


def test_parts_of_a_village_within_its_boundary_do_not_compete():
    """Records that one official boundary holds together leave its entry to one another."""
    inside = [[True], [True]]
    assert share_out(claims_of([[1000.0], [500.0]], within=inside)).absent.max() < 0.01


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(4)))
def test_the_order_of_records_is_irrelevant(order):
    """Records in another order get the same probabilities."""
    odds = np.array([[90.0, 1.0, 0.0], [100.0, 0.0, 5.0], [3.0, 0.0, 60.0], [0.0, 0.4, 0.2]])
    straight = share_out(claims_of(odds)).absent
    assert share_out(claims_of(odds[list(order)])).absent == pytest.approx(straight[list(order)], abs=1e-9)
