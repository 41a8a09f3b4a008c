"""Where answers are kept: one folder for each source, and in it two or three files for each question.

::

    KEPT/geonames/<sha256 of the question>.body   the answer as it came
    KEPT/geonames/<sha256 of the question>.json   address, validator, sha256, when
    KEPT/geonames/<sha256 of the question>.part   what came of an answer before it broke off
    KEPT/geonames/<sha256 of the question>.marks  its note, and how far it was whole, with the sha256 up to there
    KEPT/geonames/asked                           what the last sync that came to an end asked for

Questions and notes hold no secret: what is asked with one is not kept at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import httpx
import orjson

from connectors.kept.validators import Validator
from connectors.offline.files import address_of, digest_of

#: The extension of a request (https://www.python-httpx.org/advanced/extensions/) that asks for a file as published.
FILE = "uncounted.file"

_ASKED = "asked"

#: What of a question changes its answer, beside its address.
_VARYING = ("Accept", "Accept-Encoding", "Accept-Language")

_PART = 1 << 20  # bytes read at a time


@dataclass(frozen=True, slots=True)
class Note:
    """What is known of a kept answer beside its body."""

    address: str  # secrets redacted
    validator: str
    size: int  # bytes of the body as it came, of the whole
    sha256: str  # of the body; of one that has not come whole, empty
    retrieved_at: datetime  # UTC; of one that has not come whole, when it began
    headers: dict[str, str] = field(default_factory=dict)  # type and encoding

    def to_json(self) -> bytes:
        """Return it on one line."""
        return orjson.dumps(asdict(self))

    @classmethod
    def of(cls, line: bytes) -> Note:
        """Read one. Raises `ValueError`, `KeyError` or `TypeError` where it is none."""
        told = orjson.loads(line)
        return cls(**{**told, "retrieved_at": datetime.fromisoformat(told["retrieved_at"])})

    @property
    def strong(self) -> Validator:
        """The validator of the answer."""
        return Validator(self.validator)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answer to one question lies, or would lie."""

    folder: Path
    name: str

    @property
    def body(self) -> Path:
        """The whole answer."""
        return self.folder / f"{self.name}.body"

    @property
    def note(self) -> Path:
        """The note of the whole answer."""
        return self.folder / f"{self.name}.json"

    @property
    def part(self) -> Path:
        """What came of an answer that broke off."""
        return self.folder / f"{self.name}.part"

    @property
    def marks(self) -> Path:
        """The note of that, and how far it was whole."""
        return self.folder / f"{self.name}.marks"

    def whole(self) -> Note | None:
        """Return the note of the whole answer; one whose body is no longer what was kept is thrown away."""
        try:
            note = Note.of(self.note.read_bytes())
            if digest_of(self.body) == note.sha256:
                return note
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            pass
        self.forget()
        return None

    def forget(self) -> None:
        """Throw the whole answer away."""
        _remove((self.note, self.body))

    def forget_part(self) -> None:
        """Throw away what came of an answer that broke off."""
        _remove((self.marks, self.part))


def bytes_of(path: Path) -> Iterator[bytes]:
    """Yield a file, a part at a time. Raises `OSError`."""
    with path.open("rb") as file:
        while part := file.read(_PART):
            yield part


class Shelf:
    """The folder of one source, and what is asked of it in one sync."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made when the first answer is kept."""
        self.folder = folder
        self._asked: set[str] = set()

    def place(self, request: httpx.Request) -> Place:
        """Return where the answer to a question is kept; it is the same whoever asks."""
        varying = [f"{name}: {request.headers.get(name, '')}" for name in _VARYING]
        asked = "\n".join((request.method, address_of(request), *varying))
        place = Place(self.folder, sha256(asked.encode()).hexdigest())
        self._asked.add(place.name)
        return place

    def settle(self) -> None:
        """Throw away what was not asked for, after a sync that came to its end."""
        if not self.folder.is_dir():
            return
        with suppress(OSError):  # what cannot be thrown away now is so next time
            (self.folder / _ASKED).write_text("\n".join(sorted(self._asked)), encoding="utf-8")
        _remove(path for path in self._files() if path.stem not in self._asked)

    def forget(self) -> None:
        """Throw away everything."""
        _remove(self._files())

    def spare(self, before: datetime) -> tuple[Path, ...]:
        """Return the files that nobody waits for: those not asked for by the last sync, and those broken off before."""
        last = self.folder / _ASKED
        names = last.read_text(encoding="utf-8").split() if last.is_file() else []
        return tuple(
            path
            for path in self._files()
            if (path.stem not in names or path.suffix in {".part", ".marks"})
            and path.stat().st_mtime < before.timestamp()
        )

    @property
    def size(self) -> int:
        """What everything weighs, in bytes."""
        return sum(path.stat().st_size for path in self._files())

    def _files(self) -> list[Path]:
        there = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        return [path for path in there if path.name != _ASKED]


def _remove(paths: Iterable[Path]) -> None:
    for path in list(paths):
        with suppress(OSError):
            path.unlink()
