"""Register files: any list a state publishes as CSV, TSV, GeoJSON, XLSX, ODS or Parquet, with a manifest beside it."""

from connectors.register.connector import RegisterConnector
from connectors.register.reading import OfficialFile, official_file

__all__ = ["OfficialFile", "RegisterConnector", "official_file"]
