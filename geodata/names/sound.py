"""The consonant skeleton of a name: what is left where romanisations, vowels and ears differ."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from geodata.texts import Texts

_SILENT = re.compile(r"[aeiouyhw ]")
_SOUNDS = str.maketrans("cqzvlg", "kksbrg")  # letters that romanisations and ears exchange
_DOUBLED = re.compile(r"(.)\1+")

_IS_SILENT = np.zeros(256, np.bool_)
_IS_SILENT[np.frombuffer(b"aeiouyhw ", np.uint8)] = True
_IS_OPENING = np.zeros(256, np.bool_)
_IS_OPENING[np.frombuffer(b"aeiouy", np.uint8)] = True
_SOUND = np.arange(256, dtype=np.uint8)
_SOUND[np.frombuffer(b"cqzvlg", np.uint8)] = np.frombuffer(b"kksbrg", np.uint8)


@lru_cache(maxsize=100_000)
def skeleton(core: str) -> str:
    """Return the consonants of a folded core, brought together where romanisations differ; may be empty.

    Gatwekera, Gatwikira and Gatuikira share "gtkr"; Silanga and Siranga share "srng". A vowel at the very beginning is
    kept as "a": Arabic, which leaves out the others, writes it too.
    """
    first = core[:1] in set("aeiouy")
    sounds = _SILENT.sub("", core.replace("ph", "f").replace("ch", "k").replace("sh", "s")).translate(_SOUNDS)
    return ("a" if first else "") + _DOUBLED.sub(r"\1", sounds)


def skeletons(cores: Texts) -> Texts:
    """Return the skeleton of each folded core, exactly as `skeleton` does."""
    data, starts = cores.data.copy(), cores.offsets[:-1][cores.sizes > 0]
    opening = starts[_IS_OPENING[data[starts]]]
    # An "h" is silent itself; behind a "p" it makes it an "f". What "ch" and "sh" become, "c" and "s" become anyway.
    before_h = np.zeros(len(data), np.bool_)
    before_h[:-1] = data[1:] == ord("h")
    before_h[starts[1:] - 1] = False
    data[before_h & (data == ord("p"))] = ord("f")
    sounding = ~_IS_SILENT[data]
    owner = np.repeat(np.arange(len(cores)), cores.sizes)
    sounds, of = _SOUND[data[sounding]], owner[sounding]
    repeats = np.zeros(len(sounds), np.bool_)
    repeats[1:] = (sounds[1:] == sounds[:-1]) & (of[1:] == of[:-1])
    data[sounding], kept = sounds, sounding
    kept[np.flatnonzero(sounding)[repeats]] = False
    data[opening], kept[opening] = ord("a"), True
    return type(cores)(cores.offsets, data).where(kept)
