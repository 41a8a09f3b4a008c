"""Spools: bytes that may be too many for memory, written once and read once, with the digest of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from tempfile import SpooledTemporaryFile, TemporaryDirectory

from service.configuration.settings import Settings
from service.running.disk import require_room, written

#: Bytes that are kept in memory; more go to a file without a name, which goes with the spool.
IN_MEMORY = 1_000_000

_CHUNK = 64 * 1024
_LOOK_EVERY = 16 * 1024 * 1024  # bytes written between two looks at the room that is left


class Spool:
    """Takes bytes, and gives them back in pieces.

    Writing raises `Problem` (storage full, read only, storage failed) where the disk does.
    """

    def __init__(self, settings: Settings) -> None:
        """Begin with nothing; a file lies beside the data, because what lies elsewhere may be memory."""
        self._settings = settings
        self._digest = blake2b(digest_size=12)
        self._size = self._looked = 0
        self._file = SpooledTemporaryFile(IN_MEMORY, dir=str(_beside(settings)))  # noqa: SIM115 - closed by whoever reads it, or `close`

    def copy(self, path: Path) -> None:
        """Add everything that a file holds."""
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                self.write(piece)

    def write(self, piece: bytes) -> None:
        """Add some bytes."""
        self._size += len(piece)
        if self._size - self._looked > _LOOK_EVERY:
            require_room(self._settings, len(piece))
            self._looked = self._size
        self._digest.update(piece)
        with written():
            self._file.write(piece)

    def pour(self, other: Spool) -> None:
        """Add everything that another one holds, which is empty afterwards."""
        for piece in other.pieces():
            self.write(piece)

    @property
    def digest(self) -> str:
        """The digest of everything written, hexadecimal."""
        return self._digest.hexdigest()

    def __len__(self) -> int:
        """Return the number of bytes."""
        return self._size

    def pieces(self) -> Iterator[bytes]:
        """Give back everything from the beginning, and close."""
        with self._file as file:
            file.seek(0)
            while piece := file.read(_CHUNK):
                yield piece

    def __del__(self) -> None:
        """Let go of the file also where an answer was never read."""
        self._file.close()

    def close(self) -> None:
        """Let go of everything."""
        self._file.close()


class Aside:
    """A file that a library writes under a name, in a folder of its own, which goes with this."""

    def __init__(self, settings: Settings, name: str) -> None:
        """Make the folder; the file is made by whoever writes it."""
        self._settings = settings
        with written():
            self._folder = TemporaryDirectory(dir=_beside(settings), prefix="report-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        self.path = self.folder / name

    def spooled(self) -> Spool:
        """Return what the file holds, and remove it."""
        out = Spool(self._settings)
        out.copy(self.path)
        self._folder.cleanup()
        return out

    def __del__(self) -> None:
        """Remove the file also where it was never finished."""
        self._folder.cleanup()


def _beside(settings: Settings) -> Path:
    with written():
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return settings.data_dir
