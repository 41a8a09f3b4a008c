"""Which characters are the texts of a shapefile? A file beside it may say so, or a byte of its table, or nobody.

GDAL hands every byte on as the character of that number (ISO 8859-1), so that nothing is lost before it is known what
the bytes mean. Byte 29 of a dBASE table names a code page; many programs leave its default there, so texts that are
UTF-8 count more. The numbers are those of the Microsoft Visual FoxPro documentation.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

import pyarrow as pa

from geodata.files.encodings import to_utf8
from geodata.files.layers.gdal import Layer
from geodata.rows import RowProblem

#: What GDAL is told: each byte becomes one character, and can be had back.
BYTEWISE = "ISO-8859-1"

_PAGES = {0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x4D: "gbk", 0x4E: "cp949", 0x4F: "big5", 0x64: "cp852"}
_PAGES |= {0x65: "cp866", 0x6A: "cp737", 0x6B: "cp857", 0x78: "big5", 0x79: "cp949", 0x7A: "gbk", 0x7B: "cp932"}
_PAGES |= {
    0x7C: "cp874",
    0x7D: "cp1255",
    0x7E: "cp1256",
    0xC8: "cp1250",
    0xC9: "cp1251",
    0xCA: "cp1254",
    0xCB: "cp1253",
}

_DETECTED = re.compile(r"read as ([\w-]+)")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a shapefile says about its texts."""

    cpg: str  # the file beside it, empty without one
    page: int  # byte 29 of the table


def spelled(layer: Layer, stated: Stated) -> tuple[Layer, tuple[RowProblem, ...]]:
    """Return the layer with its texts and headers as they were meant, and what had to be assumed or was damaged."""
    columns = layer.columns
    texts = [name for name in columns.column_names if pa.types.is_string(columns.schema.field(name).type)]
    encoded = {name: columns.column(name).combine_chunks().dictionary_encode() for name in texts}
    cells = [cell for one in encoded.values() for cell in one.dictionary.to_pylist()]
    strange = [_bytes(text) for text in (*columns.column_names, *cells) if not text.isascii()]
    if not strange:
        return layer, ()
    encoding, told = _encoding(strange, stated)
    damaged: list[RowProblem] = []
    for name, one in encoded.items():
        mended = [_decoded(cell, encoding) for cell in one.dictionary.to_pylist()]
        damaged += _damaged(one, mended, name)
        column = pa.array(mended, type=pa.string()).take(one.indices)
        columns = columns.set_column(columns.column_names.index(name), name, column)
    names = [name if name == layer.geometry else _decoded(name, encoding) for name in columns.column_names]
    return replace(layer, columns=columns.rename_columns(names)), (*told, *damaged)


def _bytes(text: str) -> bytes:
    return text.encode("latin-1", errors="replace")


def _encoding(texts: list[bytes], stated: Stated) -> tuple[str, tuple[RowProblem, ...]]:
    named = _codec(stated.cpg)
    if named and (named != "utf-8" or _mostly_utf8(texts)):
        return named, ()
    if _mostly_utf8(texts):
        return "utf-8", ()
    if not named and stated.page in _PAGES:
        return _PAGES[stated.page], ()
    _, told = to_utf8(b"\n".join(texts))
    found = next((found[1] for one in told if (found := _DETECTED.search(one.message))), "cp1252")
    said = "the .cpg file says UTF-8, which they are not" if named else "no .cpg file says what they are"
    message = f"the texts of the shapefile are read as {found}: {said}"
    return found, (RowProblem(None, None, None, message, "check the accents, or export again with UTF-8", fatal=False),)


def _codec(said: str) -> str | None:
    """Return the encoding that a .cpg file names, in any of the ways programs write it."""
    plain = said.strip().casefold()
    part, number = re.search(r"8859[-_ ]?(\d{1,2})$", plain), re.search(r"\d+", plain)
    tries = [f"iso8859-{part[1]}"] if part else [plain, f"cp{number[0]}" if number else plain]
    for name in tries:
        try:
            return codecs.lookup(name).name
        except (LookupError, ValueError):  # a name of no encoding, or with a NUL in it
            continue
    return None


def _mostly_utf8(texts: list[bytes]) -> bool:
    """Return whether texts are UTF-8, of which long ones may be cut in the middle of a letter."""
    return sum(_is_utf8(text) for text in texts) > 0.9 * len(texts)


def _is_utf8(text: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(text, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(text: str | None, encoding: str) -> str | None:
    if text is None or text.isascii():
        return text
    content = _bytes(text)
    if encoding == "utf-8" and _is_utf8(content):
        return content.decode(encoding, errors="ignore")  # but for a last letter that was cut
    return content.decode(encoding, errors="replace")


def _damaged(cells: pa.DictionaryArray, mended: list[str | None], header: str) -> list[RowProblem]:
    broken = {place for place, text in enumerate(mended) if text is not None and "\ufffd" in text}
    if not broken:
        return []
    return [
        RowProblem(row, header, mended[code], "holds letters in another encoding", "check its accents", fatal=False)
        for row, code in enumerate(cells.indices.to_pylist(), start=1)
        if code in broken
    ]
