"""Read flags page by page into a GeoDataFrame, and save them as a GeoPackage for QGIS.

    python flags_to_geopackage.py http://127.0.0.1:8000 flags.gpkg --country KE --verdict hidden_place

Without UNCOUNTED_KEY it reads what is published. Places are as exact as their communities agreed to: `uncertainty_m`
is the radius in metres to draw around each.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from service.client import Client, UncountedError, to_geodataframe


def main() -> None:
    """Read, say how many there are, and save them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", help="of the service")
    parser.add_argument("file", type=Path, help="GeoPackage to write")
    parser.add_argument("--country", help="ISO 3166 code or English name")
    parser.add_argument("--verdict", action="append", help="may be repeated")
    asked = parser.parse_args()

    try:
        with Client(asked.address, os.environ.get("UNCOUNTED_KEY")) as uncounted:
            frame = to_geodataframe(uncounted.flags(country=asked.country, verdict=asked.verdict))
    except UncountedError as error:
        sys.exit(str(error))
    print(f"{len(frame)} flags, of which {int(frame.geometry.notna().sum())} have a place")
    frame.drop(columns="data").to_file(asked.file, layer="flags", driver="GPKG")


if __name__ == "__main__":
    main()
