"""The client for scripts that do one thing after the other."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import stamina

from service.client import calls
from service.client.calls import Call, Filter, Page
from service.client.errors import Unreachable
from service.client.patience import Later, Patience, settled
from service.client.values import Batch, Change, ChangePage, Flag, Import, Record

T = TypeVar("T")


class Client:
    """Asks one service. Use it as a context manager, or close it; safe to share between threads.

    Every method raises an `UncountedError`: `Unreachable` where no answer came, a `Refused` where it is a problem.
    """

    def __init__(
        self,
        address: str,
        key: str | None = None,
        *,
        patience: Patience | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Name the service, such as https://uncounted.example, and the key; without one, what is public is read."""
        self._patience = patience or Patience()
        self._http = httpx.Client(
            base_url=address,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=self._patience.timeout,
            transport=transport,
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def submit(self, record: Mapping[str, Any], *, idempotency_key: str | None = None) -> Record:
        """Send one record and return it with its verdict. Sent twice, as after a lost answer, it is kept once."""
        return self._send(calls.submit(record, idempotency_key))

    def submit_many(self, records: Sequence[Mapping[str, Any]], *, idempotency_key: str | None = None) -> Batch:
        """Send a batch and return what became of each, in order; a record that is refused keeps no other back."""
        return self._send(calls.submit_many(records, idempotency_key))

    def record(self, record_id: str) -> Record:
        """Return one record."""
        return self._send(calls.record(record_id))

    def records(self, **filters: Filter) -> Iterator[Record]:
        """Yield records, oldest first, page by page; filters are the parameters of `/v1/records`."""
        return self._pages(calls.records(filters))

    def flag(self, flag_id: str) -> Flag:
        """Return one flag."""
        return self._send(calls.flag(flag_id))

    def flags(self, **filters: Filter) -> Iterator[Flag]:
        """Yield flags, oldest first, page by page; filters are the parameters of `/v1/flags`."""
        return self._pages(calls.flags(filters))

    def change_pages(self, since: str | None = None, **filters: Filter) -> Iterator[ChangePage]:
        """Yield pages of what became of flags, until there is nothing new; keep the last `cursor` for the next time."""
        while True:
            page = self._send(calls.changes(since, filters))
            yield page
            if not page.more:
                return
            since = page.cursor

    def changes(self, since: str | None = None, **filters: Filter) -> Iterator[Change]:
        """Yield what became of flags, in order; see `change_pages` to go on from there another time."""
        for page in self.change_pages(since, **filters):
            yield from page.items

    def import_file(self, path: str | PathLike[str], collection: str, **options: Filter) -> Import:
        """Send a file into a collection and return the import, which may be under way still; see `finished`.

        Raises `OSError` where the file cannot be read.
        """
        return self._send(calls.import_file(Path(path), collection, options))

    def import_of(self, import_id: str) -> Import:
        """Return how far an import came."""
        return self._send(calls.get_import(import_id))

    def finished(self, job: Import, *, every: float = 2.0, within: float = 3600.0) -> Import:
        """Wait until an import ended and return it; times in seconds. Raises `TimeoutError`."""
        until = time.monotonic() + within
        while not job.ended:
            if time.monotonic() > until:
                msg = f"import {job.id} is still {job.state} after {within:g} s; it goes on without you"
                raise TimeoutError(msg)
            time.sleep(every)
            job = self.import_of(job.id)
        return job

    def _pages(self, call: Call[Page[T]]) -> Iterator[T]:
        while True:
            page = self._send(call)
            yield from page.items
            if page.next is None:
                return
            call = calls.following(call, page.next)

    def _send(self, call: Call[T]) -> T:
        patience = self._patience
        arguments = call.arguments()
        try:
            for attempt in stamina.retry_context(
                on=patience.hook(), attempts=patience.attempts, timeout=None, wait_max=patience.longest_wait
            ):
                with attempt:
                    response = settled(self._http.request(**arguments))
        except Later as later:
            response = later.response
        except httpx.TransportError as error:
            raise unreachable(self._http.base_url.host, error) from error
        return call.answer(response)


def unreachable(host: str, error: httpx.TransportError) -> Unreachable:
    """Return the error of who got no answer."""
    msg = f"{host} gave no answer ({type(error).__name__} {error}); check the address and the network, then try again"
    return Unreachable(msg)
