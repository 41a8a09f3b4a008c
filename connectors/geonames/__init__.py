"""GeoNames: places of the world with their names in many languages, from the daily dump."""

from connectors.geonames.connector import GeoNamesConnector

__all__ = ["GeoNamesConnector"]
