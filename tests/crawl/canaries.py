"""Canaries: records made so that every part of them can be recognised wherever it turns up.

Each text is a word that nobody else says, each count a number that nobody else gives, each point stands by itself. One
canary is planted for each combination of class, consent, state and organisation that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from random import Random

CLASSES = ("open", "caution", "restricted", "closed")
CONSENTS = ("internal", "reviewers", "partners", "public_aggregate", "public_masked", "public_exact")
#: Where a canary stands; what comes after the first two are decisions of people about its flag.
STATES = (
    "pending",
    "quarantined",
    "taken_back",  # by its organisation
    "flagged",
    "in_review",
    "confirmed",
    "rejected",
    "withdrawn",
    "published",
)
ORGANISATIONS = ("alpha-group", "beta-group")

_LATIN = "bcdfghjklmnprstvwxz"
_CYRILLIC = "бвгдзклмнпрстфхцч"
_ARABIC = "بتثجحخدرزسشطعفقكلمن"
_LETTERS = 8

#: Where Kenya certainly is: a lattice in which every canary has a latitude and a longitude that no other has, so that
#: the latitude of one beside the longitude of the next is nobody's place. North of 1.3, so that no probability before
#: somebody's longitude is taken for a latitude.
_SOUTH, _WEST, _STEP, _ROWS, _STRIDE = 1.3, 36.4, 0.0035, 601, 577


@dataclass(frozen=True, slots=True)
class Canary:
    """One planted record: what it is, what it says, and where it was kept."""

    sensitivity: str
    consent: str
    state: str
    organisation: str
    lat: float
    lon: float
    count: int
    words: dict[str, str]  # by field
    ids: dict[str, str] = field(default_factory=dict)  # by field; filled in when it is planted

    @property
    def label(self) -> str:
        """What it is called in a report of leaks."""
        return f"{self.sensitivity}/{self.consent}/{self.state}/{self.organisation}"

    def body(self) -> dict[str, object]:
        """Return it as it is sent."""
        words = self.words
        counts: list[dict[str, object]] = [{"value": self.count, "unit": "persons"}]
        if self.state == "quarantined":  # as many people in so few dwellings are set aside
            counts.append({"value": 3, "unit": "dwellings"})
        return {
            "id": words["own_id"],
            "names": [words["name"], words["name_cyrillic"], words["name_arabic"]],
            "country": "KEN",
            "location": {"lat": self.lat, "lon": self.lon, "uncertainty_m": 50},
            "admin": {"ward": words["admin"]},
            "kind": "village",
            "groups": [words["group"], KNOWN_GROUP],
            "counts": counts,
            "drivers": [words["driver"]],
            "evidence": [f"https://example.org/{words['evidence']}"],
            "consent": self.consent,
            "sensitivity": self.sensitivity,
            "collection": words["collection"],
        }


#: A group that everybody knows, by which a filter finds every canary of which its caller may read the groups.
KNOWN_GROUP = "fishers"

_WORDS = ("name", "admin", "group", "driver", "evidence", "own_id", "collection", "note", "message")


def _lattice() -> Iterator[tuple[float, float]]:
    """Yield points whose angles are never written with fewer than three decimals, however they are rounded to more."""
    for column in range(_ROWS):
        lat = _SOUTH + _STEP * (column * _STRIDE % _ROWS) + 0.000_371
        lon = _WEST + _STEP * column + 0.000_593
        if all(f"{angle:.3f}"[-1] != "0" for angle in (lat, lon)):
            yield round(lat, 6), round(lon, 6)


@dataclass
class Maker:
    """Makes what nobody else says; the same in every run."""

    random: Random = field(default_factory=lambda: Random(8))  # noqa: S311 - nothing is kept secret by it
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(612_347, 990_000, 374)))
    _points: Iterator[tuple[float, float]] = field(default_factory=_lattice)

    def word(self, begins: str = "zq", letters: str = _LATIN) -> str:
        """Return a new word, recognised by its beginning."""
        return begins + "".join(self.random.choice(letters) for _ in range(_LETTERS))

    def number(self) -> int:
        """Return a new number of six digits, no multiple of five, far from all others."""
        number = next(self._numbers)
        return number if number % 5 else number + 1

    def point(self) -> tuple[float, float]:
        """Return a new latitude and longitude, far from all others and off the middle of any grid."""
        return next(self._points)

    def canary(self, sensitivity: str, consent: str, state: str, organisation: str = ORGANISATIONS[0]) -> Canary:
        """Return a new canary."""
        lat, lon = self.point()
        words = {name: self.word() for name in _WORDS}
        words |= {"name_cyrillic": self.word("жщ", _CYRILLIC), "name_arabic": self.word("ضظ", _ARABIC)}
        return Canary(sensitivity, consent, state, organisation, lat, lon, self.number(), words)


def every(maker: Maker) -> list[Canary]:
    """Return a canary for each combination."""
    return [maker.canary(*one) for one in product(CLASSES, CONSENTS, STATES, ORGANISATIONS)]


def some(maker: Maker) -> list[Canary]:
    """Return fewer: everything that is published, and of other states each class, the ends of consent taking turns."""
    published = [maker.canary(*one, "published", ORGANISATIONS[0]) for one in product(CLASSES, CONSENTS)]
    ends, others = (CONSENTS[0], CONSENTS[-1]), product(enumerate(CLASSES), enumerate(STATES[:-1]))
    return published + [
        maker.canary(sensitivity, ends[(row + column) % 2], state, ORGANISATIONS[(row // 2 + column) % 2])
        for (row, sensitivity), (column, state) in others
    ]
