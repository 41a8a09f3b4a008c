"""US Census Bureau: counts and estimates by area, with margins and the reasons for what is not published."""

from connectors.census.connector import CensusConnector

__all__ = ["CensusConnector"]
