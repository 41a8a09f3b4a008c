"""UK Office for National Statistics: the census of 2021 for England and Wales, by any area and any question."""

from connectors.ons.connector import OnsConnector

__all__ = ["OnsConnector"]
