"""How the files of the dump are written, and what their codes mean.

https://download.geonames.org/export/dump/readme.txt and https://www.geonames.org/export/codes.html
"""

from __future__ import annotations

from connectors.bulk.texts import Layout

SOURCE = "geonames"

MAIN = Layout(
    (
        "geonameid",
        "name",
        "asciiname",
        "alternatenames",
        "latitude",
        "longitude",
        "feature_class",
        "feature_code",
        "country",
        "cc2",
        "admin1",
        "admin2",
        "admin3",
        "admin4",
        "population",
        "elevation",
        "dem",
        "timezone",
        "modified",
    ),
    "\t",
)
ALTERNATES = Layout(
    ("alternateid", "geonameid", "language", "text", "preferred", "short", "colloquial", "historic", "since", "until"),
    "\t",
)

#: What of a row is kept.
KEPT = (
    "name",
    "asciiname",
    "alternatenames",
    "latitude",
    "longitude",
    "feature_class",
    "feature_code",
    "country",
    "admin1",
    "admin2",
    "admin3",
    "admin4",
    "population",
    "modified",
)

#: Feature codes whose places are no more.
GONE = ("PPLH", "PPLQ", "PPLW", "PPLCH")

#: The publisher's words for populated places, and ours.
LEVELS = {
    "PPL": "populated place",
    "PPLA": "seat of a first-order administrative division",
    "PPLA2": "seat of a second-order administrative division",
    "PPLA3": "seat of a third-order administrative division",
    "PPLA4": "seat of a fourth-order administrative division",
    "PPLA5": "seat of a fifth-order administrative division",
    "PPLC": "capital of a political entity",
    "PPLF": "farm village",
    "PPLG": "seat of government",
    "PPLL": "populated locality",
    "PPLR": "religious populated place",
    "PPLS": "populated places",
    "PPLX": "section of populated place",
    "STLMT": "settlement",
    "CMPRF": "refugee camp",
}
KINDS = {
    "PPLF": "village",
    "PPLC": "city",
    "PPLX": "neighbourhood",
    "CMP": "camp",
    "CMPRF": "camp",
    "PCLI": "country",
    "ADM1": "region",
    "ADM2": "district",
    "ADM3": "municipality",
    "ADM4": "ward",
    "RESV": "reservation",
    "SCH": "school",
    "HSP": "hospital",
    "HSPC": "health_facility",
    "CH": "place_of_worship",
    "MSQE": "place_of_worship",
    "TMPL": "place_of_worship",
    "WLL": "water_point",
}
OF_CLASS = {"P": "settlement", "A": "administrative_unit"}

#: What stands in the place of a language where the entry is no name: codes, addresses, links.
NO_NAMES = ("post", "link", "iata", "icao", "faac", "fr_1793", "wkdt", "unlc", "tcid")
LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9-]+)?$"
