"""OGC API Features: flags, official places and gaps by unit, as QGIS, GDAL and other GIS read them.

Everything stands below `/ogc`, at one origin, and is read only. What each caller sees comes from the one redactor.
"""

from __future__ import annotations

from service.interop.ogc import areas, collections, flags, landing, places

#: In the order of the OpenAPI document.
ROUTERS = (landing.router, collections.router, flags.router, places.router, areas.router)
