"""A made-up country of villages as a list, and records of them as people send them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from geodata.geoparquet import to_geoparquet
from geodata.places import Places
from service.bulk.outcomes import Executor, serially
from service.bulk.request import Request
from service.bulk.running import Summary, run

TODAY = date(2026, 1, 1)
_PARTS = ("ka", "lo", "mbe", "ri", "tu", "nya", "so", "ga", "wi", "che", "po", "ra")


def named(random: np.random.Generator) -> str:
    """Return a name of three or four syllables."""
    return "".join(random.choice(_PARTS, random.integers(3, 5))).title()


@dataclass(frozen=True)
class Country:
    """Its two files."""

    records: Path
    official: Path

    def run(self, out: Path, executor: Executor = serially, **more: object) -> Summary:
        """Verify the records, in parts of about a hundred villages where nothing else is said."""
        asked = {"partition_rows": 100} | more
        request = Request(self.records, str(self.official), out, **asked)
        return run(request, executor, lambda *_: None, today=TODAY)


@pytest.fixture(scope="session")
def country(tmp_path_factory) -> Country:
    """Write a list of 600 villages, and records of a hundred of them, of places it does not hold, and broken ones."""
    random = np.random.default_rng(7)
    folder = tmp_path_factory.mktemp("country")
    lat, lon = random.uniform(-6, 2, 600), random.uniform(30, 40, 600)
    villages = [
        {"id": f"V{i}", "names": [named(random)], "country": "KEN", "lat": lat[i], "lon": lon[i], "kind": "village"}
        for i in range(600)
    ]
    (folder / "official.parquet").write_bytes(to_geoparquet(Places.from_rows(villages)))
    with (folder / "records.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "name", "country", "lat", "lon", "accuracy_m", "kind", "population"])
        for number in range(120):
            of = villages[int(random.integers(600))]
            name = of["names"][0] if number % 6 else named(random)
            at = of["lat"] + random.normal(0, 0.003), of["lon"] + random.normal(0, 0.003)
            out.writerow([f"R{number}", name, "KE", *at, 500, "village", 100 + number])
        out.writerow(["far", "Nowhere", "KE", "-1.01234", "36.01234", "15000", "village", ""])
        out.writerow(["vague", "Nowhere", "KE", "-1.01234", "36.01234", "90000", "village", ""])
        out.writerow(["unplaced", villages[0]["names"][0], "KE", "", "", "", "village", ""])
        out.writerow(["too", "many", "KE", "1", "2", "3", "village", "4", "5", "6"])
        out.writerow(["swapped", "Lindi", "KE", "136.0", "-1.0", "500", "village", "7"])
        out.writerow(["R5", "Lindi", "KE", "-1.01234", "36.01234", "500", "village", "7"])
    return Country(folder / "records.csv", folder / "official.parquet")
