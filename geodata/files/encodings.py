"""Which characters are these? Bytes of any text file to UTF-8, saying what had to be assumed."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from geodata.files.sheet import UnreadableTable
from geodata.rows import RowProblem

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

#: What offices of the world save as, besides UTF-8; anything else is too rare to guess.
_OFFICE = ["cp1252", "cp1250", "cp1251", "cp1254", "cp1256", "cp874", "gb18030", "big5", "shift_jis", "euc_kr"]
_WESTERN = "cp1252"

#: What stands above ASCII in Western European text. Others of cp1252 (Ð, Þ, ³, £ …) speak for another code page.
_WESTERN_LETTERS = frozenset(
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿŒœªº°«»¿¡\u00a0\u2018\u2019\u201c\u201d\u2013\u2014"
)

#: Of all letters; Cyrillic or Greek read as Western shows nothing but accented letters.
_FEW_HIGH = 0.4

#: Bytes shown to the detector; more does not make it surer, only slower.
_SAMPLE = 20_000


def to_utf8(content: bytes, encoding: str | None = None) -> tuple[bytes, tuple[RowProblem, ...]]:
    """Return the text as UTF-8 without byte order mark or NULs, and what was assumed or left out on the way.

    `encoding` overrides the guess. Raises `UnreadableTable` when the encoding is unknown or does not fit.
    """
    if encoding is not None:
        return _decode(content, encoding), ()
    for mark, marked in _MARKS:
        if content.startswith(mark):
            return _without_nul(_decode(content[len(mark) :], marked))
    if unmarked := _unmarked_utf16(content):
        text = _decode(content, unmarked)
        return text, (_assumed(unmarked),)
    content, problems = _without_nul(content)
    _require_text(content)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _guess(content, problems)
    return content, problems


def _decode(content: bytes, encoding: str) -> bytes:
    try:
        return content.decode(encoding).removeprefix("\ufeff").encode()
    except LookupError as error:
        msg = f"{encoding} is not an encoding"
        raise UnreadableTable(msg, hint="give one such as utf-8, cp1252 or latin-1") from error
    except UnicodeError as error:
        msg = f"the bytes are not {encoding}: {error}"
        raise UnreadableTable(msg, hint="save the file as UTF-8") from error


def _unmarked_utf16(content: bytes) -> str | None:
    sample = content[:_SAMPLE]
    if len(sample) < len("id,name"):
        return None
    even, odd = sample[0::2].count(0) / len(sample), sample[1::2].count(0) / len(sample)
    mostly, rarely = 0.3, 0.05  # of all bytes; half of them are NUL in Latin text
    if odd > mostly and even < rarely:
        return "utf-16-le"
    return "utf-16-be" if even > mostly and odd < rarely else None


def _require_text(content: bytes) -> None:
    sample = content[:_SAMPLE]
    control = sum(byte < ord(" ") and byte not in b"\t\n\r\f" for byte in sample)
    if control > 0.02 * len(sample):
        msg = "the file is not text"
        raise UnreadableTable(msg, hint="save the table as CSV or XLSX")


def _without_nul(content: bytes) -> tuple[bytes, tuple[RowProblem, ...]]:
    if b"\0" not in content:
        return content, ()
    body = content.rstrip(b"\0")  # padding after the last row says nothing
    problems = tuple(
        RowProblem(number, None, None, "holds NUL bytes, which were left out", "check the row's values", fatal=False)
        for number, line in enumerate(body.split(b"\n"), start=1)
        if b"\0" in line
    )
    return body.replace(b"\0", b""), problems


def _guess(content: bytes, problems: tuple[RowProblem, ...]) -> tuple[bytes, tuple[RowProblem, ...]]:
    lines = content.split(b"\n")
    foreign = [number for number, line in enumerate(lines) if not line.isascii()]
    broken = [number for number in foreign if not _is_utf8(lines[number])]
    if 2 * len(broken) < len(foreign):
        return _mend(lines, broken, problems)
    encoding = _detect([lines[0], *(lines[number] for number in foreign)])
    return content.decode(encoding, errors="replace").encode(), (*problems, _assumed(encoding))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mend(
    lines: list[bytes], broken: list[int], problems: tuple[RowProblem, ...]
) -> tuple[bytes, tuple[RowProblem, ...]]:
    """Read single lines of another encoding, as when two files were pasted together."""
    encoding = _detect([lines[number] for number in broken])
    said = tuple(
        RowProblem(
            number + 1,
            None,
            None,
            f"is not UTF-8 like the rest; read as {encoding}",
            "check its accents and save the file as UTF-8",
            fatal=False,
        )
        for number in broken
    )
    for number in broken:
        lines[number] = lines[number].decode(encoding, errors="replace").encode()
    return b"\n".join(lines), (*problems, *said)


def _detect(lines: list[bytes]) -> str:
    """Return the encoding: Western European when nothing speaks against it, else what the detector finds."""
    sample = b"\n".join(lines)[:_SAMPLE]
    text = sample.decode(_WESTERN, errors="replace")
    high = [letter for letter in text if not letter.isascii()]
    letters = sum(letter.isalpha() for letter in text)
    if set(high) <= _WESTERN_LETTERS and len(high) <= _FEW_HIGH * letters:
        return _WESTERN
    best = from_bytes(sample, cp_isolation=_OFFICE).best()
    return _WESTERN if best is None else best.encoding


def _assumed(encoding: str) -> RowProblem:
    message = f"the file is not UTF-8; read as {encoding}"
    return RowProblem(None, None, None, message, "check its accents, or save it as UTF-8", fatal=False)
