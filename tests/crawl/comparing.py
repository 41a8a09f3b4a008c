"""Comparing answers: without what differs between any two of them, such as the moment and the number of a request."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from zipfile import ZipFile

_ALWAYS = frozenset({"date", "x-request-id"})
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d[\d.]*)?(?:Z|\+00:00| UTC)?")
_REQUEST = re.compile(r'"request_id":"[^"]*"')
_ZIPPED = b"PK\x03\x04"
_OURS = re.compile(r"\b[0-9a-f]{32}\b")


def bare(answer: Any, *named: str) -> tuple[int, dict[str, str], str]:
    """Return status, headers and body without the number of the request and without what was `named` in it."""
    headers = {name: _without(value, named) for name, value in answer.headers.items() if name not in _ALWAYS}
    return answer.status_code, headers, _without(_REQUEST.sub("", _text(answer)), named)


def timeless(answer: Any) -> tuple[int, dict[str, str], str]:
    """Return the same without moments, and without what follows from them."""
    status, headers, body = bare(answer)
    kept = {name: value for name, value in headers.items() if name not in {"etag", "content-length"}}
    return status, kept, _MOMENT.sub("AT", body)


def nameless(answer: Any) -> tuple[int, dict[str, str], str]:
    """Return the same without identifiers that the service gave out."""
    status, headers, body = timeless(answer)
    return status, {name: _OURS.sub("ID", value) for name, value in headers.items()}, _OURS.sub("ID", body)


def _text(answer: Any) -> str:
    """Return the body as text; of a zip, as workbooks are, what is in its files."""
    if not answer.content.startswith(_ZIPPED):
        return str(answer.text)
    with ZipFile(BytesIO(answer.content)) as archive:
        return "\n".join(f"{name}\n{archive.read(name).decode('utf-8', 'replace')}" for name in archive.namelist())


def _without(text: str, named: tuple[str, ...]) -> str:
    for one in named:
        text = text.replace(one, "NAMED")
    return text
