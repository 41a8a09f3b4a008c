"""Which language somebody is spoken to in: the one they chose, else the first of their browser's that we speak."""

from __future__ import annotations

from fastapi import Request

from service.web.speech.languages import LANGUAGES, PSEUDO, Language, language

#: Where a choice is kept in a browser.
COOKIE = "uncounted-lang"

_LONGEST = 500  # of a header that is read


def chosen(request: Request) -> Language:
    """Return the language of `?lang=`, of the cookie, of Accept-Language, or English."""
    for code in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if code in LANGUAGES or code == PSEUDO:
            return language(code)
    return language(_accepted(request.headers.get("accept-language", "")[:_LONGEST]))


def _accepted(header: str) -> str:
    weighed = []
    for at, part in enumerate(header.split(",")):
        code, _, weight = part.partition(";")
        weighed.append((-_weight(weight), at, code.strip().lower().partition("-")[0]))
    return next((code for weight, _, code in sorted(weighed) if weight < 0 and code in LANGUAGES), "en")


def _weight(text: str) -> float:
    number = text.strip().removeprefix("q=")
    if not number:
        return 1.0
    return float(number) if number.replace(".", "", 1).isdigit() and number.isascii() else 0.0
