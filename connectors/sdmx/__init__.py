"""SDMX: what statistical offices and agencies publish over one standard, each described by data alone."""

from connectors.sdmx.connector import SdmxConnector

__all__ = ["SdmxConnector"]
