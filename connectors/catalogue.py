"""Which connectors are installed: ours and strangers', found the same way, by the entry point group below."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from connectors.base import Connector

GROUP = "uncounted.connectors"


class UnknownConnector(LookupError):
    """No connector of this name is installed, or it cannot be loaded; `hint` says how to mend it."""

    def __init__(self, message: str, *, hint: str) -> None:
        """Say which, and what to do."""
        super().__init__(message)
        self.hint = hint


def connectors() -> dict[str, type[Connector]]:
    """Return every installed connector by name. Raises `UnknownConnector` when one cannot be loaded."""
    return {point.name: _load(point) for point in sorted(_points(), key=lambda point: point.name)}


def connector(name: str) -> Connector:
    """Return the connector of this name. Raises `UnknownConnector`."""
    points = {point.name: point for point in _points()}
    if name not in points:
        msg = f"no connector is called {name!r}"
        raise UnknownConnector(msg, hint=f"installed are {', '.join(sorted(points))}")
    return _load(points[name])()


def _points() -> tuple[EntryPoint, ...]:
    points = tuple(entry_points(group=GROUP))
    if not points:
        msg = "no connectors are installed"
        raise UnknownConnector(msg, hint="install the package (pip install .), which registers them")
    return points


def _load(point: EntryPoint) -> type[Connector]:
    try:
        found: type[Connector] = point.load()
    except (ImportError, AttributeError) as error:
        msg = f"the connector {point.name!r} ({point.value}) cannot be loaded: {error}"
        raise UnknownConnector(msg, hint=f"mend or remove the package that brings {point.value}") from error
    return found
