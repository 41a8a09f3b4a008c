"""Ask the network, and keep what it answers in a folder that can be carried to where there is none."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import httpx

from connectors.errors import SourceChanged, UnreadableFile
from connectors.network import Network
from connectors.offline.files import Note, address_of, digest_of, name_of, note_of
from connectors.redaction import blot, redact, secrets_of

_KEPT = ("Content-Type", "Content-Encoding", "Location")


class Saving(httpx.BaseTransport):
    """The network. An answer is kept once it has come whole; of several to one question the last is kept."""

    def __init__(
        self, folder: Path, source: str, keys: tuple[str, ...] = (), network: httpx.BaseTransport | None = None
    ) -> None:
        """Say where to keep answers, of which source; the folder is made with the first. No file will hold `keys`."""
        self._folder = folder
        self._source = source
        self._keys = keys
        self._network = network or Network()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Ask, and keep the body as it is read. Raises `UnreadableFile` where the folder cannot be written."""
        request.headers["Accept-Encoding"] = "identity"  # so that a key the source repeats is found in the body
        body = self._folder / name_of(request)
        secrets = (*secrets_of(dict(request.url.params), dict(request.headers)), *self._keys)
        response = self._network.handle_request(request)
        if secrets and response.headers.get("Content-Encoding", "identity") != "identity":
            response.close()
            msg = "the answer came compressed although that was not asked for, so a key in it could not be found"
            raise SourceChanged(msg, source=self._source, hint="sync without saving")
        note = _Noting(request, response, secrets)
        with self._writable():
            self._folder.mkdir(parents=True, exist_ok=True)
        stream = _Tee(response, body, self._writable, lambda partial: self._keep(partial, body, note))
        return httpx.Response(
            response.status_code, headers=response.headers, stream=stream, extensions=response.extensions
        )

    def close(self) -> None:
        """Close the connections."""
        self._network.close()

    def _keep(self, partial: Path, body: Path, note: _Noting) -> None:
        with self._writable():
            note_of(body).unlink(missing_ok=True)
            if note.secrets:
                partial.write_bytes(_without(partial.read_bytes(), note.secrets))
            note_of(body).write_bytes(note.of(partial).to_json())
            partial.replace(body)

    @contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            msg = f"{self._folder} cannot be written: {error.strerror}"
            raise UnreadableFile(msg, source=self._source, hint="make room, or name another folder") from error


class _Noting:
    """What goes into the note of an answer, but for its body."""

    def __init__(self, request: httpx.Request, response: httpx.Response, secrets: tuple[str, ...]) -> None:
        self.secrets = secrets
        self._request = request
        self._response = response

    def of(self, body: Path) -> Note:
        headers = {name: redact(self._response.headers.get(name, ""), self.secrets) for name in _KEPT}
        return Note(
            method=self._request.method,
            address=address_of(self._request),
            status=self._response.status_code,
            sha256=digest_of(body),
            retrieved_at=self._response.extensions.get("retrieved_at") or datetime.now(UTC),
            headers={name: value for name, value in headers.items() if value},
        )


class _Tee(httpx.SyncByteStream):
    """The body of an answer on its way, written to a file beside; a body that breaks off leaves nothing."""

    def __init__(
        self,
        response: httpx.Response,
        body: Path,
        writable: Callable[[], AbstractContextManager[None]],
        whole: Callable[[Path], None],
    ) -> None:
        self._response = response
        self._body = cast("httpx.SyncByteStream", response.stream)  # as it came, not unpacked
        self._partial = body.with_name(f".partial-{uuid.uuid4().hex}")
        self._writable = writable
        self._whole = whole

    def __iter__(self) -> Iterator[bytes]:
        with self._writable():
            sink = self._partial.open("wb")
        with sink:
            for part in self._body:
                with self._writable():
                    sink.write(part)
                yield part
        self._whole(self._partial)

    def close(self) -> None:
        self._response.close()
        self._partial.unlink(missing_ok=True)


def _without(content: bytes, secrets: tuple[str, ...]) -> bytes:
    """Return a body without the secrets of its question, byte for byte the same where they are not in it."""
    return blot(content.decode("latin-1"), secrets).encode("latin-1")
