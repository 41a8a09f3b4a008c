"""A made-up survey of the size and make-up that the founding report prints: 4,747 responses from 102 countries.

The report (CIVICUS, Leave No One Behind, 2016-17) prints the shares of five age bands, 17, 14, 32, 27 and 10 %, and of
women and men, 44 and 55 %. They are met exactly, by largest remainders; everything else is drawn with a seed.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Mapping, Sequence

import pycountry

RESPONSES, COUNTRIES = 4_747, 102
AGES = {"under 20": 0.17, "20-40": 0.14, "40-60": 0.32, "60-80": 0.27, "over 80": 0.10}
GENDERS = {"women": 0.44, "men": 0.55, "another": 0.01}
SEED = 20_170

#: What people write, in several languages, and how often; none of it was written by anybody.
_GROUPS = {
    "women": 30,
    "Women and girls": 8,
    "people with disabilities": 26,
    "personnes handicapées": 6,
    "Personas con discapacidad": 5,
    "refugees": 10,
    "indigenous peoples": 14,
    "pueblos indígenas": 4,
    "the elderly": 12,
    "young people": 11,
    "children": 9,
    "LGBT people": 6,
    "migrants": 5,
    "the urban poor": 8,
    "street children": 3,
    "people of the far valleys": 5,
    "those nobody asks": 3,
}
_DRIVERS = {
    "poverty": 30,
    "discrimination": 25,
    "no road": 10,
    "drought": 8,
    "conflict": 9,
    "statelessness": 3,
    "habit": 6,
}
_PRIORITIES = {"education": 30, "health": 22, "jobs": 20, "clean water": 12, "paz": 6, "land rights": 6, "hope": 3}
_GOALS = {"SDG 5": 20, "SDG 10": 22, "4": 15, "ODS 3": 9, "SDG 1": 18, "16": 8}

COLUMNS = (
    "Response ID", "Country", "Region", "District", "Age group", "Gender", "Who is left behind?",
    "Why are they left behind?", "SDGs", "What should be done first?", "Your name", "Telephone",
)  # fmt: skip


def parted(shares: Mapping[str, float], whole: int) -> dict[str, int]:
    """Return whole numbers in these shares that add up to `whole`, by largest remainders."""
    total = sum(shares.values())
    exact = {term: whole * share / total for term, share in shares.items()}
    numbers = {term: int(value) for term, value in exact.items()}
    left = whole - sum(numbers.values())
    for term in sorted(exact, key=lambda one: (numbers[one] - exact[one], one))[:left]:
        numbers[term] += 1
    return numbers


def responses(seed: int = SEED, consent: str = "public_aggregate") -> list[dict[str, object]]:
    """Return the survey as `POST /v1/collections/{id}/responses` takes it."""
    draw = random.Random(seed)  # noqa: S311 - nothing secret is drawn
    codes = sorted(country.alpha_3 for country in pycountry.countries)
    chosen = ["KEN", *draw.sample([code for code in codes if code != "KEN"], COUNTRIES - 1)]
    sizes = parted({code: 1 / (place + 4) for place, code in enumerate(chosen)}, RESPONSES)
    countries = _spread(sizes, draw)
    ages, genders = (_spread(parted(shares, RESPONSES), draw) for shares in (AGES, GENDERS))
    return [
        {
            "id": f"web-{number:05}",
            "country": country,
            "province": f"Province {draw.choice('AAAABBBCCD')}",
            "municipality": f"Town {draw.randint(1, 3)}",
            "age": age,
            "gender": gender,
            "groups": _some(_GROUPS, draw, 3),
            "drivers": _some(_DRIVERS, draw, 2),
            "sdg": _some(_GOALS, draw, 2),
            "priorities": _some(_PRIORITIES, draw, 2),
            "consent": consent,
        }
        for number, (country, age, gender) in enumerate(zip(countries, ages, genders, strict=True), start=1)
    ]


def as_csv(given: Sequence[Mapping[str, object]]) -> bytes:
    """Return the survey as a tool for questionnaires exports it, with columns that nobody here should read."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in given:
        lists = [", ".join(map(str, _texts(one[name]))) for name in ("groups", "drivers", "sdg", "priorities")]
        plain = [one[name] for name in ("id", "country", "province", "municipality", "age", "gender")]
        writer.writerow([*plain, *lists, f"Respondent {one['id']}", "+254 700 000000"])
    return out.getvalue().encode()


def _texts(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _spread(numbers: Mapping[str, int], draw: random.Random) -> list[str]:
    terms = [term for term, number in numbers.items() for _ in range(number)]
    draw.shuffle(terms)
    return terms


def _some(weighed: Mapping[str, int], draw: random.Random, most: int) -> list[str]:
    return list(dict.fromkeys(draw.choices(list(weighed), list(weighed.values()), k=draw.randint(1, most))))
