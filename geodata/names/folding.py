"""Fold text to plain lower-case ASCII words, whatever script it is written in; a whole column at once.

Folding never replaces a name: it is what names are compared by. It is idempotent.
"""

from __future__ import annotations

import re
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from geodata.names.transliteration import to_latin

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
        texts = pa.array([None if text is None else to_latin(text) for text in texts.to_pylist()], pa.string())
    folded = pc.ascii_lower(texts)
    for pattern, replacement in _REWRITES:
        folded = pc.replace_substring_regex(folded, pattern=pattern, replacement=replacement)
    return pc.ascii_trim_whitespace(folded)


@lru_cache(maxsize=100_000)
def fold(text: str) -> str:
    """Return one text folded, exactly as `fold_column` would; without Arrow, whose calls cost more than one text."""
    folded = to_latin(text).lower()
    for pattern, replacement in _COMPILED:
        folded = pattern.sub(replacement, folded)
    return folded.strip()
