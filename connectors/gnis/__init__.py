"""GNIS: the names the United States Board on Geographic Names keeps, by feature."""
