"""The world of the fault runs: an official list that a loopback source gives out, and records about its neighbourhood.

Everything follows from numbers: the same number is always the same place, so that a run can be repeated.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

LISTED = 400  # places of the official list
_WEST, _SOUTH, _APART = -69.9, 44.1, 0.02  # degrees
_ROW = 20
_SYLLABLES = tuple(consonant + vowel for consonant in "bdklmn" for vowel in "aeiou")
_HEAD = (
    "feature_id|feature_name|feature_class|state_name|state_numeric|county_name|county_numeric|map_name|date_created"
    "|date_edited|bgn_type|bgn_authority|bgn_date|prim_lat_dms|prim_long_dms|prim_lat_dec|prim_long_dec"
    "|source_lat_dms|source_long_dms|source_lat_dec|source_long_dec"
)


def name(number: int) -> str:
    """Return the name that goes with a number; no two numbers share one."""
    said = ""
    while number or len(said) < 6:
        number, digit = divmod(number, len(_SYLLABLES))
        said += _SYLLABLES[digit]
    return said.capitalize()


def point(number: int) -> tuple[float, float]:
    """Return latitude and longitude that go with a number, to five decimals; neighbours are not on one spot."""
    lat = _SOUTH + (number % _ROW) * _APART + (number // LISTED % 50) * 0.0003
    lon = _WEST + (number // _ROW % (LISTED // _ROW)) * _APART + (number // (LISTED * 50)) * 0.0003
    return round(lat, 5), round(lon, 5)


def record(number: int) -> dict[str, Any]:
    """Return the body of a record: every third is about a place of the list, the others about none."""
    lat, lon = point(number)
    said = name(number % LISTED) if number % 3 == 0 else name(number + LISTED)
    location = {"lat": lat, "lon": lon, "uncertainty_m": 100}
    return {"names": [{"text": said}], "country": "USA", "location": location, "kind": "village"}


def rows(numbers: range) -> bytes:
    """Return records as a file of comma-separated values, each under an id of its own."""
    lines = ["id,name,country,latitude,longitude,kind"]
    for number in numbers:
        lat, lon = point(number)
        lines.append(f"i{number},{name(number + LISTED)},USA,{lat},{lon},village")
    return ("\n".join(lines) + "\n").encode()


def listed(edition: int) -> bytes:
    """Return an edition of the official list; each lacks other places."""
    lines = [_HEAD]
    for number in range(LISTED):
        if number % 7 != edition % 7:
            lat, lon = point(number)
            edited = f"20{20 + edition % 6}-0{1 + edition % 9}-01"
            between = "Maine|23|Penobscot|019|Map|1980-09-30"
            lines.append(f"{9000 + number}|{name(number)}|Populated Place|{between}|{edited}||||0|0|{lat}|{lon}||||")
    return "\n".join(lines).encode("utf-8-sig")


class _Source(BaseHTTPRequestHandler):
    """Answers with the next edition each time; never says that nothing changed."""

    edition: ClassVar[int] = 0
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = listed(type(self).edition)
        type(self).edition += 1
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def source() -> Iterator[str]:
    """Serve the list on the loopback, and give its URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Source)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/DomesticNames_ME.txt"
    finally:
        server.shutdown()
        server.server_close()
