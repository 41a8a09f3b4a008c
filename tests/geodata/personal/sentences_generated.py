"""Sentences with something personal in them, and sentences with other numbers, made by rule from a seed."""

from __future__ import annotations

import random
from collections.abc import Callable

SENTENCES = (
    "Call {} before you come",
    "The chief can be reached on {}.",
    "ask at the shop, {} (Juma)",
    "Appeler le {} le matin",
    "Llame al {} por la tarde",
    "Ligar para {} antes da visita",
    "Piga simu {} kabla ya kufika",
    "للاتصال {} صباحا",
)
#: 254 701 in Arabic-Indic digits.
ARABIC = "254 701".translate({ord("0") + digit: 0x0660 + digit for digit in range(10)})

PLAIN = (
    "About {count} people since {year}",
    "{low}-{high} households, {day}",
    "at {lat}, {lon} near the road",
    "P-code {pcode} in the list of {year}",
    "UUID {uuid}",
    "enumeration area {area}, block {low}",
    "{day} {hour}: visited",
    "population {thousands} in {year}, {other} in {later}",
    "plot {low}/{high}/{count}",
    "{lat} {lon} 1795.0 4.5",
    "https://example.org/photos/{count}?page={low}",
    "census code {area}",
    "GPS {lat} {lon}; altitude {count} m",
)


def phone(rng: random.Random) -> str:
    """Return a phone number as people of some country write it."""
    a, b, c, d = (rng.randint(100, 999) for _ in range(4))
    forms = (
        f"+254 7{a % 100:02d} {b} {c}",
        f"+2547{a % 100:02d}{b}{c}",
        f"07{a % 100:02d} {b} {c}",
        f"07{a % 100:02d}-{b}-{c}",
        f"07{a % 100:02d}{b}{c}",
        f"+33 6 {a % 90 + 10} {b % 90 + 10} {c % 90 + 10} {d % 90 + 10}",
        f"+1 (207) {a}-{d}{b % 10}",
        f"(207) {a}-{d}{b % 10}",
        f"+52 55 {a}{b % 10} {c}{d % 10}",
        f"+55 11 9{a}{b % 10}-{c}{d % 10}",
        f"+91 9{a}{b % 10} {c}{d % 100:02d}",
        f"00254 7{a % 100:02d} {b} {c}",
        f"+880 17{a % 100:02d}-{b}{c}",
        f"+63 917 {a} {d}{b % 10}",
        f"0803 {a} {d}{b % 10}",
        f"+{ARABIC} {a} {b}",
    )
    return rng.choice(forms)


def mail(rng: random.Random) -> str:
    """Return an e-mail address."""
    forms = ("jane.doe{}@example.org", "j{}@mail.example.co.ke", "maria_{}@correo.example.mx", "x{}+field@example.com")
    return rng.choice(forms).format(rng.randint(1, 999))


def document(rng: random.Random) -> str:
    """Return an identity number whose check digits hold."""
    return rng.choice((cpf, dni, card))(rng)


def cpf(rng: random.Random) -> str:
    """Return a Brazilian CPF, its digits by the published rule."""
    digits = [rng.randint(0, 9) for _ in range(9)]
    for _ in range(2):
        weighed = sum(digit * (len(digits) + 1 - place) for place, digit in enumerate(digits)) * 10 % 11
        digits.append(weighed % 10)
    text = "".join(map(str, digits))
    return f"{text[:3]}.{text[3:6]}.{text[6:9]}-{text[9:]}"


def dni(rng: random.Random) -> str:
    """Return a Spanish DNI, its letter by the published rule."""
    number = rng.randint(10_000_000, 99_999_999)
    return f"{number}{'TRWAGMYFPDXBNJZSQVHLCKE'[number % 23]}"


def card(rng: random.Random) -> str:
    """Return a Chinese resident number, its last character by the published rule."""
    body = f"110101{rng.randint(1950, 2005)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}{rng.randint(0, 999):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


KINDS: dict[str, Callable[[random.Random], str]] = {"phone": phone, "e-mail": mail, "identity-document": document}


def personal(rng: random.Random, kind: str) -> tuple[str, str]:
    """Return a sentence and what in it is personal."""
    secret = KINDS[kind](rng)
    return rng.choice(SENTENCES).format(secret), secret


def plain(rng: random.Random) -> str:
    """Return a sentence whose numbers are about a place."""
    low = rng.randint(10, 400)
    numbers = {
        "count": rng.randint(1, 99_999),
        "year": rng.randint(1950, 2026),
        "later": 2026,
        "low": low,
        "high": low + rng.randint(1, 90),
        "lat": f"{rng.uniform(-40, 60):.{rng.randint(3, 7)}f}",
        "lon": f"{rng.uniform(-120, 150):+.6f}",
        "uuid": f"{rng.getrandbits(32):08x}-1234-4abc-9abc-{rng.getrandbits(48):012x}",
        "pcode": f"KE{rng.randint(0, 99_999):05d}",
        "area": f"{rng.randint(10**9, 10**10 - 1)}",
        "day": f"{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/{rng.randint(1990, 2026)}",
        "hour": f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}",
        "thousands": f"{rng.randint(1, 999)},{rng.randint(0, 999):03d},{rng.randint(0, 999):03d}",
        "other": f"{rng.randint(1, 99)} {rng.randint(0, 999):03d}",
    }
    return rng.choice(PLAIN).format(**numbers)
