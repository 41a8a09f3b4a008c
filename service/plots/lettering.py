"""Which letters can be printed: those of the typeface that comes with Matplotlib, and of faces on this machine."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

#: The typeface of every plot; it has Latin, Greek, Cyrillic, Arabic, Hebrew, Armenian, Georgian, Lao, N'Ko, Tifinagh.
FAMILY = "DejaVu Sans"
_FILE = "DejaVuSans.ttf"


@cache
def folder() -> Path:
    """Return where the typeface lies."""
    import matplotlib as mpl  # noqa: PLC0415 - takes half a second to load, and most runs draw nothing

    return Path(mpl.get_data_path()) / "fonts" / "ttf"


def missing(text: Iterable[str]) -> frozenset[str]:
    """Return the letters of a text that the typeface lacks."""
    own = letters(folder() / _FILE)
    return frozenset(letter for letter in text if letter not in own and not letter.isspace())


@cache
def letters(face: Path) -> frozenset[str]:
    """Return the letters a font file has; none where it cannot be read."""
    from matplotlib.ft2font import FT2Font  # noqa: PLC0415 - as above

    try:
        return frozenset(map(chr, FT2Font(str(face)).get_charmap()))
    except (OSError, RuntimeError):  # not a font, or one of pictures only
        return frozenset()
