"""US Gazetteer: places, American Indian and Alaska Native areas and subdivisions of counties, with points."""

from connectors.gazetteer.connector import GazetteerConnector

__all__ = ["GazetteerConnector"]
