"""The described sources as connectors, each with a name of its own: `uncounted sync unicef`."""

from __future__ import annotations

from functools import cache

from connectors.sdmx.connector import SdmxConnector
from connectors.sdmx.description import Description
from connectors.sdmx.sources import shipped


@cache
def named() -> dict[str, type[SdmxConnector]]:
    """Return a connector for each source of sources.toml, by name. Raises `InvalidDescription`."""
    return {name: connector_of(described) for name, described in shipped().items()}


def connector_of(described: Description) -> type[SdmxConnector]:
    """Return the connector of one description."""
    return type(
        f"{described.id}Connector",
        (SdmxConnector,),
        {"name": described.id, "title": described.title, "described": described, "__doc__": described.title},
    )
