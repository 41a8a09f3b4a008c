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

import pyarrow.parquet as pq

from geodata.names.folding import fold

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_PICTURE = re.compile(rb"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")
_ENCODED = re.compile(r"[A-Za-z0-9_\-]{8,400}={0,2}")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_MOST_ENCODED = 300  # words of a body that are tried


def plain(text: str) -> str:
    """Return a text without what only dresses it: case, accents, escapes."""
    text = unquote_plus(html.unescape(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)))
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def forms(word: str) -> set[str]:
    """Return how a word may be written where names are compared or searched."""
    return {plain(word), fold(word).replace(" ", "")}


def unwrapped(headers: Mapping[str, str], body: bytes) -> Iterator[tuple[str, str]]:
    """Yield every text in an answer, with where it stood."""
    for name, value in headers.items():
        yield f"header {name}", plain(value)
        yield from ((f"header {name}, decoded", text) for text in _decoded(value))
    for kind, part in _parts(body):
        text = part.decode("utf-8", "replace")
        yield kind, plain(text)
        yield from ((f"{kind}, decoded", hidden) for hidden in _decoded(text))


def _parts(body: bytes) -> Iterator[tuple[str, bytes]]:
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            for name in packed.namelist():
                yield f"workbook {name}", packed.read(name)
    elif body.startswith(b"\x1f\x8b"):
        yield "body, gzip", gzip.decompress(body)
    elif body.startswith(b"PAR1"):
        table = pq.read_table(io.BytesIO(body))
        yield "parquet", f"{table.to_pylist()} {table.schema.metadata}".encode()
    elif body.startswith(b"%PDF"):
        yield "pdf", body
        for found in _STREAM.finditer(body):
            yield "pdf stream", _inflated(found[1])
    else:
        yield "body", body
        for found in _PICTURE.finditer(body):
            yield "picture in the body", b64decode(found[1])


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
