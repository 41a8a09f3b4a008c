"""What somebody on a slow line waits for, and whether the map holds 100,000 flags, in a real browser.

The line is Chromium's emulation of what WebPageTest calls "3G Slow": 400 kbit/s each way, 400 ms for every answer to
begin. The first page is that of the demo; each visit begins with an empty cache. Flags of the map are points at random
around a thousand towns, in tiles written by `geodata.tiles` as the service writes them; the browser has no graphics
card here, and draws with the processor. Run: make map && python -m bench browsing
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, Route, sync_playwright

from bench.lists import SEED
from bench.table import Table
from geodata.tiles.clusters import clustered
from geodata.tiles.encoding import Column, Features, layer
from geodata.tiles.mercator import Tile
from geodata.tiles.pyramid import Pyramid
from service.layers.tiles import CLUSTERED

LINE = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # bytes a second
VISITS = 5
FLAGS = 100_000
TOWNS = 1_000
VERDICTS = ("hidden_place", "hidden_group", "undercount")
_TILE = re.compile(r"/v1/tiles/(\w+)/(\d+)/(\d+)/(\d+)\.mvt")
_FLAGS = ["--disable-background-networking", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]

_PAINTED = """() => {
  const [visit] = performance.getEntriesByType("navigation");
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return [visit.domContentLoadedEventEnd, paint.startTime];
}"""

#: Moves the map for two seconds, and returns the longest frames and how many there were.
_PANNED = """async () => {
  const canvas = document.querySelector(".maplibregl-canvas"), times = [];
  canvas.focus();
  const end = performance.now() + 2000;
  let last = performance.now();
  while (performance.now() < end) {
    canvas.dispatchEvent(new KeyboardEvent("keydown", { keyCode: 39, key: "ArrowRight", bubbles: true }));
    await new Promise(requestAnimationFrame);
    times.push(performance.now() - last);
    last = performance.now();
  }
  return times;
}"""


def run() -> list[Table]:
    """Return how soon the first page is usable, and how the map does with many flags."""
    with sync_playwright() as playwright, _served() as address:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=_FLAGS, chromium_sandbox=False
        )
        first_visit(browser, address, "/")  # a browser that has just begun is slow by itself
        visits = [first_visit(browser, address, path) for path in ("/", "/flags") for _ in range(VISITS)]
        drawn = [many_flags(browser, address, zoom) for zoom in (1, 5, 9, 11)]
        browser.close()
    pages = [
        (path, *(f"{median(one[name] for one in visits if one['path'] == path):,.0f}" for name in _COLUMNS))
        for path in ("/", "/flags")
    ]
    return [
        Table("first-page", "A first visit on slow 3G", ("page", *_COLUMNS), tuple(pages)),
        Table("map-flags", f"The map with {FLAGS:,} flags", ("zoom", *_DRAWN), tuple(drawn)),
    ]


_COLUMNS = ("files", "bytes", "ready ms", "painted ms")
_DRAWN = ("flags in view", "in view after ms", "tiles", "kB of tiles", "median frame ms", "95th frame ms")


def first_visit(browser: Browser, address: str, path: str) -> dict[str, Any]:
    """Return what a visit with an empty cache loads, and when its page can be read."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    session = context.new_cdp_session(page)
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {effectiveType: '2g'}})")
    page.goto(address + path, wait_until="networkidle")
    ready, painted = page.evaluate(_PAINTED)
    context.close()
    return {"path": path, "files": len(sizes), "bytes": sum(sizes), "ready ms": ready, "painted ms": painted}


def many_flags(browser: Browser, address: str, zoom: int) -> tuple[str, ...]:
    """Return how the map does at a zoom."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    sent: list[int] = []

    def answer(route: Route) -> None:
        found = _TILE.search(route.request.url)
        assert found
        name, (z, x, y) = found[1], map(int, found.group(2, 3, 4))
        body = _tile(Tile(z, x, y)) if name == "flags" else b""
        sent.append(len(body))
        route.fulfill(body=body, content_type="application/vnd.mapbox-vector-tile")

    context.route("**/v1/tiles/**", answer)
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(f"{address}/map#map={zoom}/{_towns()[0][0]:.4f}/{_towns()[1][0]:.4f}")
    said = _in_view(page)
    drawn = time.perf_counter() - begun
    frames = page.evaluate(_PANNED)
    context.close()
    told = (f"{np.quantile(frames, q):.0f}" for q in (0.5, 0.95))
    return (str(zoom), said, f"{drawn * 1000:,.0f}", str(len(sent)), f"{sum(sent) / 1000:,.0f}", *told)


def _in_view(page: Page) -> str:
    status = page.locator("[data-map-status]", has_text=re.compile(r"\d"))
    status.wait_for(timeout=60_000)
    return str(status.inner_text()).split(":")[1].split(".")[0].strip()


@cache
def _towns() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    random = np.random.default_rng(SEED)
    return random.uniform(-12, 16, TOWNS), random.uniform(5, 40, TOWNS)


@cache
def _flags() -> tuple[Pyramid, Mapping[str, Column]]:
    random = np.random.default_rng(SEED + 1)
    towns = random.integers(0, TOWNS, FLAGS)
    lat, lon = (along[towns] + random.normal(0, 0.1, FLAGS) for along in _towns())
    verdicts = [VERDICTS[at] for at in random.integers(0, len(VERDICTS), FLAGS)]
    columns = {
        "id": Column.of([f"{at:032x}" for at in range(FLAGS)]),
        "verdict": Column.of(verdicts),
        "country": Column.of(["COD"] * FLAGS),
        "radius_m": Column.of([1_000.0] * FLAGS),
    }
    return Pyramid.of(lat, lon), columns


def _tile(tile: Tile) -> bytes:
    pyramid, columns = _flags()
    cut, parts = pyramid.cut(tile), []
    if tile.z <= CLUSTERED:
        marks = clustered(cut)
        cut = marks.alone
        parts.append(Features(marks.x, marks.y, {"count": Column.of(marks.count.tolist())}))
    parts.append(Features(cut.x, cut.y, {name: column.take(cut.rows) for name, column in columns.items()}))
    return layer("flags", [part for part in parts if len(part.x)])


@contextmanager
def _served() -> Iterator[str]:
    """Serve the demo in a process and a folder of its own."""
    port = 8_700
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "service", "demo", "--port", str(port)]
        with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # noqa: S603 - our own
            try:
                _wait(f"http://127.0.0.1:{port}/readyz")
                yield f"http://127.0.0.1:{port}"
            finally:
                server.terminate()


def _wait(address: str, within_s: float = 240) -> None:
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - an address of our own
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    message = f"{address} does not answer"
    raise TimeoutError(message)
