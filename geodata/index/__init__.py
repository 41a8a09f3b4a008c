"""Search of places by point, by name in any spelling, by area and by administrative unit."""

from geodata.index.place_index import Hit, PlaceIndex

__all__ = ["Hit", "PlaceIndex"]
