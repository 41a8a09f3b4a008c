"""GNIS: the names the United States Board on Geographic Names keeps, by feature."""

from connectors.gnis.connector import GnisConnector

__all__ = ["GnisConnector"]
