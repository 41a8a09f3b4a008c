"""Which characters are these? Bytes of any text file to UTF-8, saying what had to be assumed."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

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

#: Bytes; no row of a table is as long.
_LONGEST_LINE = 64_000_000

#: Bytes shown to the detector; more does not make it surer, only slower.
_SAMPLE = 20_000


@dataclass(frozen=True)
class Encoding:
    """How the characters of a file are written, and what had to be assumed.

    `only_strays` says that the file is UTF-8 but for lines pasted from somewhere else, which are in `name`.
    """

    name: str = "utf-8"
    mark: bytes = b""
    only_strays: bool = False
    problems: tuple[RowProblem, ...] = ()


def to_utf8(content: bytes, encoding: str | None = None) -> tuple[bytes, tuple[RowProblem, ...]]:
    """Return the text as UTF-8 without byte order mark or NULs, and what was assumed or left out on the way.

    `encoding` overrides the guess. Raises `UnreadableTable` when the encoding is unknown or does not fit.
    """
    if encoding is not None:
        return _decode(content, encoding), ()
    found = encoding_of([content])
    pieces = list(decoded([content], found))
    problems = chain.from_iterable(problems for _, problems in pieces)
    return b"".join(text for text, _ in pieces), (*found.problems, *problems)


def encoding_of(chunks: Iterable[bytes]) -> Encoding:
    """Return how a file is written, after one look at all of it. Raises `UnreadableTable` when it is not text."""
    tally = _Tally()
    for number, piece in enumerate(_at_line_ends(chunks)):
        if not number:
            for mark, marked in _MARKS:
                if piece.startswith(mark):
                    return Encoding(marked, mark)
            if unmarked := _unmarked_utf16(piece):
                return Encoding(unmarked, problems=(_assumed(unmarked),))
            _require_text(piece[:_SAMPLE].replace(b"\0", b""))
        tally.count(piece)
    return tally.verdict()


def decoded(chunks: Iterable[bytes], encoding: Encoding) -> Iterator[tuple[bytes, tuple[RowProblem, ...]]]:
    """Yield the text as UTF-8 piece by piece, each ending where a line ends, and what was left out or mended in it.

    Raises `UnreadableTable` where bytes are not in a marked encoding.
    """
    pieces = _marked(chunks, encoding) if encoding.mark or "utf-16" in encoding.name else _at_line_ends(chunks)
    line = 1
    for piece in pieces:
        lines = piece.count(b"\n")
        text, problems = _without_nul(piece, line)
        if encoding.only_strays:
            text, more = _mend(text, encoding.name, line)
            problems += more
        elif "utf" not in encoding.name:
            text = text.decode(encoding.name, errors="replace").encode()
        line += lines
        yield text, problems


def _marked(chunks: Iterable[bytes], encoding: Encoding) -> Iterator[bytes]:
    reader = codecs.getincrementaldecoder(encoding.name)()
    skip, rest = len(encoding.mark), ""
    try:
        for chunk in chunks:
            text = rest + reader.decode(chunk[skip:])
            skip, cut = 0, text.rfind("\n") + 1
            rest = text[cut:]
            if cut:
                yield text[:cut].removeprefix("\ufeff").encode()
        yield (rest + reader.decode(b"", final=True)).encode()
    except UnicodeError as error:
        msg = f"the bytes are not {encoding.name}: {error}"
        raise UnreadableTable(msg, hint="save the file as UTF-8") from error


def _at_line_ends(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut the bytes where lines end, so that no character is cut; one chunk stays as it is."""
    rest = b""
    waiting: bytes | None = None
    for chunk in chunks:
        if waiting is not None:
            whole = rest + waiting
            cut = max(whole.rfind(b"\n"), whole.rfind(b"\r", 0, -1)) + 1
            rest = whole[cut:]
            if cut:
                yield whole[:cut]
            elif len(rest) > _LONGEST_LINE:
                msg = f"a line runs on for more than {_LONGEST_LINE:,} bytes"
                raise UnreadableTable(msg, hint="save the table as CSV with one row on each line")
        waiting = chunk
    if rest or waiting:
        yield rest + (waiting or b"")


class _Tally:
    """Lines beyond ASCII seen so far: how many there are, how many are not UTF-8, and some of each to judge by."""

    def __init__(self) -> None:
        self._first: bytes | None = None
        self._foreign = 0
        self._broken = 0
        self._foreign_lines: list[bytes] = []
        self._broken_lines: list[bytes] = []

    def count(self, piece: bytes) -> None:
        if self._first is None:
            self._first = piece.partition(b"\n")[0]
        if piece.isascii():
            return
        lines = [line for line in piece.split(b"\n") if not line.isascii()]
        broken = [] if _is_utf8(piece) else [line for line in lines if not _is_utf8(line)]
        self._foreign += len(lines)
        self._broken += len(broken)
        self._foreign_lines += _some(lines, self._foreign_lines)
        self._broken_lines += _some(broken, self._broken_lines)

    def verdict(self) -> Encoding:
        if not self._broken:
            return Encoding()
        if 2 * self._broken < self._foreign:
            return Encoding(_detect(self._broken_lines), only_strays=True)
        encoding = _detect([self._first or b"", *self._foreign_lines])
        return Encoding(encoding, problems=(_assumed(encoding),))


def _some(lines: list[bytes], kept: list[bytes]) -> list[bytes]:
    """Return the first of the lines, as far as the sample still lacks bytes."""
    left = _SAMPLE - sum(map(len, kept))
    return lines[: max(left, 0)]


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


def _without_nul(content: bytes, first: int) -> tuple[bytes, tuple[RowProblem, ...]]:
    if b"\0" not in content:
        return content, ()
    problems = tuple(
        RowProblem(number, None, None, "holds NUL bytes, which were left out", "check the row's values", fatal=False)
        for number, line in enumerate(content.split(b"\n"), start=first)
        if b"\0" in line.rstrip(b"\0")  # padding after the last row says nothing
    )
    return content.replace(b"\0", b""), problems


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _mend(content: bytes, encoding: str, first: int) -> tuple[bytes, tuple[RowProblem, ...]]:
    """Read single lines of another encoding, as when two files were pasted together."""
    if _is_utf8(content):
        return content, ()
    lines = content.split(b"\n")
    broken = [number for number, line in enumerate(lines) if not _is_utf8(line)]
    message, hint = f"is not UTF-8 like the rest; read as {encoding}", "check its accents and save the file as UTF-8"
    for number in broken:
        lines[number] = lines[number].decode(encoding, errors="replace").encode()
    problems = tuple(RowProblem(number + first, None, None, message, hint, fatal=False) for number in broken)
    return b"\n".join(lines), problems


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
