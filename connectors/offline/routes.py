"""Where the answers of a source come from: the source itself, or a folder of what it answered before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import httpx

from connectors.kept.keeping import Keeping
from connectors.kept.shelf import Shelf
from connectors.network import Network
from connectors.offline.replaying import Replaying
from connectors.offline.saving import Saving
from connectors.redaction import SECRET_PARAMETERS

#: Stands for a key that nobody asks for, and is blotted out as one.
NO_KEY = "no-key-needed-offline"


class Route(Protocol):
    """How a sync reaches a source."""

    @property
    def probes(self) -> bool:
        """Whether it does to hear from a source that nothing changed, without its answers."""
        ...

    def transport(
        self, source: str, keys: tuple[str, ...] = (), shelf: Shelf | None = None
    ) -> httpx.BaseTransport | None:
        """Return what `Client` is to ask through, None for the network.

        `keys` are to be seen nowhere; files that were fetched before are on the shelf.
        """
        ...

    def request(self, source: str, request: Mapping[str, str], needs: Iterable[str]) -> dict[str, str]:
        """Return what the connector is asked, given the options and keys of the source and what it needs."""
        ...

    def holds(self, source: str) -> bool:
        """Return whether answers of a source can be had."""
        ...


@dataclass(frozen=True, slots=True)
class Online:
    """The network."""

    @property
    def probes(self) -> bool:
        """Say yes."""
        return True

    def transport(
        self,
        source: str,  # noqa: ARG002 - every source is reached alike
        keys: tuple[str, ...] = (),
        shelf: Shelf | None = None,
    ) -> httpx.BaseTransport | None:
        """Return a way to the network that keeps files, or the client's own where there is no shelf."""
        return Keeping(shelf, keys, Network()) if shelf else None

    def request(self, source: str, request: Mapping[str, str], needs: Iterable[str]) -> dict[str, str]:  # noqa: ARG002 - asked as it stands
        """Return the request as it is."""
        return dict(request)

    def holds(self, source: str) -> bool:  # noqa: ARG002 - every source is reached alike
        """Say yes: it turns out when it is asked."""
        return True


ONLINE = Online()


@dataclass(frozen=True, slots=True)
class SavedTo:
    """The network; what it answers is also kept below a folder, in a folder of the source's name."""

    folder: Path

    @property
    def probes(self) -> bool:
        """Say no: the folder is to hold all answers."""
        return False

    def transport(self, source: str, keys: tuple[str, ...] = (), shelf: Shelf | None = None) -> httpx.BaseTransport:
        """Return a way to the network that keeps what comes by."""
        return Saving(self.folder / source, source, keys, ONLINE.transport(source, keys, shelf))

    def request(self, source: str, request: Mapping[str, str], needs: Iterable[str]) -> dict[str, str]:  # noqa: ARG002 - asked as it stands
        """Return the request as it is."""
        return dict(request)

    def holds(self, source: str) -> bool:  # noqa: ARG002 - every source is reached alike
        """Say yes: it turns out when it is asked."""
        return True


@dataclass(frozen=True, slots=True)
class FromFolder:
    """A folder of downloaded files, in folders by source or, for one source alone, directly. No network is asked."""

    folder: Path

    @property
    def probes(self) -> bool:
        """Say no: a folder does not change by itself."""
        return False

    def transport(
        self,
        source: str,
        keys: tuple[str, ...] = (),  # noqa: ARG002 - none is needed
        shelf: Shelf | None = None,  # noqa: ARG002 - the folder is one
    ) -> httpx.BaseTransport:
        """Return answers from the folder."""
        return Replaying(self.of(source), source)

    def request(self, source: str, request: Mapping[str, str], needs: Iterable[str]) -> dict[str, str]:
        """Return the request with the folder's file for every path in it, and with no need of a key."""
        keys = {need: NO_KEY for need in needs if need in SECRET_PARAMETERS and need not in request}
        return keys | {name: self._here(source, value) for name, value in request.items()}

    def of(self, source: str) -> Path:
        """Return the folder of a source: its own where there is one."""
        own = self.folder / source
        return own if own.is_dir() else self.folder

    def holds(self, source: str) -> bool:
        """Return whether there is a folder of the source's own."""
        return (self.folder / source).is_dir()

    def _here(self, source: str, value: str) -> str:
        """Return what has the same name in the folder, where a value is a path and there is such a file or folder."""
        brought = self.of(source) / Path(value).name
        return str(brought.resolve()) if Path(value).is_absolute() and brought.exists() else value
