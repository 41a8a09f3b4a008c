"""The letters that letter groups are made of, as numbers: 26 letters, ten digits, and the boundary of a name."""

from __future__ import annotations

import numpy as np

SYMBOLS = 37
PAIRS = SYMBOLS**2
GRAMS = PAIRS + SYMBOLS**3  # all letter pairs and triples

#: The number of each byte: a-z are 1-26, digits 27-36; everything else counts as a boundary.
CODE = np.zeros(256, np.int64)
CODE[ord("a") : ord("z") + 1] = np.arange(1, 27)
CODE[ord("0") : ord("9") + 1] = np.arange(27, 37)
