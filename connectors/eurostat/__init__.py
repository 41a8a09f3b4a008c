"""Eurostat: any dataset by area and period, with its flags."""

from connectors.eurostat.connector import EurostatConnector

__all__ = ["EurostatConnector"]
