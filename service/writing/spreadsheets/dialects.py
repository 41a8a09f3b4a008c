"""Dialects of CSV: the plain one of RFC 4180 for programs, and the one that a double click opens rightly in Excel.

Excel reads CSV as its region writes numbers: where the comma stands in decimals, columns are parted by semicolons, and
"1.313" would be one thousand three hundred and thirteen. Without a byte order mark it takes UTF-8 for the code page of
the machine. So a file for Excel says whose Excel it is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


def _codes(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Languages that write decimals with a comma, and regions that write them otherwise than their language does; after the
#: number symbols of the Unicode CLDR.
_COMMA = _codes(
    "af az be bg bs ca cs da de el es et eu fi fr gl hr hu hy id is it ka kk kl ky ln lt lu lv mg mk nb nl nn no pl "
    "pt ro ru rn rw sg sk sl sq sr sv tg tk tr uk uz vi wo"
)
_POINT_THERE = _codes("de-ch de-li it-ch es-mx es-us es-pr es-gt es-hn es-ni es-pa es-pe es-sv es-do es-cu")
_COMMA_THERE = _codes("en-za en-at en-be en-de en-fi en-nl en-se en-dk en-si sw-cd ar-dz ar-ma ar-tn ar-ly")

#: Regions that write decimals with a point and yet part columns by semicolons.
_SEMICOLON_THERE = _codes("de-ch de-li it-ch")

_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a CSV file is written. Lines end with CR LF, text is UTF-8, quotation marks are doubled."""

    separator: str = ","
    decimal: str = "."
    mark: bool = False  # a byte order mark in front
    for_people: bool = False  # who double-click it: what their program would change or run is kept from it


PLAIN = Dialect()  # RFC 4180


def excel(locale: str | None = None) -> Dialect:
    """Return the dialect that Excel and LibreOffice of a region open by a double click; English without a locale.

    `locale` is a language with or without a region, such as fr, pt-BR or de_CH. Raises `ValueError` for anything else.
    """
    tag = (locale or "en").strip().replace("_", "-").casefold()
    if not _TAG.fullmatch(tag):
        msg = f"{locale!r} is no language, such as fr or pt-BR"
        raise ValueError(msg)
    language, *rest = tag.split("-")
    # A script may stand between language and region: sr-Latn-RS.
    regional = next((f"{language}-{part}" for part in rest if len(part) == 2), language)  # noqa: PLR2004 - ISO 3166
    comma = regional in _COMMA_THERE or (language in _COMMA and regional not in _POINT_THERE)
    separator = ";" if comma or regional in _SEMICOLON_THERE else ","
    return Dialect(separator, "," if comma else ".", mark=True, for_people=True)


def preferred(accepted: Iterable[str]) -> str | None:
    """Return the first locale that is one, of those a browser prefers, best first; None where none is."""
    return next((tag for tag in accepted if _TAG.fullmatch(tag)), None)
