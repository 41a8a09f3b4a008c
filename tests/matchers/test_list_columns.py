"""What is read of a whole list as columns is what reading it row by row says."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.countries import known_country
from geodata.index import PlaceIndex
from geodata.index.admin import admin_of
from geodata.index.entries import Entries, entries_of
from geodata.names import form, forms, skeleton
from geodata.names.forms import forms_of_column
from geodata.names.sound import skeletons
from geodata.places import Places
from geodata.texts import Texts
from matchers.features.admin import Units
from matchers.features.qualifiers import Qualifiers
from matchers.features.rarity import key_codes
from matchers.features.stems import Stems, stems_of
from matchers.listedkinds import listed_kinds
from matchers.profile import order_of
from matchers.records import kinds_of
from matchers.twins import twins_of

WORDS = [
    "Lindi",
    "Kianda",
    "Kiandas",
    "2",
    "II",
    "Upper",
    "School",
    "Primary",
    "Camp",
    "de",
    "l'Asile",
    "St.",
    "Soweto",
]
WRITTEN = st.lists(st.sampled_from(WORDS), min_size=1, max_size=9).map(" ".join)
NAMES = st.one_of(
    WRITTEN,
    st.builds("{} ({})".format, WRITTEN, st.sampled_from(["Kenya", "north", "Cameroon", ""])),
    st.sampled_from(["جباليا", "ភូមិថ្មី", "São Tomé", "", "Кибера 4", "x" * 70]),
)
KINDS = st.sampled_from([None, "school", "Primary School", "village", "nonsense"])
ENTRIES = st.lists(
    st.tuples(st.sampled_from(["Type", "type", "Site kind", "operator"]), st.sampled_from(["camp", "school", None])),
    max_size=3,
)
ROW = st.fixed_dictionaries(
    {
        "names": st.lists(NAMES, max_size=3),
        "kind": KINDS,
        "level": KINDS,
        "country": st.sampled_from([None, "KEN", "cmr"]),
        "attributes": st.one_of(st.none(), ENTRIES),
        "admin": st.one_of(st.none(), st.just([("Ward", "Ward 5")]), st.just([("Ward", "5"), ("County", "Kwale")])),
        "lat": st.sampled_from([None, 1.0, 1.0004, 2.0]),
        "lon": st.sampled_from([None, 36.0]),
    }
)


@given(st.lists(NAMES, max_size=20))
@settings(deadline=None)
def test_names_are_parted_alike_one_by_one_and_as_a_column(names):
    """However many names there are, each has the parts that it has alone."""
    many = [*names, *(f"Name {'abcdefghij'[at % 10]}{'klmnop'[at % 6]} {at}" for at in range(70))]
    read = forms(many)
    assert [read[at] for at in range(len(names))] == [form(name) for name in names]
    assert list(read.parts) == [read.parts[at] for at in range(len(read.parts))] == read.parts[:]
    assert read.skeletons.tolist() == [skeleton(part.core) for part in read.parts]
    few = forms(names[:9])
    for column, one in ((read.wholes.letters, few.wholes.letters), (read.wholes.around, few.wholes.around)):
        assert [column[int(at)] for at in read.which[: len(few)]] == [one[int(at)] for at in few.which]
    marks = [read.marks.distinct[int(at)] for at in read.marks.which]
    assert marks == [(part.number, part.modifier) for part in read.parts]
    assert Stems.numbered(read)[1].keys() == {stem for part in read.parts for stem in stems_of(part)}


@given(st.lists(st.text("aeiouyhpcsqzvlgmnt ", max_size=9), max_size=20))
def test_skeletons_of_a_column_are_those_of_its_texts(cores):
    """The consonants of many cores are those of each."""
    assert skeletons(Texts.of(cores)).tolist() == [skeleton(core) for core in cores]


@given(st.lists(WRITTEN, min_size=1, max_size=12))
@settings(deadline=None)
def test_stems_have_one_number_in_columns_and_one_by_one(names):
    """A record's stems have the numbers of the list; unknown ones have none, each another."""
    listed, number = Stems.numbered(forms([*WORDS, *names, *(f"place {at} x" for at in range(70))]))
    assert (listed.table.max(), len(number)) == (len(number) - 1, len(set(number)))
    for columns in (
        forms(["Nobody", *names]),
        forms(["Nobody", *names, *(f"q{'abcdefghij'[at]}x" * at for at in range(9))]),
    ):
        table = Stems.of(columns, number).table
        for part, row in zip(columns.parts, table.tolist(), strict=True):
            expected = [number.get(stem, -2 - at) for at, stem in enumerate(stems_of(part))]
            assert row == expected + [-1] * (8 - len(expected))


@given(st.lists(ROW, max_size=9))
@settings(deadline=None)
def test_the_columns_of_a_list_say_what_its_rows_say(rows):
    """Kinds, units, brackets, entries and keys of a list are those of each of its rows."""
    places = Places.from_rows({"id": f"p{at % 7}{at}", **row} for at, row in enumerate(rows))
    index = PlaceIndex.build(places)
    names, which = index.names, index.name_rows
    attributes = entries_of(places.column("attributes"))
    columns = Entries.of(places.column("attributes"))
    headers = [columns.headers[at] for at in columns.header.tolist()]
    assert list(zip(columns.row.tolist(), headers, columns.texts.to_pylist(), strict=True)) == attributes
    kinds = listed_kinds(index)
    assert [kinds.of_row(row) for row in range(len(places))] == kinds_of(places, attributes, (names, which))
    assert kinds.held.sum() == len(places)
    keys, at = admin_of(places, entries_of(places.column("admin")))
    assert index.admin.keys == sorted(set(keys))
    found = index.admin.rows_of(index.admin.numbers(index.admin.keys))
    expected = {(key, row) for key, row in zip(keys, at.tolist(), strict=True)}
    assert {(index.admin.keys[key], row) for key, row in zip(*map(np.ndarray.tolist, found), strict=True)} == expected
    first = {}
    for each, row in zip(names.which.tolist(), which.tolist(), strict=True):
        if qualifier := names.parts[each].qualifier:
            first.setdefault(row, known_country(qualifier) or qualifier)
    listed = Qualifiers.of(index)
    said = [listed.texts[number] if number >= 0 else None for number in listed.row.tolist()]
    assert said == [first.get(row) for row in range(len(places))]
    codes = key_codes(index).tolist()
    assert len(set(codes)) == len({part.key for part in names.parts})


@given(st.lists(ROW, max_size=12))
@settings(deadline=None)
def test_twins_share_name_kind_units_and_spot(rows):
    """A row's twin is the first by identifier that agrees in all of them; found here by comparing every two."""
    ids = [f"{'qwertyuiopas'[at]}" for at in range(len(rows))]
    places = Places.from_rows({"id": own, **row} for own, row in zip(ids, rows, strict=True))
    index = PlaceIndex.build(places)
    kind, units = listed_kinds(index).code, Units.all_of(index)
    order = np.empty(len(rows), np.int64)
    order[order_of(places.column("id"))] = np.arange(len(rows))
    twins = twins_of(index, units, kind, order)

    def entry(row):
        part = form(rows[row]["names"][0]) if rows[row]["names"] else form("")
        spot = None if None in (rows[row]["lat"], rows[row]["lon"]) else (round(rows[row]["lat"], 3), rows[row]["lon"])
        said = [int(unit.value[row]) for unit in units]
        known = part.core and (spot is not None or max(said, default=-1) >= 0)
        return (part.key, int(kind[row]), said, spot) if known else row

    for row in range(len(rows)):
        alike = [other for other in range(len(rows)) if entry(other) == entry(row)]
        assert twins[row] == min(alike, key=ids.__getitem__)


def test_columns_of_names_may_be_null_or_empty():
    """A null name counts as an empty one; no names at all have no parts."""
    column = Places.from_rows([{"id": "a", "names": [{"text": None}, ""]}]).name_columns[0]
    assert [part.core for part in forms_of_column(column).parts] == [""]
    assert len(forms([]).parts) == 0
