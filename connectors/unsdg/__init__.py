"""UN SDG: the global database of the indicators of the Sustainable Development Goals."""

from connectors.unsdg.connector import UnSdgConnector

__all__ = ["UnSdgConnector"]
