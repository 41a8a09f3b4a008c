"""A file on the disk as an exchange: nothing was asked of anybody, but what was read can be shown."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path

from connectors.errors import UnreadableFile
from connectors.snapshot import Exchange


def read_as_exchange(path: Path, source: str) -> Exchange:
    """Return the size and sha256 of a file, which is not taken into memory. Raises `UnreadableFile`."""
    try:
        with path.open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
        size = path.stat().st_size
    except OSError as error:
        msg = f"{path.name} cannot be opened: {error.strerror}"
        raise UnreadableFile(msg, source=source, hint="check the path and the permissions") from error
    return Exchange(f"file:{path.name}", 200, digest, size, datetime.now(UTC))
