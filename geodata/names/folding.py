"""Fold text to plain lower-case ASCII words, whatever script it is written in; a whole column at once.

Folding never replaces a name: it is what names are compared by. It is idempotent.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc
from anyascii import anyascii

#: First code point of each Brahmic block; the blocks share one layout (The Unicode Standard, ch. 12).
_BRAHMIC = (0x0900, 0x0980, 0x0A00, 0x0A80, 0x0B00, 0x0B80, 0x0C00, 0x0C80, 0x0D00)
_CONSONANTS = "".join(f"{chr(base + 0x15)}-{chr(base + 0x39)}" for base in _BRAHMIC)
_LETTERS = "".join(f"{chr(base + 0x04)}-{chr(base + 0x39)}" for base in _BRAHMIC)

#: A consonant straight before another letter carries an inherent "a" that character tables leave out: नगर is "nagar".
_INHERENT_VOWEL = re.compile(f"([{_CONSONANTS}])(?=[{_LETTERS}])")

#: Flapped consonants, written as a letter and a dot below after normalisation, are romanised with "r": পাড়া is "para".
_FLAPS = {
    f"{chr(base + letter)}{chr(base + 0x3C)}": chr(base + 0x30)
    for base in (0x0900, 0x0980, 0x0A00, 0x0B00)
    for letter in (0x21, 0x22)
}

_JOINERS = str.maketrans("", "", "\u200b\u200c\u200d\u2060\ufeff\u00ad")

#: What is rewritten in folded text, in this order (RE2 has no look-ahead, hence the captured neighbours).
_REWRITES = (
    (r"(^|[^a-z0-9])([ld])['`]([a-z])", r"\1\2 \3"),  # l'Asile, d'Ivoire: an article
    (r"['`]", ""),  # K'abeena, Children's: one word
    (r"&", " and "),
    (r"[^a-z0-9]+", " "),
    (r"([a-z])([0-9])", r"\1 \2"),
    (r"([0-9])([a-z])", r"\1 \2"),
)

_COMPILED = tuple((re.compile(pattern), replacement) for pattern, replacement in _REWRITES)


def fold_column(texts: pa.Array) -> pa.Array:
    """Return each text as lower-case ASCII words and numbers, single-spaced; null stays null."""
    plain = pc.string_is_ascii(texts)
    if not pc.all(pc.fill_null(plain, fill_value=True)).as_py():
        texts = pa.array([_transliterate(text) for text in texts.to_pylist()], pa.string())
    folded = pc.ascii_lower(texts)
    for pattern, replacement in _REWRITES:
        folded = pc.replace_substring_regex(folded, pattern=pattern, replacement=replacement)
    return pc.ascii_trim_whitespace(folded)


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Return one text folded, exactly as `fold_column` would; without Arrow, whose calls cost more than one text."""
    folded = (_transliterate(text) or "").lower()
    for pattern, replacement in _COMPILED:
        folded = pattern.sub(replacement, folded)
    return folded.strip()


def _transliterate(text: str | None) -> str | None:
    if text is None or text.isascii():
        return text
    normal = unicodedata.normalize("NFKC", text)
    for flap, r in _FLAPS.items():
        normal = normal.replace(flap, r)
    # Joiners go only now: before normalisation they keep conjuncts apart that must not merge.
    latin = anyascii(_INHERENT_VOWEL.sub(r"\1a", normal.translate(_JOINERS)))
    return str(latin)
