"""One part is made ahead of the one that is worked on; order, ends and failures stay where they were."""

from __future__ import annotations

import threading

import pytest

from service.importing.ahead import one_ahead


def test_everything_comes_in_its_order():
    """Nothing is lost, none comes twice, and none at all is no mistake."""
    assert list(one_ahead(iter(range(50)))) == list(range(50))
    assert list(one_ahead(iter([None, 0]))) == [None, 0]
    assert list(one_ahead(iter(()))) == []


def test_the_next_is_made_while_one_is_worked_on():
    """Whoever works on the first waits here for the second, which would never come if it were made afterwards."""
    second_made = threading.Event()

    def parts():
        yield 1
        second_made.set()
        yield 2

    made = one_ahead(parts())
    assert next(made) == 1
    assert second_made.wait(20)
    assert list(made) == [2]


def test_a_failure_comes_after_the_parts_before_it():
    """What was read is kept before the import fails over the rest."""

    def parts():
        yield 1
        msg = "the file ends here"
        raise OSError(msg)

    made = one_ahead(parts())
    assert next(made) == 1
    with pytest.raises(OSError, match="ends here"):
        next(made)


def test_nothing_is_made_after_whoever_wanted_it_stopped():
    """Of parts without end, at most one is made for nothing."""
    number = 0

    def parts():
        nonlocal number
        while True:
            number += 1
            yield number

    made = one_ahead(parts())
    assert next(made) == 1
    made.close()
    assert number <= 2
