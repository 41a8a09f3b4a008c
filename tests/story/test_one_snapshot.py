"""The story of one snapshot: fetched over HTTP, kept, unchanged, changed, and what a release does to a flag."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import stamina
from starlette.testclient import TestClient

from connectors.errors import SourceUnavailable
from service import sync
from service.app import create_app
from service.callers.caller import Role
from service.context import Context
from service.store import keys

SPECIMENS = Path(__file__).parents[1] / "specimens" / "worldbank"
HEADER = "official_id,name,kind,country,lat,lon,location_uncertainty_m\n"
VILLAGES = {
    name: f"V{number},{name},village,KEN,{0.5 + 0.009 * number:.3f},35.0,100\n"
    for number, name in enumerate(("Kapchorwa", "Mashimoni", "Lindi", "Turbo", "Bondeni", "Soi", "Ziwa"))
}
MANIFEST = """[source]
title = "Register of villages"
vintage = "{vintage}"
licence = "CC0-1.0"
attribution = "Written for a test"

[coverage]
completeness = "exhaustive"
lowest_level = "village"
kinds = ["village"]
countries = ["KEN"]
reference_date = {vintage}
"""


@contextmanager
def bank(changes: dict[bytes, bytes], broken: threading.Event) -> Iterator[str]:
    """Serve the specimens on this machine as the Bank would, with changes to what it says; give the address."""

    class Bank(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            page = parse_qs(address.query).get("page", ["1"])[0]
            body = (SPECIMENS / specimen(address.path, page)).read_bytes()
            for old, new in changes.items():
                body = body.replace(old, new)
            self.send_response(503 if broken.is_set() else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_parts: object) -> None:
            """Say nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bank)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v2"
    finally:
        server.shutdown()
        server.server_close()


def specimen(path: str, page: str) -> str:
    """Return which body answers a path."""
    if path.endswith("/metadata"):
        return "metadata.json"
    return f"population_page{page}.json" if "/indicator/" in path else "country.json"


@pytest.fixture
def client(context: Context) -> Iterator[TestClient]:
    """Call the API as an admin would."""
    with context.store.begin() as session:
        secret = keys.create(session, "knbs", Role.ADMIN, "test")
    with TestClient(create_app(context), headers={"Authorization": f"Bearer {secret}"}) as calling:
        yield calling


def test_indicators_become_a_snapshot_that_changes_only_with_what_they_say(
    context: Context, client: TestClient
) -> None:
    """Two answers that say the same make one snapshot; a new vintage makes the next; a failing source takes nothing."""
    changes: dict[bytes, bytes] = {}
    broken = threading.Event()
    with bank(changes, broken) as address, stamina.set_testing(True, attempts=2):
        options = {"endpoint": address, "indicators": "SP.POP.TOTL"}
        sync.configure(context, "wb", "worldbank", options)
        first = sync.sync(context, "wb")
        assert (first.outcome, first.places, first.observations) == ("updated", 0, 4)
        assert sync.sync(context, "wb").outcome == "unchanged"
        changes |= {b"2026-07-01": b"2026-10-01"}
        second = sync.sync(context, "wb")
        assert (second.outcome, second.snapshot == first.snapshot) == ("updated", False)
        broken.set()
        with pytest.raises(SourceUnavailable):
            sync.sync(context, "wb")
    (source,) = client.get("/v1/sources").json()["items"]
    assert (source["current"]["sha256"], source["current"]["vintage"]) == (second.snapshot, "2026-10-01")
    assert source["last_error"]
    assert client.get(f"/v1/snapshots/{first.snapshot}").json()["current"] is False


def publish(context: Context, folder: Path, vintage: str, names: set[str]) -> None:
    """Bring a release of the register that names these villages."""
    path = folder / "villages.csv"
    path.write_text(HEADER + "".join(row for name, row in VILLAGES.items() if name in names))
    path.with_name("villages.csv.toml").write_text(MANIFEST.format(vintage=vintage))
    sync.configure(context, "ke-villages", "register", {"path": str(path)})
    sync.sync(context, "ke-villages")


def test_a_release_that_names_the_community_resolves_its_flag(
    context: Context, client: TestClient, tmp_path: Path
) -> None:
    """Posted while the list left it out, a community is a hidden place; the release that names it closes the matter."""
    publish(context, tmp_path, "2019-08-24", set(VILLAGES) - {"Bondeni"})
    body = {"name": "Bondeni", "country": "KE", "kind": "village"}
    body |= {"location": {"lat": 0.536, "lon": 35.0005, "uncertainty_m": 100}}
    record = client.post("/v1/records", json=body).json()
    assert record["verdict"] == "hidden_place"
    before = client.get(f"/v1/flags/{record['flag_id']}").json()
    publish(context, tmp_path, "2025-08-24", set(VILLAGES))
    after = client.get(f"/v1/flags/{record['flag_id']}").json()
    assert (before["status"], after["status"]) == ("open", "resolved_by_release")
    again = client.get(f"/v1/records/{record['id']}").json()
    assert (again["verdict"], again["list"]["vintage"]) == ("consistent", "2025-08-24")
