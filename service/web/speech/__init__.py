"""What pages say, and in which language: messages by gettext, numbers and days as a country writes them, direction.

Messages are English in the code and the templates; `service/web/locale` holds what they are in other languages, as .po
files that are read when they are first needed. See docs/languages.md for how a language is added.
"""

from __future__ import annotations

from service.web.speech.choosing import COOKIE, chosen
from service.web.speech.languages import LANGUAGES, PSEUDO, Language, deferred, language

__all__ = ["COOKIE", "LANGUAGES", "PSEUDO", "Language", "chosen", "deferred", "language"]
