"""OGC API Features: flags, official places and gaps by unit, as QGIS, GDAL and other GIS read them.

Everything stands below `/ogc`, at one origin, and is read only. What each caller sees comes from the one redactor.
"""
