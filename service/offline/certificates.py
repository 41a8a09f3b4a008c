"""A file of search certificates: one line of JSON about the files compared, then one certificate a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

import orjson

from matchers.certificates.certificate import FORM, Plain, canonical
from matchers.parameters import Parameters
from service.errors import INVALID, Problem

_LEAST = frozenset({"form", "today", "release", "parameters", "citizen", "official", "decisions"})


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was compared, by its name and content; `columns` is what the caller said of its headers."""

    file: str
    sha256: str
    columns: Mapping[str, str]

    @classmethod
    def of(cls, path: Path, columns: Mapping[str, str] | None = None) -> Source:
        """Return a file as it is now. Raises `Problem` (invalid) when it cannot be read."""
        try:
            content = path.read_bytes()
        except OSError as error:
            detail = f"{path} cannot be opened: {error.strerror}."
            raise Problem(INVALID, detail) from error
        return cls(path.name, sha256(content).hexdigest(), dict(columns or {}))


@dataclass(frozen=True, slots=True)
class Header:
    """What all certificates of a file have in common."""

    today: str
    release: str
    parameters: Mapping[str, Any]
    citizen: Source
    official: Source
    decisions: Source | None
    growth: Source | None = None

    def plain(self) -> Plain:
        """Return it as JSON values."""
        return {"form": FORM, **asdict(self)}

    def set_of(self) -> Parameters:
        """Return the parameters."""
        return Parameters.from_json(orjson.dumps(self.parameters).decode())


def write(path: Path, header: Header, certificates: Iterable[Plain]) -> None:
    """Write a file of certificates."""
    with path.open("wb") as sink:
        for line in chain([header.plain()], certificates):
            sink.write(canonical(line) + b"\n")


def single(path: Path) -> Plain | None:
    """Return the one certificate that a file holds, as the API and `replay` give it out; None where it holds no one."""
    try:
        said = orjson.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return said if isinstance(said, dict) and "record" in said else None


def read(path: Path) -> tuple[Header, Iterator[Plain]]:
    """Return the header of a file and its certificates. Raises `Problem` (invalid) when it is no such file."""
    try:
        first, *lines = path.read_bytes().splitlines()
        said = orjson.loads(first)
        if not isinstance(said, dict) or said.get("form") != FORM or not said.keys() >= _LEAST:
            raise ValueError  # noqa: TRY301 - told as any other file that is none of ours
        header = Header(
            today=said["today"],
            release=said["release"],
            parameters=said["parameters"],
            citizen=Source(**said["citizen"]),
            official=Source(**said["official"]),
            decisions=Source(**said["decisions"]) if said["decisions"] else None,
            growth=Source(**said["growth"]) if said.get("growth") else None,
        )
    except OSError as error:
        detail = f"{path} cannot be opened: {error.strerror}."
        raise Problem(INVALID, detail) from error
    except (ValueError, TypeError) as error:
        detail = (
            f"{path} is no file of search certificates of form {FORM}, as `uncounted compare --certificates` writes it."
        )
        raise Problem(INVALID, detail) from error
    return header, map(orjson.loads, lines)
