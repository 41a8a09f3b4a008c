"""The consonant skeleton of a name: what is left where romanisations, vowels and ears differ."""

from __future__ import annotations

import re
from functools import lru_cache

_SILENT = re.compile(r"[aeiouyhw ]")
_SOUNDS = str.maketrans("cqzvlg", "kksbrg")  # letters that romanisations and ears exchange
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=100_000)
def skeleton(core: str) -> str:
    """Return the consonants of a folded core, brought together where romanisations differ; may be empty.

    Gatwekera, Gatwikira and Gatuikira share "gtkr"; Silanga and Siranga share "srng". A vowel at the very beginning is
    kept as "a": Arabic, which leaves out the others, writes it too.
    """
    first = core[:1] in set("aeiouy")
    sounds = _SILENT.sub("", core.replace("ph", "f").replace("ch", "k").replace("sh", "s")).translate(_SOUNDS)
    return ("a" if first else "") + _DOUBLED.sub(r"\1", sounds)
