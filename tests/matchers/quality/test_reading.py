"""Reading passports: strict, and telling everything that is wrong at once."""

from __future__ import annotations

import copy
from datetime import date

import pytest

from matchers.quality.dates import Stated, between
from matchers.quality.passport import Part
from matchers.quality.reading import InvalidPassport, as_plain, read_plain, read_toml


def test_a_whole_passport_reads_back_as_it_was_written(collection):
    """What is read is what was said, in our values; written again it is the same."""
    found = read_plain(collection.whole, collection.today)
    assert (found.citizen_role.design, found.scope.countries, found.funding.funders) == (Part.LEAD, ("KEN",), ())
    assert found.method.n == 270
    again = as_plain(found)
    assert read_plain(again, collection.today) == found
    assert again == {**collection.whole, "scope": {**collection.whole["scope"], "countries": ["KEN"]}}


def test_toml_and_json_say_the_same(collection):
    """A TOML date is a date like one in quotes."""
    text = 'title = "Roster"\n[reference]\nstart = 2025-10-01\n[method]\ncode = "full_enumeration"\n'
    plain = {"title": "Roster", "reference": {"start": "2025-10-01"}, "method": {"code": "full_enumeration"}}
    assert read_toml(text, collection.today) == read_plain(plain, collection.today)


def test_a_whole_number_may_be_written_as_json_writes_it(collection):
    """270.0 is the whole number 270: JSON has one kind of number."""
    plain = {"title": "Roster", "method": {"code": "full_enumeration", "n": 270.0}}
    assert read_plain(plain, collection.today).method.n == 270


@pytest.mark.parametrize(
    ("written", "where", "says"),
    [
        ((("titel",), "Roster"), "titel", "Did you mean title?"),
        ((("title",), ""), "title", "text that can be read"),
        ((("title",), "x" * 201), "title", "Keep it to 200 characters"),
        ((("method", "code"), "astrology"), "method.code", "no method known here. Write full_enumeration"),
        ((("method", "n"), 0), "method.n", "a whole number from 1"),
        ((("method", "n"), 2.5), "method.n", "a whole number"),
        ((("method", "n"), True), "method.n", "a whole number"),
        ((("method", "non_response"), 40), "method.non_response", "a number from 0 to 1"),
        ((("method", "non_response"), float("nan")), "method.non_response", "a number from 0 to 1"),
        ((("method", "quality_assurance"), "twice"), "method.quality_assurance", "has to be a list"),
        ((("method", "quality_assurance"), [3]), "method.quality_assurance.0", "has to be text"),
        ((("citizen_role", "design"), "some"), "citizen_role.design", "Use lead, share, none"),
        ((("citizen_role", "design"), ["lead"]), "citizen_role.design", "Use lead, share, none"),
        ((("scope", "countries"), ["Narnia"]), "scope.countries.0", "no country 'Narnia'"),
        ((("reference", "start"), "2025-13"), "reference.start", "not a day, month or year"),
        ((("reference", "start"), "2027"), "reference.start", "has not come yet"),
        ((("reference", "end"), "2024"), "reference.end", "before the start"),
        ((("funding", "undisclosed"), "yes"), "funding.undisclosed", "true or false"),
        ((("ethics",), "none"), "ethics", "has to be a table"),
    ],
)
def test_what_is_wrong_is_told_with_where_and_how_to_mend_it(collection, written, where, says):
    """Each mistake names its field, says what is wrong, and how to write it."""
    path, value = written
    plain = copy.deepcopy(collection.whole)
    table = plain if len(path) == 1 else plain[path[0]]
    table[path[-1]] = value
    with pytest.raises(InvalidPassport) as refused:
        read_plain(plain, collection.today)
    (problem,) = refused.value.problems
    assert problem.sentence().startswith(f"{where}: ")
    assert says in problem.sentence()


def test_all_mistakes_are_told_at_once(collection):
    """Nobody mends one field to be told of the next."""
    with pytest.raises(InvalidPassport) as refused:
        read_plain({"method": {"n": "many"}, "licence": 4}, collection.today)
    told = {problem.path for problem in refused.value.problems}
    assert told == {("method", "n"), ("licence",), ("title",)}


def test_funders_cannot_be_named_and_withheld(collection):
    """A contradiction is no passport."""
    plain = {"title": "Roster", "funding": {"funders": ["A bank"], "undisclosed": True}}
    with pytest.raises(InvalidPassport, match="named, and said not to be"):
        read_plain(plain, collection.today)


@pytest.mark.parametrize(
    ("start", "end", "middle", "spread"),
    [
        ("2019", None, date(2019, 7, 1), 0.5),
        ("2019-08", None, date(2019, 8, 15), 1 / 24),
        ("2019-08-24", None, date(2019, 8, 24), 0.0),
        ("2018", "2019", date(2018, 12, 30), 1.0),
        ("2019-01-01", "2019-01-31", date(2019, 1, 16), 0.041),
    ],
)
def test_a_year_stands_for_its_middle_half_a_year_to_either_side(start, end, middle, spread):
    """What a date leaves open is added to the uncertainty in time."""
    found = between(Stated(start), Stated(end) if end else None)
    assert found.day == middle
    assert found.spread_years == pytest.approx(spread, abs=0.001)
