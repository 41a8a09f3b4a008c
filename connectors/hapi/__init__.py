"""HDX HAPI: OCHA's humanitarian figures by country and P-code."""

from connectors.hapi.connector import HapiConnector

__all__ = ["HapiConnector"]
