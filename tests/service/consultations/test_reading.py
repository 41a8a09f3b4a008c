"""Files of responses and meetings: columns found in four languages, bad cells told, nobody's name read."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from geodata.files.headers import UnknownColumn
from geodata.files.tables import read_table
from service.accounts.statement import Form
from service.consultations.reading import Defaults, read_statements

SPECIMENS = Path(__file__).parents[2] / "specimens" / "consultations"
KENYA = Defaults(country="KEN")

HEADERS = {
    "en": "id,country,province,age group,gender,groups left behind,drivers,sdgs,priorities",
    "fr": "identifiant,pays,région,tranche d'âge,sexe,groupes laissés de côté,raisons,odd,priorités",
    "es": "identificador,país,provincia,rango de edad,sexo,grupos dejados atrás,causas,ods,prioridades",
    "pt": "identificador,país,estado,faixa etária,sexo,grupos deixados para trás,motivos,ods,prioridades",
}


def read(text, defaults=KENYA, **options):
    """Read a CSV file given as text."""
    return read_statements(read_table(text.encode(), "survey.csv"), defaults, **options)


@pytest.mark.parametrize("language", HEADERS)
def test_headers_are_found_without_a_mapping(language):
    """Every part of a response is found under its usual header."""
    found = read(f"{HEADERS[language]}\n1,SEN,Dakar,20-40,F,femmes,pauvreté,5,eau\n")
    (sent,) = found.sent
    statement = sent.statement
    assert found.problems == found.ignored == ()
    assert (sent.own_id, statement.country, statement.province) == ("1", "SEN", "Dakar")
    assert (statement.ages, statement.genders) == ((("20-40", 1),), (("women", 1),))
    assert [getattr(statement, name).known for name in ("groups", "drivers", "sdg", "priorities")] == [
        ("women",),
        ("poverty-driver",),
        ("5",),
        ("water-and-sanitation",),
    ]


def test_a_dialogue_is_read_with_its_participants():
    """The specimen: places, days, participants by age band and gender, groups in free text."""
    found = read_statements(read_table(SPECIMENS / "dialogue.csv"), Defaults(Form.MEETING, "KEN"))
    assert found.problems == ()
    first = found.sent[0].statement
    assert (first.form, first.province, first.municipality) == (Form.MEETING, "Turkana", "Lodwar")
    assert (first.day, first.people) == (date(2017, 3, 14), 46)
    assert dict(first.genders) == {"women": 27, "men": 19}
    assert dict(first.ages) == {"under 20": 5, "20-40": 21, "40-60": 15, "60-80": 5}
    assert set(first.groups.known) == {"turkana", "pastoralists", "older-persons"}
    assert sum(sent.statement.people for sent in found.sent) == 248


def test_a_french_dialogue_is_read_as_it_comes():
    """Semicolons, French headers and days."""
    found = read_statements(read_table(SPECIMENS / "dialogue-fr.csv"), Defaults(Form.MEETING, "SEN"))
    assert [sent.statement.people for sent in found.sent] == [40, 33]
    assert [sent.statement.day for sent in found.sent] == [date(2017, 3, 12), date(2017, 3, 25)]
    assert set(found.sent[1].statement.groups.known) == {"refugees", "stateless", "young-people"}


def test_columns_that_play_no_part_are_never_read():
    """Names, telephones and stories stay in the file."""
    found = read("id,Your name,Telephone,groups\n1,Achieng Otieno,+254700000000,women\n")
    assert found.ignored == ("Your name", "Telephone")
    assert "Achieng" not in repr(found.sent)
    assert "254" not in repr(found.sent)


def test_a_bad_cell_is_told_and_the_row_stays():
    """Age and gender that cannot be read are set aside with the row's number; a row without a country is left out."""
    found = read(
        "id,country,age,gender,groups\n1,KEN,soon,F,women\n2,Atlantis,20-40,M,men\n3,KEN,20-40,?!,women\n", Defaults()
    )
    assert [sent.own_id for sent in found.sent] == ["1", "3"]
    told = [(problem.row, problem.column, problem.fatal) for problem in found.problems]
    assert told == [(2, "age", False), (3, "country", False), (3, "country", True), (4, "gender", False)]
    assert all(problem.hint for problem in found.problems)


def test_rows_without_an_id_are_known_again():
    """The same file names the same rows, two that say the same are two, and another order changes nothing."""
    rows = ["20-40,F,women", "20-40,F,women", "40-60,M,refugees"]
    first = read("age,gender,groups\n" + "\n".join(rows))
    again = read("age,gender,groups\n" + "\n".join(reversed(rows)))
    ids = {sent.own_id for sent in first.sent}
    assert len(ids) == 3
    assert ids == {sent.own_id for sent in again.sent}


def test_a_column_may_be_named_by_hand():
    """A mapping goes before headers; one that names nothing is refused with what there is."""
    found = read("a,b\nwomen,20-40\n", mapping={"groups": "a", "age": "b"})
    assert found.sent[0].statement.groups.known == ("women",)
    for wrong in ({"groups": "c"}, {"colour": "a"}):
        with pytest.raises(UnknownColumn):
            read("a,b\nwomen,20-40\n", mapping=wrong)


def test_a_workbook_is_read_like_text():
    """XLSX, with a number where an age stands."""
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(
            (("Country", "Age", "Sex", "Who is left behind?"), ("Kenya", 34, "male", "fisherfolk"))
        ):
            sheet.write_row(row, 0, cells)
    (sent,) = read_statements(read_table(out.getvalue(), "survey.xlsx"), Defaults()).sent
    assert sent.statement.ages == (("30-39", 1),)
    assert sent.statement.groups.known == ("fishers",)
