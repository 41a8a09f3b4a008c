"""What is asked of the service: each operation as a value, sent by either client."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import quote
from uuid import uuid4

import httpx

from service.client.errors import Unavailable, refused
from service.client.values import Batch, ChangePage, Flag, Import, Record

T = TypeVar("T")

#: A filter of a list: several values are any of them; None is left out.
Filter = str | float | Sequence[str] | None

_TYPES = {
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".json": "application/json",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".parquet": "application/vnd.apache.parquet",
    ".tsv": "text/tab-separated-values",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request, and how its answer is read."""

    method: str
    path: str
    read: Callable[[Any], T]
    params: Mapping[str, Filter] = field(default_factory=dict)
    body: Any = None  # sent as JSON
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def arguments(self) -> dict[str, Any]:
        """Return it as httpx takes it."""
        params = {name: value for name, value in self.params.items() if value is not None}
        sent = {"content": self.content} if self.content is not None else {"json": self.body}
        return {
            "method": self.method,
            "url": self.path,
            "headers": dict(self.headers),
            **({"params": params} if params else {}),
            **({} if self.method == "GET" else sent),
        }

    def answer(self, response: httpx.Response) -> T:
        """Read the answer. Raises `Refused` for a problem, and for what is no answer of Uncounted."""
        if not response.is_success:
            raise refused(response)
        try:
            return self.read(response.json())
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            detail = f"{response.url.host} answered with something else than Uncounted does; check the address."
            raise Unavailable(response.status_code, {"detail": detail}) from error


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some items, and the address of the next page."""

    items: tuple[T, ...]
    next: str | None


def submit(record: Mapping[str, Any], key: str | None) -> Call[Record]:
    """Send one record."""
    return Call("POST", "/v1/records", Record.of, body=dict(record), headers=_once(key))


def submit_many(records: Sequence[Mapping[str, Any]], key: str | None) -> Call[Batch]:
    """Send a batch."""
    return Call("POST", "/v1/records/batch", Batch.of, body=[dict(one) for one in records], headers=_once(key))


def record(record_id: str) -> Call[Record]:
    """Read one record."""
    return Call("GET", f"/v1/records/{_part(record_id)}", Record.of)


def flag(flag_id: str) -> Call[Flag]:
    """Read one flag."""
    return Call("GET", f"/v1/flags/{_part(flag_id)}", Flag.of)


def flags(filters: Mapping[str, Filter]) -> Call[Page[Flag]]:
    """Read the first page of flags."""
    return Call("GET", "/v1/flags", _page(Flag.of), params=filters)


def records(filters: Mapping[str, Filter]) -> Call[Page[Record]]:
    """Read the first page of records."""
    return Call("GET", "/v1/records", _page(Record.of), params=filters)


def following(call: Call[Page[T]], address: str) -> Call[Page[T]]:
    """Read the page after one."""
    return Call("GET", address, call.read)


def changes(since: str | None, filters: Mapping[str, Filter]) -> Call[ChangePage]:
    """Read what became of flags."""
    return Call("GET", "/v1/changes", ChangePage.of, params={"since": since, **filters})


def import_file(path: Path, collection: str, options: Mapping[str, Filter]) -> Call[Import]:
    """Send a file. Raises `OSError` where it cannot be read."""
    kind = _TYPES.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Call(
        "POST",
        f"/v1/collections/{_part(collection)}/imports",
        Import.of,
        params={"name": path.name, **options},
        content=path.read_bytes(),
        headers={"Content-Type": kind if kind in _TYPES.values() else "application/octet-stream"},
    )


def get_import(import_id: str) -> Call[Import]:
    """Read how far an import came."""
    return Call("GET", f"/v1/imports/{_part(import_id)}", Import.of)


def _part(name: str) -> str:
    """Return a name as a part of an address, whatever letters it has."""
    return quote(name, safe="")


def _once(key: str | None) -> dict[str, str]:
    return {"Idempotency-Key": key or str(uuid4())}


def _page(of: Callable[[Mapping[str, Any]], T]) -> Callable[[Any], Page[T]]:
    return lambda body: Page(tuple(map(of, body["items"])), body["next"])
