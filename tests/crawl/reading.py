"""Reading an answer to the bottom: whatever way something is wrapped, it is unwrapped before it is searched."""

from __future__ import annotations

import binascii
import gzip
import html
import io
import re
import unicodedata
import zipfile
import zlib
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Iterator, Mapping
from urllib.parse import unquote_plus

from geodata.names.folding import fold
from tests.crawl.tables import of_geopackage, of_parquet

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_PICTURE = re.compile(rb"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")
_ENCODED = re.compile(r"[A-Za-z0-9_\-]{8,400}={0,2}")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_MOST_ENCODED = 300  # words of a body that are tried


def plain(text: str) -> str:
    """Return a text without what only dresses it: case, accents, escapes."""
    text = unquote_plus(html.unescape(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)))
    if text.isascii():
        return text.casefold()
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def forms(word: str) -> set[str]:
    """Return how a word may be written where names are compared or searched."""
    return {plain(word), fold(word).replace(" ", "")}


def in_headers(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield every text in the headers of an answer, with where it stood."""
    for name, value in headers.items():
        yield f"header {name}", plain(value)
        yield from ((f"header {name}, decoded", text) for text in _decoded(value))


def in_body(body: bytes) -> Iterator[tuple[str, str]]:
    """Yield every text in the body of an answer, with what held it."""
    for kind, part in parts(body):
        text = part.decode("utf-8", "replace")
        yield kind, plain(text)
        yield from ((f"{kind}, decoded", hidden) for hidden in _decoded(text))


def parts(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what bytes hold, and what each is: files of an archive, rows of a table, streams, pictures, themselves."""
    held = next((held for magic, held in _WRAPPED.items() if body.startswith(magic)), _bare)
    yield from held(body)


def _bare(body: bytes) -> Iterator[tuple[str, bytes]]:
    yield "body", body
    for found in _PICTURE.finditer(body):
        yield "picture in the body", b64decode(found[1])


def _archived(body: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        for name in packed.namelist():
            yield from ((f"{name}, {kind}", part) for kind, part in parts(packed.read(name)))


def _packed(body: bytes) -> Iterator[tuple[str, bytes]]:
    yield from ((f"{kind}, gzip", part) for kind, part in parts(gzip.decompress(body)))


def _columns(body: bytes) -> Iterator[tuple[str, bytes]]:
    yield "parquet", of_parquet(body)


def _layers(body: bytes) -> Iterator[tuple[str, bytes]]:
    yield "body", body  # with what was deleted from its pages
    yield "geopackage", of_geopackage(body)


def _printed(body: bytes) -> Iterator[tuple[str, bytes]]:
    yield "pdf", body
    for found in _STREAM.finditer(body):
        yield "pdf stream", _inflated(found[1])


_WRAPPED = {
    b"PK\x03\x04": _archived,
    b"\x1f\x8b": _packed,
    b"PAR1": _columns,
    b"SQLite format 3\x00": _layers,
    b"%PDF": _printed,
}


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return stream


def _decoded(text: str) -> Iterator[str]:
    """Yield what words say that are base64 of a text: cursors are."""
    for found in list(_ENCODED.finditer(text))[:_MOST_ENCODED]:
        word = found[0].rstrip("=")
        try:
            hidden = urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode()
        except (binascii.Error, ValueError):
            continue
        if hidden.isprintable():
            yield plain(hidden)
