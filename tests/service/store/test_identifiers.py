"""Identifiers are ordered by when they were made, and say nothing else."""

from __future__ import annotations

import time
import uuid

import numpy as np

from service.store.identifiers import new_id, new_ids


def test_identifiers_are_uuids_of_the_moment_in_which_they_were_made():
    """Each is 32 hexadecimal digits that begin with the millisecond, in the layout that databases know."""
    before = time.time_ns() // 1_000_000
    made = [uuid.UUID(hex=one) for one in (*new_ids(100), new_id())]
    after = time.time_ns() // 1_000_000
    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}
    assert {one.int >> 80 for one in made} <= set(range(before, after + 1))
    assert all(one.hex == str(one).replace("-", "") for one in made)


def test_later_ones_come_later():
    """An index on them grows at its end."""
    first = new_id()
    time.sleep(0.002)
    assert first < new_id()


def test_those_of_one_moment_stand_in_no_order_and_differ_everywhere():
    """Every bit that is not the moment, version or variant is left to chance; nobody finds one from another."""
    for made in (new_ids(2_000), [new_id() for _ in range(2_000)]):
        assert len(set(made)) == 2_000
        assert made[:100] != sorted(made[:100])
        bits = np.unpackbits(np.frombuffer(bytes.fromhex("".join(made)), np.uint8).reshape(2_000, 16)[:, 6:], axis=1)
        share = bits.mean(axis=0)
        free = [bit for bit in range(80) if bit not in {0, 1, 2, 3, 16, 17}]
        assert len(free) == 74
        assert (np.abs(share[free] - 0.5) < 0.1).all()


def test_none_are_none():
    """Nothing is made where nothing is wanted."""
    assert new_ids(0) == []
