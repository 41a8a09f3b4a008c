"""Send a list of communities to Uncounted, and print what it says about each.

The file is CSV with the columns id, name, country, lat, lon. Running it again sends nothing twice: a record is known by
its own id. Needs only httpx:

    python send_a_list.py http://127.0.0.1:8000 communities.csv     (with the key in UNCOUNTED_KEY)
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx

BATCH = 200  # records in one request
PATIENCE = 5  # tries of one request, when the service is busy or out of reach


def records(path: str) -> Iterator[dict[str, Any]]:
    """Read the rows of the file as records."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield {
                "id": row["id"],
                "name": row["name"],
                "country": row["country"],
                "location": {"lat": float(row["lat"]), "lon": float(row["lon"])},
            }


def send(client: httpx.Client, batch: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Send a batch and return one item per record, in the same order; wait and try again when the service is busy."""
    for attempt in range(1, PATIENCE + 1):
        try:
            answer = client.post("/v1/records/batch", json=batch)
        except httpx.TransportError:
            if attempt == PATIENCE:
                raise
        else:
            if answer.status_code not in {429, 503}:
                answer.raise_for_status()
                return answer.json()["items"]
        time.sleep(2**attempt)
    sys.exit("The service stayed busy; nothing is lost, run this again later.")


def main() -> None:
    """Send the file in batches and print a line per record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", help="of the service")
    parser.add_argument("path", help="CSV file")
    asked = parser.parse_args()
    headers = {"Authorization": f"Bearer {os.environ['UNCOUNTED_KEY']}"}
    waiting = list(records(asked.path))
    with httpx.Client(base_url=asked.address, headers=headers, timeout=60) as client:
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start : start + BATCH]
            for sent, item in zip(batch, send(client, batch), strict=True):
                if item["record"]:
                    print(f"{sent['id']}\t{item['record']['verdict']}\t{item['record']['reason']}")
                else:
                    print(f"{sent['id']}\trefused\t{item['problem']['detail']}")


if __name__ == "__main__":
    main()
