"""geoBoundaries: outlines of administrative units, country by country, each with its own source and licence."""

from connectors.geoboundaries.connector import GeoBoundariesConnector

__all__ = ["GeoBoundariesConnector"]
