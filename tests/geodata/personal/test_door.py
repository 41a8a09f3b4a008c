"""The door: what is about one person stays outside, what is about a community comes in untouched."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pytest

from geodata.files.sheet import Table, from_cells
from geodata.personal.door import at_the_door
from geodata.personal.headers import suspicions
from geodata.rows import RowProblem

PEOPLE = ("Mr Juma Otieno", "Mama Asha Said", "Mary Achieng", "Fatuma Ali")
PHONES = ("0712345678", "0733 123 456", "+254 722 000 111", "0701-222-333")
MAILS = ("a@example.org", "b.c@example.org", "d@example.com", "e@example.net")
DOCUMENTS = ("12345678", "23456789", "A1234567", "34567890")
ANY = ("x1", "y2", "z3", "v4")

DROPPED = {
    "Name of enumerator": PEOPLE,
    "2.3 What is the full name of the respondent?": PEOPLE,
    "respondent/name": PEOPLE,
    "enumerator_id": ("7", "8", "9", "7"),
    "Household head": PEOPLE,
    "Nom du chef de ménage": PEOPLE,
    "Nombre del encuestador": PEOPLE,
    "Nome do entrevistado": PEOPLE,
    "Jina la mhojiwa": PEOPLE,
    "اسم الباحث": PEOPLE,
    "Contact person": PEOPLE,
    "Name of respondent / Jina la mhojiwa": PEOPLE,
    "Village chief": PEOPLE,
    "Name of chief": ("Kamba", "Moto", "Leso", "Tatu"),
    "Prénom": PEOPLE,
    "Phone": PHONES,
    "Phone number of the village chief": PHONES,
    "Numéro de téléphone": PHONES,
    "Namba ya simu": PHONES,
    "رقم الهاتف": PHONES,
    "contact": PHONES,
    "E-mail": MAILS,
    "Correo electrónico": MAILS,
    "National ID": DOCUMENTS,
    "Passeport": DOCUMENTS,
    "Kitambulisho": DOCUMENTS,
    "Cédula de identidad": DOCUMENTS,
    "Date of birth": ANY,
    "Fecha de nacimiento": ANY,
    "_submitted_by": ANY,
    "username": ANY,
    "deviceid": ANY,
    "DeviceID": ANY,
    "SubmitterName": ANY,
    "SubmitterID": ANY,
    "phonenumber": ANY,
    "simserial": ANY,
    "subscriberid": ANY,
    "IMEI": ANY,
    "Home address": ANY,
    "Signature": ANY,
    "column 7": PEOPLE,
    "autre": PHONES,
    "autre 2": MAILS,
}

KEPT = {
    "Name": PEOPLE,
    "Village name": ("Kwa Chief", "Mama Ngina", "Ahmed Village", "Dr Kuria"),
    "chief's village": ("Lindi", "Laini Saba", "Soweto", "Raila"),
    "Name of place": PEOPLE,
    "Number of enumerators": ("2", "3", "4", "2"),
    "Respondents": ("12", "30", "44", "2"),
    "Nombre de répondants": ("12", "30", "44", "2"),
    "Female-headed households": ("12", "30", "44", "2"),
    "Households with a phone": ("120", "30", "44", "2"),
    "Mobile phone": ("yes", "no", "no", "yes"),
    "Mobile network coverage": ("good", "none", "bad", "good"),
    "People without national ID": ("120", "300", "44", "2"),
    "Population": ("1200", "3100000", "44", "2"),
    "postal code": ("00100", "00200", "00300", "20100"),
    "PCODE": ("KE047001", "KE047002", "KE047003", "KE047004"),
    "GEOID": ("0400100275", "0400100276", "0400100277", "0400100278"),
    "psgc code": ("0102801001", "0102801002", "0102801003", "0102801017"),
    "latitude": ("-1.3151", "-1.31", "0.518", "+36.782195"),
    "year": ("1998", "2001", "2019", "2020"),
    "gps": ("-1.31 36.78 1795.0 4.5", "-1.32 36.79 1795.0 4.5", "", ""),
    "address of the school": ("Kibera Drive 12", "Karanja Road", "Olympic", "DC"),
    "chief": ("yes", "no", "no", "yes"),
    "enumeration area": ("KE-1", "KE-2", "KE-3", "KE-4"),
    "_uuid": ("12345678-1234-4abc-9abc-123456789012",) * 4,
    "_submission_time": ("2025-03-31T10:22:33",) * 4,
    "_validation_status": ("approved",) * 4,
    "respondent type": ("elder", "teacher", "group", "elder"),
    "Owner": ("public", "private", "church", "public"),
    "Cell code": ("11010101", "11010102", "11010203", "11010204"),
}


def table(columns: dict[str, tuple[str, ...]]) -> Table:
    """Return a table of four rows."""
    return from_cells(list(columns), list(zip(*columns.values(), strict=True)), (2, 3, 4, 5))


@pytest.mark.parametrize("header", DROPPED)
def test_a_column_about_people_is_dropped(header: str) -> None:
    """By its header in any of the languages, or by its cells where the header says nothing."""
    admitted = at_the_door(table({"community": ("Lindi", "Soweto", "Raila", "Silanga"), header: DROPPED[header]}))
    assert [one.header for one in admitted.dropped] == [header]
    assert admitted.table.headers == ["community"]
    assert admitted.dropped[0].cells == 4


@pytest.mark.parametrize("header", KEPT)
def test_a_column_about_communities_is_kept_as_it_is(header: str) -> None:
    """Names, counts, codes, points and answers are nobody's personal data."""
    given = table({"community": ("Lindi", "Soweto", "Raila", "Silanga"), header: KEPT[header]})
    admitted = at_the_door(given)
    assert (admitted.dropped, admitted.notices) == ((), ())
    assert admitted.table.columns.equals(given.columns)


def test_no_header_that_is_read_for_a_community_asks_for_a_person() -> None:
    """Every synonym by which columns are recognised stays clear of the rules."""
    words = tomllib.loads(files("geodata.files").joinpath("headers.toml").read_text(encoding="utf-8"))
    sections = ("id", "single", "fallback", "alternative_names", "counts", "administrative")
    headers = [header for section in sections for entry in words[section].values() for header in entry]
    assert len(headers) > 300
    assert [header for header in headers if suspicions(header)] == []


def test_texts_are_blotted_with_a_notice_by_row_and_column() -> None:
    """A phone number, an address and a secret go, the sentence stays, and no notice repeats a value."""
    notes = (
        "Call 0712345678.",
        "write to jane@example.org",
        "see https://example.org/f?token=abc&n=1",
        "28 houses in 2019",
    )
    admitted = at_the_door(table({"name": ("A", "B", "C", "D"), "notes": notes}))
    assert admitted.table.columns.column("notes").to_pylist() == [
        "Call [phone removed].",
        "write to [e-mail removed]",
        "see https://example.org/f?token=[secret removed]&n=1",
        "28 houses in 2019",
    ]
    assert [(notice.row, notice.column, notice.fatal) for notice in admitted.notices] == [
        (2, "notes", False),
        (3, "notes", False),
        (4, "notes", False),
    ]
    assert not any(secret in f"{admitted.notices}" for secret in ("0712345678", "jane@", "abc"))


def test_a_mapped_column_is_kept_only_where_its_rule_allows_it() -> None:
    """Communities may be called after people; nobody's phone number is a name of a community."""
    given = table({"column 7": PEOPLE, "phone": PHONES, "autre": MAILS})
    admitted = at_the_door(given, kept={"column 7", "phone", "autre"})
    assert [one.header for one in admitted.dropped] == ["phone"]
    assert admitted.table.columns.column("column 7").to_pylist() == list(PEOPLE)
    assert set(admitted.table.columns.column("autre").to_pylist()) == {"[e-mail removed]"}


def test_a_column_dropped_from_one_part_of_a_file_is_dropped_from_all() -> None:
    """What the cells of the first part said holds for later parts, whatever theirs look like."""
    first = at_the_door(table({"column 7": PEOPLE, "name": ANY}))
    again = at_the_door(table({"column 7": ANY, "name": ANY}), before=first.dropped)
    assert [one.header for one in again.dropped] == ["column 7"]


def test_problems_of_the_table_lose_what_they_repeat() -> None:
    """A broken row is told, without the number that stood in it."""
    given = table({"name": ANY, "phone": PHONES})
    problems = (
        RowProblem(6, None, "Lindi, call 0712345678 today", "has too many cells", "quote it"),
        RowProblem(7, "phone", "0712", "is cut off", "write it again"),
    )
    admitted = at_the_door(Table(given.columns, given.rows, problems))
    assert [problem.value for problem in admitted.table.problems] == ["Lindi, call [phone removed] today", None]


def test_rows_stay_where_nothing_else_is_left() -> None:
    """A table of phone numbers only has rows still, so that what follows can say what is missing."""
    admitted = at_the_door(table({"phone": PHONES}))
    assert (len(admitted.table), admitted.table.headers) == (4, [])


def test_empty_cells_and_empty_tables_are_no_trouble() -> None:
    """Nulls, blanks and tables without rows pass; an empty column whose header asks for a person is dropped."""
    columns = pa.table({"name": pa.array([None, " "], pa.string()), "phone": pa.array([None, ""], pa.string())})
    admitted = at_the_door(Table(columns, np.array([2, 3])))
    assert [(one.header, one.cells) for one in admitted.dropped] == [("phone", 0)]
    assert len(at_the_door(Table(columns.slice(0, 0), np.array([], dtype=np.int64))).table) == 0
