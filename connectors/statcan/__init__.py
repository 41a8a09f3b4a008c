"""Statistics Canada: series of any table by area, with the reasons for what is not published."""

from connectors.statcan.connector import StatCanConnector

__all__ = ["StatCanConnector"]
