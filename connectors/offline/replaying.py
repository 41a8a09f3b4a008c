"""Answer from a folder instead of the network, byte for byte as the source answered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx

from connectors.errors import UnreadableFile
from connectors.offline.files import Note, address_of, digest_of, find, name_of, note_of

_PART = 1 << 20  # bytes read at a time


class Replaying(httpx.BaseTransport):
    """Gives saved and downloaded files as answers. What is not in the folder is told, with the address to fetch."""

    def __init__(self, folder: Path, source: str) -> None:
        """Say where the files are, and of which source."""
        self._folder = folder
        self._source = source
        self._given: dict[Path, str] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return what the folder holds. Raises `UnreadableFile` where that is nothing, or was damaged on the way."""
        body, name = find(self._folder, request), name_of(request)
        # Of two addresses that end in the same name one may answer under it: the other file was forgotten.
        if body is None or self._given.setdefault(body, name) != name:
            msg = f"{self._folder} holds no answer of {address_of(request)}"
            hint = (
                f"where there is internet, run `uncounted sync {self._source} --save FOLDER`, "
                f"or save that address by hand as {name}"
            )
            raise UnreadableFile(msg, source=self._source, hint=hint)
        note = self._note(request, body)
        return httpx.Response(
            note.status,
            headers=note.headers,
            stream=_File(body),
            extensions={"retrieved_at": note.retrieved_at},
        )

    def _note(self, request: httpx.Request, body: Path) -> Note:
        try:
            digest = digest_of(body)
            path = note_of(body)
            note = Note.read(path) if path.is_file() else Note.of_file(request, body, digest)
        except (OSError, ValueError, KeyError, TypeError) as error:
            msg = f"{body.name} cannot be read, or the note beside it: {error}"
            raise UnreadableFile(msg, source=self._source, hint="copy both again") from error
        if note.sha256 != digest:
            msg = f"{body.name} is not what was saved: it was changed or cut short on the way"
            raise UnreadableFile(msg, source=self._source, hint="copy it again, or remove the note if you changed it")
        return note


class _File(httpx.SyncByteStream):
    """A file, a part at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            while part := file.read(_PART):
                yield part
