"""A table through its editions: whoever keeps every edition learns of no few people, by linear programming neither."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from service.disclosure.registry import Block, World, advanced
from service.disclosure.registry.block import ANY, REMEMBERED
from service.disclosure.tables import Dimension

K = 10
TWO = (Dimension(), Dimension())


def by_one(numbers):
    """Return counts that one organisation sent."""
    return {cell: {"civil": number} for cell, number in numbers.items()}


def numbers(block):
    """Return the exact numbers of the cells that are told."""
    return {cell: one.value for cell, one in block.told().items()}


def run(editions, dimensions=TWO, *, afresh=False):
    """Return a block after each of several states of the world."""
    block, found = Block(dimensions), []
    for number, world in enumerate(editions, start=1):
        block = advanced(block, World(by_one(world), afresh=afresh), number)
        found.append(block)
    return found


class Archivist:
    """Somebody who kept every edition and knows which cells are the same in two of them."""

    def __init__(self, blocks):
        """Know every version that was ever told, and every sum that held."""
        self.order = sorted(
            {(cell, one.since) for block in blocks for cell, all_ in block.cells.items() for one in all_}
        )
        self.at = {one: place for place, one in enumerate(self.order)}
        self.truth = np.zeros(len(self.order))
        rows, right, told = [], [], set()
        for block in blocks:
            for cell, versions in block.cells.items():
                for one in versions:
                    self.truth[self.at[cell, one.since]] = one.value
                    if one.told and one is versions[-1] and cell in block.told():
                        told.add((cell, one.since))
                    for parts in one.parts:
                        row = np.zeros(len(self.order))
                        row[[self.at[part] for part in parts]] = 1
                        row[self.at[cell, one.since]] = -1
                        rows.append(row)
                        right.append(0)
        for one in told:
            row = np.zeros(len(self.order))
            row[self.at[one]] = 1
            rows.append(row)
            right.append(self.truth[self.at[one]])
        self.told, self.rows, self.right = told, np.array(rows), right

    def width(self, weights):
        """Return the least and the greatest number that a weighted sum of versions may be."""
        ends = []
        for sign in (1, -1):
            found = linprog(sign * weights, A_eq=self.rows, b_eq=self.right, bounds=(0, None))
            ends.append(sign * found.fun if found.status == 0 else sign * -np.inf)
        return ends

    def one(self, place):
        """Return the weights of one version."""
        found = np.zeros(len(self.order))
        found[place] = 1
        return found


WORLDS = st.lists(
    st.dictionaries(
        st.tuples(st.sampled_from(["KEN", "UGA", "TZA"]), st.sampled_from(["hidden", "undercount"])),
        st.integers(0, 40),
        min_size=1,
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=40, derandomize=True)
@given(WORLDS, st.booleans())
def test_no_small_number_nor_small_change_is_worked_out_of_all_editions(worlds, afresh):
    """Small cells and steps of few people keep K between their bounds, whatever was told before and after."""
    blocks = run(worlds, afresh=afresh)
    archivist = Archivist(blocks)
    for place, (cell, since) in enumerate(archivist.order):
        value = archivist.truth[place]
        if 0 < value < K:
            low, high = archivist.width(archivist.one(place))
            assert (cell, since) not in archivist.told
            assert high - low >= K - 1e-5, (cell, since)
        for other in range(place):
            few = 0 < abs(value - archivist.truth[other]) < K
            if archivist.order[other][0] == cell and few:
                low, high = archivist.width(archivist.one(place) - archivist.one(other))
                assert high - low >= K - 1e-5, (cell, since, archivist.order[other])


def test_one_record_more_changes_nothing_that_is_told():
    """Two editions that lie one community apart are the same edition, wherever that community is."""
    world = {("KEN", "hidden"): 30, ("UGA", "hidden"): 4, ("KEN", "undercount"): 15}
    before = advanced(Block(TWO), World(by_one(world)), 1)
    for cell in [*world, ("TZA", "hidden")]:
        assert advanced(before, World(by_one({**world, cell: world.get(cell, 0) + 1})), 2) is before
        assert advanced(before, World(by_one({**world, cell: max(world.get(cell, 0) - 1, 0)})), 2) is before


def test_the_tenth_of_a_cell_that_nobody_was_told_of_brings_it_out():
    """As long as neither it nor a sum with it was told, a cell is as it is."""
    block = Block(TWO)
    for number in range(1, 11):
        assert not block.told()
        block = advanced(block, World(by_one({("KEN", "hidden"): number})), number)
    assert numbers(block)["KEN", "hidden"] == 10


def test_ten_more_are_told_at_once():
    """A crowd that comes moves its cell and the sums above it."""
    first, second = run([{("KEN", "hidden"): 30}, {("KEN", "hidden"): 40}])
    assert numbers(first) == {("KEN", "hidden"): 30, ("KEN", ""): 30, ("", "hidden"): 30, ("", ""): 30}
    assert set(numbers(second).values()) == {40}


def test_what_once_hid_a_small_cell_stays_hidden_when_that_cell_grows():
    """Beside the table of before, the number that was withheld for its sake would give it away today."""
    one = (Dimension(),)
    first, second = run([{("a",): 4, ("b",): 12, ("c",): 30}, {("a",): 24, ("b",): 12, ("c",): 30}], one)
    assert set(first.told()) == {("",), ("c",)}
    assert ("b",) not in second.told()


def test_after_a_withdrawal_a_number_that_holds_who_left_is_told_no_more():
    """Afresh, a cell of thirty less one is not told, nor a sum that would say so; others are."""
    world = {("KEN", "hidden"): 30, ("UGA", "hidden"): 40, ("UGA", "undercount"): 25}
    before = advanced(Block(TWO), World(by_one(world)), 1)
    after = advanced(before, World(by_one({**world, ("KEN", "hidden"): 29}), afresh=True), 2)
    assert not {("KEN", "hidden"), ("KEN", ""), ("", "hidden"), ("", "")} & set(after.told())
    assert numbers(after)["UGA", "undercount"] == 25
    again = advanced(after, World(by_one({**world, ("KEN", "hidden"): 29})), 3)
    assert numbers(again) == numbers(after)


def test_the_rest_of_a_total_counts_but_is_not_told():
    """Forty of forty-three bear a tag: the three who do not would be known; of ninety they would not."""
    for whole, told in ((43, False), (90, True)):
        dimensions = (Dimension(), Dimension())
        counted = by_one({("KEN", "with"): 40, ("KEN", "without"): whole - 40})
        empty = Block(dimensions, untold=frozenset({"without"}), public=frozenset({(ANY, "")}))
        block = advanced(empty, World(counted), 1)
        assert (("KEN", "with") in block.told()) is told
        assert not any(cell[-1] in {"without", ""} for cell in block.told())


def test_a_threshold_of_fifty_hides_forty_nine():
    """Each table has its own K."""
    for number, told in ((49, False), (50, True)):
        block = advanced(Block((Dimension(),), least=50), World(by_one({("KEN",): number})), 1)
        assert bool(block.told()) is told


def test_the_past_does_not_grow_without_end():
    """Of each cell no more versions are kept than editions are remembered."""
    last = run([{("KEN", "hidden"): 20 * number} for number in range(1, 30)])[-1]
    assert max(len(versions) for versions in last.cells.values()) <= REMEMBERED


@pytest.mark.parametrize("part", ["civil", "civil\nother"])
def test_an_organisation_reads_no_few_others_beside_its_own(part):
    """Of twelve in one cell it has a part in eight: nobody is told of the cell."""
    counted = {("KEN", "hidden"): {part: 8, "third": 4}, ("UGA", "hidden"): {"third": 40}}
    block = advanced(Block(TWO), World(counted), 1)
    assert ("KEN", "hidden") not in block.told()
