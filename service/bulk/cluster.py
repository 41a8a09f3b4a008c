"""Parts done by the workers of a Dask cluster that is there already, found by the address of its scheduler."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from service.bulk.outcomes import TRIES, Executor, Failed, Outcome, reason_of
from service.bulk.task import assess_part
from service.errors import INVALID, NOT_READY, Problem
from service.running.release import release

_PATIENCE_S = 10.0  # for the scheduler to answer, and for a worker to be there


def on_cluster(address: str) -> Executor:
    """Return what does parts on the workers of a cluster, e.g. of `tcp://scheduler:8786`.

    Raises `Problem` (invalid) where Dask is not installed.
    """
    try:
        import distributed  # noqa: F401, PLC0415 - an optional extra that takes a second to load
    except ImportError as error:
        detail = "Working on a cluster needs Dask, which is not installed here; install uncounted[cluster]."
        raise Problem(INVALID, detail) from error
    return partial(_done, address=address)


def _done(folder: Path, parts: Sequence[int], address: str) -> Iterator[Outcome]:
    import distributed  # noqa: PLC0415 - as above

    completed: Any = distributed.as_completed  # which says no types
    client = _connected(address)
    try:
        _agree(client, folder)
        run = uuid.uuid4().hex  # results of another run of the same parts are not these
        futures = client.map(
            partial(assess_part, folder.resolve()),
            list(parts),
            key=[f"uncounted-{run}-{part}" for part in parts],
            retries=TRIES - 1,
            pure=False,
        )
        of = {future.key: part for future, part in zip(futures, parts, strict=True)}
        try:
            for future in completed(futures, loop=client.loop):
                error = future.exception() if future.status != "finished" else None
                yield future.result() if error is None else Failed(of[future.key], reason_of(error))
        except GeneratorExit:
            client.cancel(futures, force=True)
            raise
    finally:
        client.close()


def _connected(address: str) -> Any:
    """Return a client of a cluster that has a worker. Raises `Problem` (not ready)."""
    import distributed  # noqa: PLC0415 - as above

    make: Any = distributed.Client  # which says no types
    try:
        client = make(address, timeout=_PATIENCE_S, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        detail = f"No Dask scheduler answers at {address}: {reason_of(error)}. Check that it runs, and the address."
        raise Problem(NOT_READY, detail) from error
    try:
        client.wait_for_workers(1, timeout=_PATIENCE_S)
    except TimeoutError as error:
        client.close()
        detail = f"The scheduler at {address} has no worker; start one with `dask worker {address}`."
        raise Problem(NOT_READY, detail) from error
    return client


def _agree(client: Any, folder: Path) -> None:
    """Make sure that every worker has this software and sees the folder. Raises `Problem` (not ready)."""
    token = folder / f"seen-by-all-{uuid.uuid4().hex}"
    token.touch()
    try:
        answers: dict[str, Any] = client.run(_seen, str(token.resolve()), on_error="return")
    finally:
        with suppress(OSError):
            token.unlink()
    for worker, answer in sorted(answers.items()):
        if not isinstance(answer, tuple):
            detail = f"The worker {worker} cannot run this software ({answer}); install uncounted {release()} there."
        elif answer[0] != release():
            detail = f"The worker {worker} has uncounted {answer[0]}, this machine {release()}; install the same."
        elif not answer[1]:
            detail = (
                f"The worker {worker} does not see {folder.resolve()}. "
                "Put --out on a file system that all workers share under the same path."
            )
        else:
            continue
        raise Problem(NOT_READY, detail)


def _seen(token: str) -> tuple[str, bool]:
    """Return, on a worker, its release and whether it sees a file."""
    return release(), Path(token).exists()
