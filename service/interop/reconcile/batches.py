"""Batches as they come: JSON read and checked, every refusal with the place of what is wrong."""

from __future__ import annotations

from collections.abc import Sized
from typing import TypeVar

import orjson
from fastapi import Request
from pydantic import TypeAdapter, ValidationError

from service.errors import INVALID, MALFORMED, Mistake, Problem
from service.http.callers import the_context
from service.http.contract import contract_of
from service.http.mistakes import Reader
from service.http.problems import invalid
from service.interop.reconcile.asked import ExtensionAsked, QueryAsked

T = TypeVar("T")

_QUERIES: TypeAdapter[dict[str, QueryAsked]] = TypeAdapter(dict[str, QueryAsked])
_EXTENSION: TypeAdapter[ExtensionAsked] = TypeAdapter(ExtensionAsked)


def queries_of(request: Request, text: str) -> dict[str, QueryAsked]:
    """Return the queries of version 0.2 by their names. Raises `Problem` (malformed, invalid)."""
    queries = _read(request, _QUERIES, ("queries", text))
    not_too_many(request, queries, "queries")
    return queries


def extension_of(request: Request, text: str) -> ExtensionAsked:
    """Return what entities are to be extended with. Raises `Problem` (malformed, invalid)."""
    asked = _read(request, _EXTENSION, ("extend", text))
    not_too_many(request, asked.ids, "ids")
    return asked


def not_too_many(request: Request, batch: Sized, pointer: str) -> None:
    """Raise `Problem` (invalid) for a batch of more than the setting allows."""
    most = the_context(request).settings.max_batch
    if len(batch) > most:
        wrong = Mistake(f"/{pointer}", f"There are {len(batch):,} in one batch; {most:,} are taken.", "Split it.")
        raise Problem(INVALID, wrong.message, errors=[wrong.members()])


def _read(request: Request, kind: TypeAdapter[T], field: tuple[str, str]) -> T:
    name, text = field
    try:
        return kind.validate_python(orjson.loads(text))
    except orjson.JSONDecodeError as error:
        detail = f"`{name}` is no JSON: it breaks at line {error.lineno}, column {error.colno} ({error.msg})."
        raise Problem(MALFORMED, detail) from None
    except ValidationError as error:
        raise invalid(Reader(contract_of(request.app).fields).mistakes(error.errors())) from None
