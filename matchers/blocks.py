"""A table weighed block by block, on as many threads as are given; of every block only the pairs that may matter stay.

Most of the work happens in compiled code, which lets other threads run. What comes out never depends on their number.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from geodata.kernels.jit import COMPILED
from geodata.places import Places
from matchers.company.joint import hopeful
from matchers.model import Task, Weighed, weigh_unread

BLOCK = 1_000  # records weighed at once, which bounds memory


def weigh_blocks(
    table: Places, task_of: Callable[[Places], Task], threads: int = 1, block: int = BLOCK
) -> Iterator[tuple[Task, Weighed]]:
    """Return each block of a table with its hopeful pairs (`matchers.company.joint.hopeful`), in order.

    `task_of` makes a task of some records. No more blocks are under way, or wait to be asked for, than twice the
    threads.
    """
    parts = (Places(table.table.slice(start, block)) for start in range(0, len(table), block))

    def weighed(places: Places) -> tuple[Task, Weighed]:
        task = task_of(places)
        return task, weigh_for_judging(task).read()

    if threads <= 1 or len(table) <= block:
        yield from map(weighed, parts)
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="weigh") as pool:
        ahead: deque[Future[tuple[Task, Weighed]]] = deque()
        for part in parts:
            ahead.append(pool.submit(weighed, part))
            if len(ahead) >= 2 * threads:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def weigh_for_judging(task: Task) -> Weighed:
    """Return the hopeful pairs of the records of a task; names as yet unread.

    Compiled code does so in one pass, unless people decided something about these records before.
    """
    if not COMPILED or task.recall.applied or task.recall.aliases:
        return hopeful(weigh_unread(task))
    from matchers.weighing.fused import weigh_hopeful  # noqa: PLC0415 - loads numba, which takes half a second

    return weigh_hopeful(task)
