"""How an answer lies in a folder: a file with its body, and beside it a note of which address answered what and when.

::

    FOLDER/worldbank/SP.POP.TOTL-3f2a91c07b           the body as it came
    FOLDER/worldbank/SP.POP.TOTL-3f2a91c07b.note.json address, status, type, sha256, when

A file that was downloaded by hand has no note: it is recognised by its name, either the one above (an ending may be
added) or, for an address that ends in the name of a file, that name, also in a folder as the address has it
(`alternatenames/KE.zip` beside `KE.zip`).
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path, PurePosixPath

import httpx
import orjson

from connectors.redaction import redact

#: Endings under which people save what a browser shows.
_ENDINGS = ("", ".json", ".csv", ".txt", ".xml", ".zip", ".xlsx", ".geojson", ".html")
_LONGEST_STEM = 60

#: The name of a file, in a folder or not. A hostile redirect must not lead anywhere else.
_INSIDE = re.compile(r"(?:\w[\w .()-]*/)?\w[\w .()-]*")


@dataclass(frozen=True, slots=True)
class Note:
    """What is known about a saved answer beside its body."""

    method: str
    address: str  # secrets redacted
    status: int
    sha256: str  # of the body
    retrieved_at: datetime  # UTC
    headers: dict[str, str] = field(default_factory=dict)  # type, encoding and, of a redirect, where to

    def to_json(self) -> bytes:
        """Return it as it is written beside the body."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2)

    @classmethod
    def read(cls, path: Path) -> Note:
        """Read one. Raises `ValueError`, `KeyError` or `TypeError` where it is none."""
        told = orjson.loads(path.read_bytes())
        return cls(**{**told, "retrieved_at": datetime.fromisoformat(told["retrieved_at"])})

    @classmethod
    def of_file(cls, request: httpx.Request, path: Path, digest: str) -> Note:
        """Return what can be said about a file that was downloaded by hand."""
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        return cls(request.method, address_of(request), 200, digest, at, {"Content-Type": _kind(path)})


def address_of(request: httpx.Request) -> str:
    """Return the address that is asked, without secrets."""
    return redact(str(request.url))


def name_of(request: httpx.Request) -> str:
    """Return the name under which the answer to a request is saved: the same whoever asks, whatever key is used."""
    asked = f"{request.method} {address_of(request)}\n{redact(request.read().decode('utf-8', 'replace'))}"
    last = _last(request)
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", last.stem).strip("-.")[:_LONGEST_STEM] or "answer"
    digest = sha256(asked.encode()).hexdigest()[:10]
    return f"{stem}-{digest}{last.suffix}" if last.suffix in _ENDINGS else f"{stem}{last.suffix}-{digest}"


def note_of(body: Path) -> Path:
    """Return where the note of a body is written."""
    return body.with_name(f"{body.name}.note.json")


def find(folder: Path, request: httpx.Request) -> Path | None:
    """Return the file in a folder that answers a request, None where there is none."""
    name, last = name_of(request), _last(request)
    names = [f"{name}{ending}" for ending in _ENDINGS]
    if last.suffix:
        above = PurePosixPath(request.url.path).parent.name
        names += [one for one in (f"{above}/{last.name}", last.name) if _INSIDE.fullmatch(one)]
    return next((path for path in (folder / one for one in names) if path.is_file()), None)


def digest_of(path: Path) -> str:
    """Return the sha256 of a file."""
    digest = sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _last(request: httpx.Request) -> PurePosixPath:
    return PurePosixPath(PurePosixPath(request.url.path).name)


def _kind(path: Path) -> str:
    known, _ = guess_type(path.name)
    if known:
        return known
    with path.open("rb") as file:
        start = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return "application/json" if start in {b"[", b"{"} else "application/octet-stream"
