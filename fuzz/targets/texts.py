"""Short texts as people write them: dates, angles, numbers, countries, names, headers."""

from __future__ import annotations

from fuzz.target import Target, reading_text, require, texts
from geodata.countries import UnknownCountry, country_code, known_country
from geodata.files.angles import is_utm, propose_point, read_angle, read_point
from geodata.files.dates import date_reader
from geodata.files.habits import habit_of
from geodata.files.headers import Side, assign, unit_of
from geodata.files.quantities import read_quantity
from geodata.kinds import kind_of
from geodata.names.folding import fold
from geodata.names.forms import form
from geodata.names.scripts import script_of
from geodata.names.transliteration import to_latin
from geodata.personal.texts import blot
from geodata.tags.goals import is_sdg
from geodata.taxonomy import taxonomy
from geodata.taxonomy.naming import name_key, name_parts


def _dates(text: str) -> None:
    cells = text.split("\n")
    read = date_reader(cells)
    for cell in cells:
        read(cell)


def _angles(text: str) -> None:
    angle = read_angle(text)
    require(angle is None or abs(angle.degrees) < 1_001, "an angle of three digits is no larger than they are")  # noqa: PLR2004
    read_point(text)
    propose_point(text)
    is_utm(text)


def _quantities(text: str) -> None:
    cells = text.split("\n")
    habit = habit_of(cells)
    for cell in cells:
        read_quantity(cell, habit)


def _countries(text: str) -> None:
    known_country(text)
    code = country_code(text)
    require(country_code(code) == code, "the code of a country is known as that country")


def _names(text: str) -> None:
    folded = fold(text)
    require(fold(folded) == folded, "what is folded is not folded any further")
    form(text)
    to_latin(text)
    script_of(text)


def _groups(text: str) -> None:
    name_key(text)
    name_parts(text)
    taxonomy.in_force().recognise(text)


def _headers(text: str) -> None:
    headers = text.split("\t")
    for side in Side:
        assign(list(dict.fromkeys(headers)), side)
    for header in headers:
        unit_of(header)
        kind_of(header)


def _personal(text: str) -> None:
    blot(text, code=False)
    blot(text, code=True)
    is_sdg(text)


TARGETS = (
    Target(
        "dates", "columns of dates", reading_text(_dates),
        texts("2019-08-24", "24/08/2019\n13/04/2019", "3 August 2019", "Aug 3rd, 2019", "2019-08-24T10:00:00Z"),
        runs=150_000, longest=256,
    ),
    Target(
        "angles", "angles and points", reading_text(_angles),
        texts("1°17'32\"S", "S 1 17 32, E 36 49 0", "-1,2921; 36,8219", "-1.3 36.8 1700.0 4.5", "37M 257000 9855000"),
        runs=150_000, longest=128,
    ),
    Target(
        "quantities", "columns of counts", reading_text(_quantities),
        texts("1,234\n1.234", "50-60", "about 300", "300 ± 20", "500+", "<5", "n/a", "١٢٣٤"),
        runs=150_000, longest=256,
    ),
    Target(
        "countries", "names of countries", reading_text(_countries, UnknownCountry),
        texts("KEN", "ke", "Kenya", "Côte d'Ivoire", "Tanzania, United Republic of"), runs=60_000, longest=128,
    ),
    Target(
        "names", "names of places, in any script", reading_text(_names),
        texts("Kibera Kambi Muru", "Жуковка", "ភូមិ ១", "قرية الشيخ (الجديدة)", "St. Mary's 2", "গ্রাম", "N° 5"),
        runs=60_000, longest=256,
    ),
    Target(
        "groups", "names of groups of people", reading_text(_groups),
        texts("Nubian", "Roma and Sinti", "persons with disabilities; elderly", "Twa"), runs=40_000, longest=128,
    ),
    Target(
        "headers", "headers of columns", reading_text(_headers),
        texts("id\tname\tlat\tlon", "place/name\t_gps_latitude", "Nombre de ménages\tpays", "adm2_pcode\t#geo+lat"),
        runs=40_000, longest=256,
    ),
    Target(
        "personal", "texts that may be about one person", reading_text(_personal),
        texts("amina@example.org", "+254 712 345 678", "ID 12345678", "11.1.1", "4111 1111 1111 1111"),
        runs=60_000, longest=256,
    ),
)  # fmt: skip
