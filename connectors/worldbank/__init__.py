"""World Bank: indicators by country and year, as they are now or as an archived version of the database had them."""

from connectors.worldbank.connector import WorldBankConnector

__all__ = ["WorldBankConnector"]
