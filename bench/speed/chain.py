"""Names that sound like those of a country: letters drawn by the three before them (a Markov chain of order three)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

_ORDER = 3
_LONGEST = 24  # letters; a chain may run in circles
_TAUGHT = 5_000  # names of a country are enough to sound like it
_BEGIN, _END = "\x02", "\x03"


@dataclass(frozen=True)
class Chain:
    """The letters that follow each three, as often as they do."""

    follows: dict[str, str]

    @classmethod
    def of(cls, names: Iterable[str]) -> Chain:
        """Learn from names."""
        follows: dict[str, list[str]] = defaultdict(list)
        for _, name in zip(range(_TAUGHT), names, strict=False):
            text = _BEGIN * _ORDER + name + _END
            for at in range(_ORDER, len(text)):
                follows[text[at - _ORDER : at]].append(text[at])
        return cls({before: "".join(letters) for before, letters in follows.items()})

    def draw(self, random: Random) -> str:
        """Return a name of at least two letters."""
        while True:
            name, before = "", _BEGIN * _ORDER
            while len(name) < _LONGEST:
                letters = self.follows[before]
                letter = letters[int(random.random() * len(letters))]
                if letter == _END:
                    break
                name, before = name + letter, before[1:] + letter
            if len(name.strip()) > 1:
                return name.strip()
