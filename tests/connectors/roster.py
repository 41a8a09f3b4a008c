"""Every connector of ours that asks somebody, with the least it is asked for."""

from __future__ import annotations

import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

from connectors import catalogue
from connectors.base import Connector
from connectors.census import CensusConnector
from connectors.cod import CodConnector
from connectors.eurostat import EurostatConnector
from connectors.gazetteer import GazetteerConnector
from connectors.geoboundaries import GeoBoundariesConnector
from connectors.geonames import GeoNamesConnector
from connectors.gnis import GnisConnector
from connectors.hapi import HapiConnector
from connectors.ibge import IbgeConnector
from connectors.nomis import NomisConnector
from connectors.ons import OnsConnector
from connectors.sdmx import SdmxConnector
from connectors.statcan import StatCanConnector
from connectors.unsdg import UnSdgConnector
from connectors.worldbank import WorldBankConnector

SECRET = "c2VjcmV0OnNlY3JldEBleGFtcGxlLm9yZw=="  # noqa: S105 - nobody's

#: What asks nobody: its files are on the disk.
SILENT = frozenset({"register"})

ASKING: dict[str, tuple[Connector, dict[str, str]]] = {
    "census": (CensusConnector(), {"key": SECRET}),
    "cod": (CodConnector(), {"dataset": "cod-ps-xyz"}),
    "eurostat": (EurostatConnector(), {}),
    "gazetteer": (GazetteerConnector(), {}),
    "geoboundaries": (GeoBoundariesConnector(), {"countries": "KEN"}),
    "geonames": (GeoNamesConnector(), {"countries": "KE"}),
    "gnis": (GnisConnector(), {"state": "ME"}),
    "hapi": (HapiConnector(), {"app_identifier": SECRET}),
    "ibge": (IbgeConnector(), {}),
    "nomis": (NomisConnector(), {"uid": SECRET}),
    "ons": (OnsConnector(), {}),
    "sdmx": (SdmxConnector(), {"service": "unicef"}),
    "sdmx csv": (SdmxConnector(), {"service": "eurostat-sdmx"}),
    "sdmx xml": (SdmxConnector(), {"service": "insee", "IDBANK": "001702690"}),
    "statcan": (StatCanConnector(), {"cube": "98-10-0264-01"}),
    "unsdg": (UnSdgConnector(), {"series": "SI_POV_DAY1"}),
    "worldbank": (WorldBankConnector(), {}),
    "worldbank archive": (WorldBankConnector(), {"version": "201404"}),
}


def declared() -> dict[str, type[Connector]]:
    """Return the connectors that the project declares, whether or not they are installed."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points = project["entry-points"][catalogue.GROUP].items()
    return {name: EntryPoint(name, value, catalogue.GROUP).load() for name, value in points}
