"""The languages of the pages: what each is called, which way it runs, and what it says for an English message."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from service.web.speech.mirrored import Mirrored

LOCALES = Path(__file__).parents[1] / "locale"

#: Code (BCP 47) -> what the language calls itself, in the order in which pages offer them.
LANGUAGES = {"en": "English", "fr": "Français", "es": "Español", "sw": "Kiswahili"}

#: English that runs from right to left, to see what a page does in Arabic before anybody has translated it.
PSEUDO = "x-rtl"

#: Numbers and days of a language as most of the countries that share it write them; else as its name alone says.
_WRITTEN = {"en": Locale("en", "GB")}


@dataclass(frozen=True, slots=True)
class Language:
    """One language as pages need it."""

    code: str
    direction: str  # ltr or rtl
    locale: Locale  # how numbers and days are written
    messages: NullTranslations


@cache
def language(code: str) -> Language:
    """Return a language of `LANGUAGES`, or `PSEUDO`. Raises KeyError for any other."""
    if code == PSEUDO:
        return Language(code, "rtl", _WRITTEN["en"], Mirrored())
    if code not in LANGUAGES:
        raise KeyError(code)
    locale = Locale.parse(code)
    return Language(code, locale.text_direction, _WRITTEN.get(code, locale), _messages(code))


def deferred(message: str) -> str:
    """Return a message as it is: it is translated where it is shown, and found by extraction here."""
    return message


def _messages(code: str) -> NullTranslations:
    if code == "en":
        return NullTranslations()
    compiled = io.BytesIO()
    with (LOCALES / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return Translations(compiled)
