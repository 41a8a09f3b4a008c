"""What an account says beyond its place comes back beside the places, checked, null where nothing is said."""

from __future__ import annotations

import pytest

from geodata.files.columns import Reading, read_places
from geodata.files.headers import Side
from geodata.files.saidcolumns import SAID
from geodata.files.tables import read_table
from service.disclosure.policy import Consent, Sensitivity

TEXT = (
    "name;consent;sensitivity;drivers;SDGs;evidence link\n"
    "A;Public masked;caution;eviction|floods;SDG 11.1, 6;see https://a.example/x and https://b.example/y.\n"
    "B;yes;dangerous;;99;the folder\n"
    "C;;;;;\n"
)


def read(text: str, side: Side = Side.CITIZEN) -> Reading:
    """Read delimited text."""
    return read_places(read_table(text.encode(), "list.csv"), side)


def test_what_is_said_is_aligned_with_the_rows():
    """Terms, lists and links are read; an empty cell says nothing."""
    said = read(TEXT).said
    assert said.schema.equals(SAID)
    nothing = dict.fromkeys(SAID.names)
    assert said.to_pylist() == [
        {
            "consent": "public_masked",
            "sensitivity": "caution",
            "drivers": ["eviction", "floods"],
            "sdg": ["11.1", "6"],
            "evidence": ["https://a.example/x", "https://b.example/y"],
        },
        nothing,
        nothing,
    ]


def test_what_is_not_known_is_told_and_never_taken_for_agreed():
    """A plain yes says not to what; a word, a goal or a link that is none is set aside."""
    reading = read(TEXT)
    assert [(problem.row, problem.column, problem.fatal) for problem in reading.problems] == [
        (3, "consent", False),
        (3, "sensitivity", False),
        (3, "SDGs", False),
        (3, "evidence link", False),
    ]
    assert "public_aggregate" in reading.problems[0].hint


@pytest.mark.parametrize(("part", "terms"), [("consent", Consent), ("sensitivity", Sensitivity)])
def test_every_term_of_the_service_is_read(part: str, terms: type[Consent | Sensitivity]):
    """The words are those of disclosure, with blanks, strokes or underscores."""
    for term in terms:
        for written in (term.value, term.value.replace("_", " ").title(), term.value.replace("_", "-").upper()):
            assert read(f"name,{part}\nA,{written}\n").said.column(part).to_pylist() == [term.value]


def test_a_list_of_an_office_says_none_of_it():
    """On the official side such columns stay attributes, and nothing is said."""
    reading = read(TEXT, Side.OFFICIAL)
    assert reading.mapping["consent"] == "attributes"
    assert reading.said.column("consent").null_count == 3


def test_said_may_be_mapped_by_hand():
    """A column of any name can be named as one of these."""
    table = read_table(b"name,may we show it\nA,partners\n", "list.csv")
    reading = read_places(table, mapping={"consent": "may we show it"})
    assert reading.said.column("consent").to_pylist() == ["partners"]
    assert reading.mapping["may we show it"] == "consent"
