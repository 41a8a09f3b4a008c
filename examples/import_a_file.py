"""Import a spreadsheet or survey export, wait until it is done, and save what could not be kept.

    python import_a_file.py http://127.0.0.1:8000 villages.csv --collection "Villages 2026"

The key of your organisation is read from UNCOUNTED_KEY. The same file again changes nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import httpx

from service.client import Client, UncountedError


def main() -> None:
    """Send the file, follow its job, and print the sums."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", help="of the service")
    parser.add_argument("file", type=Path, help="CSV, XLSX, ODS, GeoJSON, GeoPackage, Kobo or ODK export")
    parser.add_argument("--collection", required=True, help="the survey or project it belongs to")
    parser.add_argument("--every", type=float, default=2.0, help="seconds between two looks at the job (2)")
    asked = parser.parse_args()
    key = os.environ["UNCOUNTED_KEY"]

    try:
        with Client(asked.address, key) as uncounted:
            job = uncounted.finished(uncounted.import_file(asked.file, asked.collection), every=asked.every)
    except (UncountedError, OSError) as error:
        sys.exit(str(error))
    print(f"{job.state}: {job.rows_read} rows read, {job.kept} kept, {job.set_aside} set aside")
    if job.data["errors"]:
        headers = {"Authorization": f"Bearer {key}"}
        wrong = httpx.get(f"{asked.address}{job.data['errors']}", params={"f": "csv"}, headers=headers, timeout=60)
        path = asked.file.with_suffix(".errors.csv")
        path.write_bytes(wrong.content)
        print(f"What was wrong, by row and column: {path}")
    sys.exit(job.state != "done")


if __name__ == "__main__":
    main()
