"""IBGE, Brazil: municipalities, districts and territories, with residents, indigenous and quilombola among them."""

from connectors.ibge.connector import IbgeConnector

__all__ = ["IbgeConnector"]
