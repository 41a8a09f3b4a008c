"""Searching texts for what an audience may not see: words in any form, numbers, and points within 0.001 of a degree."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from tests.crawl.canaries import Canary
from tests.crawl.oracle import Audience, Secret, may_read, may_see
from tests.crawl.reading import forms, in_body, in_headers, plain

#: Degrees within which a point gives a place away, in both directions at once.
NEAR = 0.001
#: Decimals that a number needs to say it so exactly; a version or a probability of fewer, beside a longitude, does not.
PLACES = 3

_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w])")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dt\d\d:\d\d:\d\d[\d.]*(?:z|[+-]\d\d:?\d\d)?")
_THOUSANDS = re.compile(r"(?<=\d)[,\u202f\u00a0 ](?=\d{3}(?!\d))")
_WORD = re.compile(r"zq[a-z]{8}|[0-9a-f]{32}|[^\W\d_]{8,}")
_APART = 4  # numbers between which a latitude and its longitude stand


@dataclass(frozen=True, slots=True)
class Found:
    """Something that stands where it may not."""

    what: str
    where: str


@dataclass
class Hidden:
    """What one audience may not see."""

    words: dict[str, str] = field(default_factory=dict)  # form -> what it is
    counts: dict[int, str] = field(default_factory=dict)
    points: dict[int, list[tuple[float, float, str]]] = field(default_factory=lambda: defaultdict(list))
    _searched: dict[bytes, list[Found]] = field(default_factory=dict)  # many answers are the same to the byte

    @classmethod
    def of(cls, audience: Audience, canaries: Sequence[Canary], secrets: Iterable[Secret] = ()) -> Hidden:
        """Return what this audience may not see of what was planted."""
        hidden = cls()
        for canary in canaries:
            hidden._add(audience, canary)
        for secret in secrets:
            if not may_read(audience, secret):
                hidden.words |= dict.fromkeys(forms(secret.word), secret.label)
        hidden.counts |= _sums(canaries, set(hidden.counts))
        return hidden

    def _add(self, audience: Audience, canary: Canary) -> None:
        for name, word in (canary.words | canary.ids).items():
            if not may_see(audience, canary, name):
                self.words |= dict.fromkeys(forms(word), f"{name} of {canary.label}")
        if not may_see(audience, canary, "point"):
            for cell in _cells(canary.lat):
                self.points[cell].append((canary.lat, canary.lon, f"point of {canary.label}"))
        if not may_see(audience, canary, "count"):
            self.counts[canary.count] = f"count of {canary.label}"

    def search(self, answered: tuple[dict[str, str], bytes], asked: str) -> list[Found]:
        """Return what stands in an answer (headers, body) and not in what was asked."""
        headers, body = answered
        found = [*self._found(in_headers(headers)), *self._in_body(body)]
        echoed = set(self.in_text(plain(asked))) if found else set()
        return [one for one in dict.fromkeys(found) if one.what not in echoed]

    def _in_body(self, body: bytes) -> list[Found]:
        digest = blake2b(body, digest_size=16).digest()
        if digest not in self._searched:
            self._searched[digest] = self._found(in_body(body))
        return self._searched[digest]

    def _found(self, texts: Iterable[tuple[str, str]]) -> list[Found]:
        return [Found(what, where) for where, text in texts for what in self.in_text(text, within=where)]

    def in_text(self, text: str, within: str = "") -> Iterator[str]:
        """Yield what of the hidden stands in a text."""
        yield from dict.fromkeys(what for word in set(_WORD.findall(text)) if (what := self.words.get(word)))
        bare = _MOMENT.sub(" ", text)
        yield from dict.fromkeys(self._points(_NUMBER.findall(bare)))
        if within != "header date":
            yield from dict.fromkeys(self._counts(map(float, _NUMBER.findall(_THOUSANDS.sub("", bare)))))

    def _counts(self, numbers: Iterable[float]) -> Iterator[str]:
        for number in numbers:
            if number == int(number) and int(number) in self.counts:
                yield self.counts[int(number)]

    def _points(self, written: Sequence[str]) -> Iterator[str]:
        numbers = [float(number) if len(number.partition(".")[2]) >= PLACES else math.inf for number in written]
        for at, number in enumerate(numbers):
            for lat, lon, what in self.points.get(_cell(number), ()) if number < math.inf else ():
                beside = numbers[max(0, at - _APART) : at + _APART + 1]
                if abs(number - lat) < NEAR and any(abs(other - lon) < NEAR for other in beside):
                    yield what


def _sums(canaries: Sequence[Canary], hidden: set[int]) -> dict[int, str]:
    """Return the totals that hidden counts come to: of all, and by class, consent, state and organisation."""
    told: dict[int, str] = {}
    for part in ("sensitivity", "consent", "state", "organisation"):
        groups: dict[str, list[int]] = defaultdict(list)
        for canary in canaries:
            if canary.count in hidden:
                groups[getattr(canary, part)].append(canary.count)
        told |= {sum(held): f"sum of hidden counts of {part} {name}" for name, held in groups.items() if len(held) > 1}
    return told | ({sum(hidden): "sum of all hidden counts"} if len(hidden) > 1 else {})


def _cell(number: float) -> int:
    return int(number // (2 * NEAR))


def _cells(number: float) -> range:
    return range(_cell(number) - 1, _cell(number) + 2)
