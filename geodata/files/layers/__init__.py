"""Layers of geographic files: shapefiles, GeoPackages, file geodatabases, FlatGeobuf, KML, and archives of them."""
