"""The line: what waits is worked on together, in order, and everybody is answered for themselves."""

from __future__ import annotations

import asyncio
import threading

import pytest
import structlog

from service.errors import BUSY, Problem
from service.posting.line import MOST_TOGETHER, Line

SECONDS = 20  # far more than any of this takes; only a failing test waits so long


class Held:
    """Work that doubles numbers, its first batch only when told to go on; it keeps the batches it was given."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.batches = []

    def __call__(self, items):
        """Work on a batch."""
        self.batches.append(list(items))
        self.begun.set()
        assert self.go_on.wait(SECONDS)
        return [ValueError(str(item)) if item < 0 else 2 * item for item in items]

    async def beginning(self):
        """Wait until the first batch is worked on."""
        assert await asyncio.to_thread(self.begun.wait, SECONDS)


def sending(line, items):
    """Return tasks that send items, each in line already."""
    return [asyncio.create_task(line.send(item)) for item in items]


async def gathered(work, items, *, most_waiting=1_000):
    """Send a first item, the others while it is worked on, and return all answers."""
    line = Line(work, most_waiting)
    first = sending(line, items[:1])
    await work.beginning()
    rest = sending(line, items[1:])
    await asyncio.sleep(0)
    work.go_on.set()
    answers = await asyncio.gather(*first, *rest, return_exceptions=True)
    line.stop(SECONDS)
    return answers


def test_what_gathers_while_one_is_worked_on_is_worked_on_together():
    """The first goes alone, all that came meanwhile go in one batch, in the order they came."""
    work = Held()
    assert asyncio.run(gathered(work, range(9))) == [2 * item for item in range(9)]
    assert work.batches == [[0], list(range(1, 9))]


def test_a_batch_has_an_end():
    """However many wait, nobody waits for more than a batch of others."""
    work = Held()
    asyncio.run(gathered(work, range(2 * MOST_TOGETHER + 6)))
    assert [len(batch) for batch in work.batches] == [1, MOST_TOGETHER, MOST_TOGETHER, 5]
    assert [item for batch in work.batches for item in batch] == list(range(2 * MOST_TOGETHER + 6))


def test_an_exception_is_for_the_one_it_concerns():
    """Neighbours of one that fails are answered as if it had not been there."""
    answers = asyncio.run(gathered(Held(), [1, 2, -3, 4]))
    assert [answers[0], answers[1], answers[3]] == [2, 4, 8]
    assert repr(answers[2]) == repr(ValueError("-3"))


def test_who_comes_when_too_many_wait_is_told_to_come_again():
    """The line has an end; whoever is in it is answered all the same."""
    answers = asyncio.run(gathered(Held(), range(6), most_waiting=3))
    assert answers[:4] == [0, 2, 4, 6]
    assert [answer.kind for answer in answers[4:]] == [BUSY, BUSY]


def test_who_no_longer_waits_changes_nothing():
    """A sender that goes away is worked on all the same, and the others are answered."""

    async def scene():
        work = Held()
        line = Line(work)
        first = sending(line, [1])
        await work.beginning()
        gone, staying = sending(line, [2, 3])
        await asyncio.sleep(0)
        gone.cancel()
        work.go_on.set()
        assert await asyncio.gather(*first, staying) == [2, 6]
        assert gone.cancelled()
        line.stop(SECONDS)
        return work.batches

    assert asyncio.run(scene()) == [[1], [2, 3]]


def test_stopping_answers_what_is_in_line_and_takes_nothing_more():
    """What was taken before the end is worked on; what comes after it is refused."""

    async def scene():
        work = Held()
        line = Line(work)
        first = sending(line, [1])
        await work.beginning()
        rest = sending(line, [2, 3])
        await asyncio.sleep(0)
        stopping = asyncio.create_task(asyncio.to_thread(line.stop, SECONDS))
        work.go_on.set()
        await stopping
        assert await asyncio.gather(*first, *rest) == [2, 4, 6]
        with pytest.raises(Problem) as raised:
            await line.send(4)
        return raised.value.kind

    assert asyncio.run(scene()) is BUSY


def test_work_that_breaks_is_told_to_all_of_its_batch_and_the_line_goes_on():
    """An unforeseen failure ends neither the thread nor the answers."""

    def breaking(items):
        if 0 in items:
            raise ZeroDivisionError
        return items

    async def scene():
        line = Line(breaking)
        with pytest.raises(ZeroDivisionError):
            await line.send(0)
        assert await line.send(1) == 1
        line.stop(SECONDS)

    asyncio.run(scene())


def test_what_is_logged_bears_the_ids_of_the_requests():
    """The thread of the line knows which requests it works for."""
    seen = []

    def looking(items):
        seen.append(structlog.contextvars.get_contextvars()["request_id"])
        return items

    async def scene():
        line = Line(looking)
        with structlog.contextvars.bound_contextvars(request_id="the-first"):
            await line.send(1)
        line.stop(SECONDS)

    asyncio.run(scene())
    assert seen == ["the-first"]
