"""OCHA's common operational datasets (COD): administrative units with P-codes, and how many people live in them."""

from connectors.cod.connector import CodConnector

__all__ = ["CodConnector"]
