"""Where descriptions come from: `connectors/sources.toml`, which ships, or a file of one's own."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from connectors.errors import RequestRefused, UnreadableFile
from connectors.sdmx.description import Description, InvalidDescription, read_description


@cache
def shipped() -> Mapping[str, Description]:
    """Return our descriptions by name. Raises `InvalidDescription`."""
    return read_descriptions((files("connectors") / "sources.toml").read_text(encoding="utf-8"))


def read_descriptions(content: str) -> dict[str, Description]:
    """Return the descriptions of a TOML text by name. Raises `InvalidDescription`."""
    try:
        tables = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        msg = f"that is no TOML: {error}"
        raise InvalidDescription(msg) from error
    if not tables:
        msg = "no source is described; begin with a table such as [my-source]"
        raise InvalidDescription(msg)
    return {name: read_description(name, table) for name, table in tables.items()}


def chosen(request: Mapping[str, str], source: str) -> Description:
    """Return the description the options name.

    Raises `RequestRefused` when none is named or known, `UnreadableFile` for a file that cannot be read.
    """
    known = _of_file(Path(request["description"]), source) if request.get("description") else shipped()
    name = request.get("service", "")
    if not name and len(known) == 1:
        return next(iter(known.values()))
    if name not in known:
        msg = f"no source {name!r} is described" if name else "nothing says which source is meant"
        raise RequestRefused(msg, source=source, hint=f"set service to one of {', '.join(sorted(known))}")
    return known[name]


def _of_file(path: Path, source: str) -> Mapping[str, Description]:
    try:
        return read_descriptions(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        msg = f"{path.name} cannot be opened: {error.strerror}"
        raise UnreadableFile(msg, source=source, hint="check the path and the permissions") from error
    except (InvalidDescription, UnicodeDecodeError) as error:
        msg = f"{path.name}: {error}"
        raise UnreadableFile(
            msg, source=source, hint="mend the description; docs/add-a-connector.md shows one"
        ) from error
