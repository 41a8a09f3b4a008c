"""What spreadsheet programs would make of a text, and how it is kept from that: by an apostrophe in front."""

from __future__ import annotations

import re

from service.writing.formats import unformulated

#: Texts that a spreadsheet takes for a number or a day, so that a leading zero, a sixteenth digit or the text is gone.
_CHANGED = re.compile(
    r"[+-]?0\d+([.,]\d*)?|\d{16,}|\d+([.,]\d+)?e[+-]?\d+"  # 007, long numbers, 12e5
    r"|\d{1,4}[-/]\d{1,4}([-/]\d{1,4})?|\d{1,4}\.\d{1,2}\.\d{1,4}|\d{1,2}:\d{2}(:\d{2})?"  # 3-4, 1/2/2009, 10:30
    r"|(\d{1,2}[ -])?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?[ -]\d{1,4}",  # Mar 3, 1-May-09
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

#: Where a spreadsheet of another region would part the text, and take what follows for a cell of its own.
_PARTED = re.compile(r"([,;\t\r\n|][\"' ]*)")


def kept(text: str) -> str:
    """Return a text so that spreadsheets neither change it nor run any part of it."""
    if _CHANGED.fullmatch(text) and not _DAY.fullmatch(text):
        return f"'{text}"
    first, *rest = _PARTED.split(unformulated(text))
    return first + "".join(unformulated(part) if at % 2 else part for at, part in enumerate(rest))


def as_meant(text: str) -> str:
    """Return a text that came back from a spreadsheet without the apostrophe that `kept` or `unformulated` gave it."""
    bare = text.removeprefix("'")
    return bare if text in {kept(bare), unformulated(bare)} else text
