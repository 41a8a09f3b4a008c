"""GDAL's driver for OGC API Features against a served application: every feature once, with the right types."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from starlette.testclient import TestClient

from service.app import create_app
from tests.service.api.conftest import Api

pytestmark = pytest.mark.skipif(
    shutil.which("ogr2ogr") is None, reason="GDAL's ogr2ogr is not installed (Debian: gdal-bin)"
)

_WAIT_S = 60
_FLAGS = 12


@dataclass
class Served:
    """A service on a port of this machine with some flags, of which half are published."""

    url: str
    api: Api
    flag_ids: list[str]

    def read(self, path: str, layer: str, *options: str) -> list[dict]:
        """Return the features that GDAL reads of a layer, as it writes them itself."""
        source = f"OAPIF:{self.url}{path}"
        command = ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", source, layer, "-oo", "PAGE_SIZE=5", *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_WAIT_S, check=False)  # noqa: S603
        assert done.returncode == 0, done.stderr
        assert "ERROR" not in done.stderr, done.stderr
        return json.loads(done.stdout)["features"]


@pytest.fixture
def served(sqlite_context, scene) -> Iterator[Served]:
    """Serve, with a dozen flags in a row, every other of them published."""
    scene.publish(sqlite_context, scene.official(scene.without("Bondeni")))
    app = create_app(sqlite_context)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="on", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    api = Api(TestClient(app), sqlite_context)
    ids = [
        api.post("/v1/records", {**api.absent, "consent": "public_exact", "id": f"r{number}", **place(number)}).json()[
            "flag_id"
        ]
        for number in range(_FLAGS)
    ]
    for flag_id in ids[::2]:
        for decision, who in (("confirmed", "reviewer"), ("published", "admin")):
            assert api.decide(flag_id, decision, who).status_code == 201
    yield Served(f"http://127.0.0.1:{port}", api, ids)
    server.should_exit = True
    thread.join()


def place(number):
    """Return the name and the place of one of the flags."""
    return {
        "name": f"Kijiji {number}",
        "location": {"lat": 0.2 + 0.02 * number, "lon": 36.0, "uncertainty_m": 50},
    }


def test_every_feature_is_read_once_through_pages(served):
    """With a key in the address GDAL walks three pages of five and reads each flag once, where it lies."""
    features = served.read(f"/ogc/t/{served.api.keys['reviewer']}", "flags")
    assert [one["properties"]["id"] for one in features] == served.flag_ids
    assert [one["geometry"]["coordinates"] for one in features] == [
        pytest.approx([36.0, 0.2 + 0.02 * number]) for number in range(_FLAGS)
    ]


def test_without_a_key_what_is_published_is_read(served):
    """Nobody in particular reads the published half."""
    assert [one["properties"]["id"] for one in served.read("/ogc", "flags")] == served.flag_ids[::2]


def test_a_key_in_a_header_opens_the_same(served):
    """A tool that sends headers reads as much with the key there."""
    header = f"Authorization: Bearer {served.api.keys['reviewer']}"
    features = served.read("/ogc", "flags", "--config", "GDAL_HTTP_HEADERS", header)
    assert [one["properties"]["id"] for one in features] == served.flag_ids


def test_a_box_is_asked_of_the_service(served):
    """A spatial filter of GDAL goes out as a box, and what lies in it comes back."""
    box = ("-spat", "35.9", "0.19", "36.1", "0.25")
    features = served.read(f"/ogc/t/{served.api.keys['reviewer']}", "flags", *box)
    assert [one["properties"]["name"] for one in features] == ["Kijiji 0", "Kijiji 1", "Kijiji 2"]


def test_types_are_those_of_the_values(served):
    """Texts are texts, numbers numbers and moments moments, and points lie in WGS 84."""
    address = f"OAPIF:{served.url}/ogc/t/{served.api.keys['reviewer']}"
    command = ["ogrinfo", "-ro", "-so", address, "flags"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=_WAIT_S, check=True).stdout  # noqa: S603
    assert "Geometry: Point" in told
    assert f"Feature Count: {_FLAGS}" in told
    assert 'GEOGCRS["WGS 84"' in told
    for name, kind in (
        ("id", "String"),
        ("probability", "Real"),
        ("uncertainty_m", "Real"),
        ("version", "Integer"),
        ("created_at", "DateTime"),
    ):
        assert f"\n{name}: {kind}" in told


def test_official_places_and_areas_are_layers_too(served):
    """The other collections are read like the first."""
    assert len(served.read("/ogc", "official-places")) == 9
    assert served.read("/ogc", "gap-areas") == []
