"""Register files: any list a state publishes as text, workbook, Parquet or layer, with a manifest beside it."""

from connectors.register.connector import RegisterConnector
from connectors.register.reading import OfficialFile, official_file

__all__ = ["OfficialFile", "RegisterConnector", "official_file"]
