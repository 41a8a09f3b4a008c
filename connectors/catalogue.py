"""Which connectors are installed: ours and strangers', found the same way, by the entry point group below.

Sources that need only data are connectors too, by their names in `sources.toml`; code of the same name goes first.
"""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points, version

from connectors.base import Connector
from connectors.sdmx.description import InvalidDescription
from connectors.sdmx.named import named

GROUP = "uncounted.connectors"


class UnknownConnector(LookupError):
    """No connector of this name is installed, or it cannot be loaded; `hint` says how to mend it."""

    def __init__(self, message: str, *, hint: str) -> None:
        """Say which, and what to do."""
        super().__init__(message)
        self.hint = hint


def connectors() -> dict[str, type[Connector]]:
    """Return every installed connector by name. Raises `UnknownConnector` when one cannot be loaded."""
    coded = {point.name: _load(point) for point in sorted(_points(), key=lambda point: point.name)}
    return {**_described(), **coded}


def connector(name: str) -> Connector:
    """Return the connector of this name. Raises `UnknownConnector`."""
    points = {point.name: point for point in _points()}
    if name in points:
        return _load(points[name])()
    described = _described()
    if name not in described:
        msg = f"no connector is called {name!r}"
        raise UnknownConnector(msg, hint=f"installed are {', '.join(sorted({*points, *described}))}")
    return described[name]()


def version_of(name: str) -> str:
    """Return which state of the code a connector is of: our version, and that of the package that brings it."""
    packages = [one.dist for one in entry_points(group=GROUP) if one.name == name and one.dist is not None]
    return "; ".join((f"uncounted {version('uncounted')}", *(f"{one.name} {one.version}" for one in packages)))


def _points() -> tuple[EntryPoint, ...]:
    points = tuple(entry_points(group=GROUP))
    if not points:
        msg = "no connectors are installed"
        raise UnknownConnector(msg, hint="install the package (pip install .), which registers them")
    return points


def _described() -> dict[str, type[Connector]]:
    try:
        return {**named()}
    except InvalidDescription as error:
        msg = f"the sources that need only data cannot be read: {error}"
        raise UnknownConnector(msg, hint="mend connectors/sources.toml, or install the package again") from error


def _load(point: EntryPoint) -> type[Connector]:
    try:
        found: type[Connector] = point.load()
    except (ImportError, AttributeError) as error:
        msg = f"the connector {point.name!r} ({point.value}) cannot be loaded: {error}"
        raise UnknownConnector(msg, hint=f"mend or remove the package that brings {point.value}") from error
    return found
