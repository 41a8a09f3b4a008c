"""Countries: one code for however somebody wrote it, and roughly where each lies."""

from __future__ import annotations

import csv
from functools import cache, lru_cache
from importlib.resources import files

import pycountry
from anyascii import anyascii
from rapidfuzz import fuzz, process

#: Everyday names that ISO 3166-1 does not hold, or not in that form.
_EVERYDAY = {
    "bolivia": "BOL",
    "brunei": "BRN",
    "burma": "MMR",
    "cape verde": "CPV",
    "congo brazzaville": "COG",
    "congo kinshasa": "COD",
    "cote divoire": "CIV",
    "cote d ivoire": "CIV",
    "democratic republic of congo": "COD",
    "democratic republic of the congo": "COD",
    "dr congo": "COD",
    "drc": "COD",
    "east timor": "TLS",
    "england": "GBR",
    "great britain": "GBR",
    "holland": "NLD",
    "iran": "IRN",
    "ivory coast": "CIV",
    "kosovo": "XKX",
    "laos": "LAO",
    "macedonia": "MKD",
    "micronesia": "FSM",
    "moldova": "MDA",
    "north korea": "PRK",
    "palestine": "PSE",
    "republic of the congo": "COG",
    "russia": "RUS",
    "scotland": "GBR",
    "south korea": "KOR",
    "swaziland": "SWZ",
    "syria": "SYR",
    "taiwan": "TWN",
    "tanzania": "TZA",
    "the bahamas": "BHS",
    "the gambia": "GMB",
    "turkey": "TUR",
    "uk": "GBR",
    "united states of america": "USA",
    "vatican": "VAT",
    "venezuela": "VEN",
    "vietnam": "VNM",
    "wales": "GBR",
    "zaire": "COD",
    "xkx": "XKX",  # in wide use for Kosovo, which has no ISO code
    "xk": "XKX",
}

#: Names of one country in the standard that people also use for another.
_AMBIGUOUS = ("congo",)

#: Below this similarity (0..100) a suggestion would only mislead.
_WORTH_SUGGESTING = 70


class UnknownCountry(ValueError):
    """No country goes by this text; `suggestion` is the nearest name, if one is near."""

    def __init__(self, text: str, suggestion: str | None) -> None:
        """Name the text, and the nearest country when there is one."""
        nearest = f"; did you mean {suggestion}?" if suggestion else ""
        super().__init__(f"no country is called {text!r}{nearest}")
        self.text = text
        self.suggestion = suggestion

    @property
    def hint(self) -> str:
        """How to mend it."""
        meant = f"write {self.suggestion} if you mean that; otherwise " if self.suggestion else ""
        return f"{meant}give an ISO 3166 code such as KEN or KE, or the country's English name"


def country_code(text: str) -> str:
    """Return the ISO 3166-1 alpha-3 code for an alpha-2 or alpha-3 code, an M49 number or a name, in any case.

    Kosovo, which has no ISO code, is `XKX`. Raises `UnknownCountry` with a suggestion.
    """
    code = _lookup(text)
    if code is None:
        raise UnknownCountry(text, _suggestion(text))
    return code


def known_country(text: str) -> str | None:
    """Return the code as `country_code` does, None where no country goes by this text."""
    return _lookup(text)


@lru_cache(maxsize=512)
def country_name(alpha3: str) -> str:
    """Return the usual English name of an alpha-3 code, or the code itself when it has none."""
    if alpha3 == "XKX":
        return "Kosovo"
    country = pycountry.countries.get(alpha_3=alpha3)
    return alpha3 if country is None else str(getattr(country, "common_name", country.name))


def extent(alpha3: str) -> tuple[float, float, float, float] | None:
    """Return (west, south, east, north) in degrees with a generous margin, or None where no town is known.

    West is greater than east where the country reaches across the 180th meridian.
    """
    return _extents().get(alpha3)


@lru_cache(maxsize=4096)
def _lookup(text: str) -> str | None:
    folded = _fold(text)
    return _codes().get(folded.zfill(3) if folded.isdigit() else folded)


def _fold(text: str) -> str:
    words = anyascii(text).casefold().replace("&", " and ")
    return " ".join("".join(letter if letter.isalnum() else " " for letter in words).split())


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for country in pycountry.countries:
        names = [getattr(country, part, None) for part in ("name", "official_name", "common_name")]
        turned = [
            " ".join(reversed(name.split(", "))) for name in names if name
        ]  # "Korea, Republic of", as people say it
        for key in (country.alpha_2, country.alpha_3, country.numeric, *filter(None, names), *turned):
            codes[_fold(key)] = country.alpha_3
    for ambiguous in _AMBIGUOUS:
        codes.pop(ambiguous)
    return codes | _EVERYDAY


@lru_cache(maxsize=1024)
def _suggestion(text: str) -> str | None:
    folded = _fold(text)
    if len(folded) <= len("XXX"):  # any three letters are near some code
        return None
    names = [name for name in _codes() if len(name) > len("XXX")]
    best = process.extractOne(folded, names, scorer=fuzz.ratio, score_cutoff=_WORTH_SUGGESTING)
    return country_name(_codes()[best[0]]) if best else None


@cache
def _extents() -> dict[str, tuple[float, float, float, float]]:
    text = files("geodata").joinpath("country_extents.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {
        row["alpha3"]: (float(row["west"]), float(row["south"]), float(row["east"]), float(row["north"]))
        for row in rows
    }
