"""The consonants of a name in compiled code: `geodata.names.sound.skeleton`, byte by byte."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.jit import compiled
from geodata.kernels.letters import Text

_A, _H, _E, _I, _O, _U, _Y, _W = (np.uint8(ord(letter)) for letter in "aheiouyw")
_P, _C, _S, _F, _K = (np.uint8(ord(letter)) for letter in "pcsfk")
_NONE = np.uint8(0)
_Q, _Z, _V, _B, _L, _R = (np.uint8(ord(letter)) for letter in "qzvblr")


@compiled
def sound(text: Text, out: NDArray[np.uint8]) -> int:
    """Write the consonant skeleton of a text without spaces to `out`, and return how long it is.

    `out` has room for one byte more than the text.
    """
    data, start, end = text
    size, last = 0, np.uint8(0)
    if start < end and _is_vowel(data[start]):
        out[0] = _A
        size = 1
    at = start
    while at < end:
        letter = data[at]
        at += 1
        if at < end and data[at] == _H:
            if letter == _P:
                letter, at = _F, at + 1
            elif letter == _C:
                letter, at = _K, at + 1
            elif letter == _S:
                at += 1
        letter = _heard(letter)
        if letter not in (_NONE, last):
            out[size] = letter
            size += 1
            last = letter
    return size


@compiled
def _is_vowel(letter: Any) -> bool:
    return letter in (_A, _E, _I, _O, _U, _Y)


@compiled
def _heard(letter: np.uint8) -> np.uint8:
    """Return the sound of a letter where romanisations and ears exchange some; 0 for those left out."""
    if _is_vowel(letter) or letter in (_H, _W):
        return _NONE
    if letter in (_C, _Q):
        return _K
    if letter == _Z:
        return _S
    if letter == _V:
        return _B
    return _R if letter == _L else letter
