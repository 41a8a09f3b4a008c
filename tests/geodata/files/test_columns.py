"""The columns of any list become places; what is doubtful is set aside and told, and no row is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely

from geodata.files.columns import Defaults, Reading, read_places
from geodata.files.headers import Side, UnknownColumn
from geodata.files.locations import UNSTATED_R95_M
from geodata.files.tables import read_table
from matchers.parameters import DEFAULTS


def read(text: str, side: Side = Side.CITIZEN, mapping: dict[str, str] | None = None, **defaults: Any) -> Reading:
    """Read delimited text."""
    return read_places(read_table(text.encode(), "list.csv"), side, mapping, Defaults(**defaults))


def rows(reading: Reading) -> list[dict[str, Any]]:
    """Return the places as dictionaries."""
    return reading.places.table.to_pylist()


def unspecified(name: str) -> dict[str, str | None]:
    """Return a name of no known language and script."""
    return {"text": name, "language": None, "script": None}


def told(reading: Reading) -> list[tuple[int | None, str | None, str]]:
    """Return row, column and message of every problem."""
    return [(problem.row, problem.column, problem.message) for problem in reading.problems]


def test_a_usual_list_needs_no_mapping():
    """Common headers are understood, whatever their case, accents and punctuation."""
    reading = read(
        "Record-ID,NAME,Other names,LATITUDE,Lng,Location_Uncertainty (m),País,Type,Level,Parent,"
        "Population,Method,Surveyed,Groups,Sub-County,Notes\n"
        "a1, Lindi ,Lindi Village; Kwa Lindi|Lindi,-1.313,36.794,250 m,Kenya,village,sub-location,Kibera,"
        '"35,158",census,2009-08-24,Nubian;Luo,Lang\'ata,by the dam\n'
    )
    assert rows(reading) == [
        {
            "id": "a1",
            "names": [
                {"text": name, "language": None, "script": None} for name in ("Lindi", "Lindi Village", "Kwa Lindi")
            ],
            "country": "KEN",
            "admin": [("sub_county", "Lang'ata")],
            "lat": -1.313,
            "lon": 36.794,
            "r95_m": 250.0,
            "area": None,
            "kind": "village",
            "level": "sub-location",
            "parent": "Kibera",
            "groups": ["Nubian", "Luo"],
            "counts": [
                {
                    "value": 35158.0,
                    "low": None,
                    "high": None,
                    "unit": "persons",
                    "group": None,
                    "method": "census",
                    "date": date(2009, 8, 24),
                    "status": "observed",
                }
            ],
            "observed": date(2009, 8, 24),
            "founded": None,
            "attributes": [("Notes", "by the dam"), ("Type", "village")],
        }
    ]
    assert reading.problems == ()
    assert reading.mapping["Sub-County"] == "admin.sub_county"
    assert reading.mapping["Notes"] == "attributes"


def test_the_side_decides_which_column_is_the_id():
    """Where a file has both, citizens are known by their record id and officials by the official one."""
    text = "record_id,official_id,name\nr1,o1,Lindi\n"
    assert read(text).places.ids == ["r1"]
    assert read(text, Side.OFFICIAL).places.ids == ["o1"]


@pytest.mark.parametrize("header", ["id", "uuid", "ID", "_uuid", "record id"])
def test_ids_of_citizens(header: str):
    """The usual names of ids, with the underscores of forms."""
    assert read(f"{header},name\nx,Lindi\n").places.ids == ["x"]


@pytest.mark.parametrize("header", ["id", "code", "GEOID", "pcode", "P-Code", "official_id"])
def test_ids_of_officials(header: str):
    """The usual names of official codes; a P-code is also kept where a record may name its place by it."""
    reading = read(f"{header},name\n0042,Lindi\n", Side.OFFICIAL)
    assert reading.places.ids == ["0042"]
    assert dict(rows(reading)[0]["admin"] or []) == ({"pcode": "0042"} if header in {"pcode", "P-Code"} else {})


def test_a_mapping_goes_before_the_headers():
    """What is mapped by hand wins, also with a synonym for the field, a unit or a level."""
    reading = read(
        "id,name,vrai nom,foyers,kaunti,code\n1,wrong,Lindi,20,Nairobi,K1\n",
        mapping={"name": "Vrai Nom", "record_id": "code", "count.households": "foyers", "admin.county": "kaunti"},
    )
    (row,) = rows(reading)
    assert (row["id"], row["names"][0]["text"], dict(row["admin"])) == ("K1", "Lindi", {"county": "Nairobi"})
    assert (row["counts"][0]["value"], row["counts"][0]["unit"]) == (20, "households")
    assert dict(row["attributes"]) == {"id": "1", "name": "wrong"}


@pytest.mark.parametrize(
    ("mapping", "said"),
    [({"name": "nome"}, "no column 'nome'; the columns are id, name"), ({"nmae": "name"}, "did you mean name")],
)
def test_a_mapping_to_nothing_is_refused(mapping: dict[str, str], said: str):
    """A header or a field that does not exist is named, with what there is."""
    with pytest.raises(UnknownColumn, match=said):
        read("id,name\n1,a\n", mapping=mapping)


def test_ids_that_are_missing_or_repeated_are_called_after_their_row():
    """No row is lost: the first keeps the id, later ones get their row added, and each is told."""
    reading = read("id,name\na,x\n,y\na,z\nrow-3,w\n")
    assert reading.places.ids == ["a", "row-3", "a#4", "row-3#5"]
    assert told(reading) == [
        (3, "id", "has no id; it is called after its row"),
        (4, "id", "the id is used before; its row was added to it"),
        (5, "id", "the id is used before; its row was added to it"),
    ]
    assert read("name\nx\ny\n").places.ids == ["row-2", "row-3"]


def test_names_of_only_spaces_are_told():
    """Blanks of any script are no name; the row stays, with its other names if it has any."""
    reading = read("id,name,aliases\n1, \u00a0\u200b,\n2,\u3000,Lindi\n3,Makina,\n")
    assert [len(row["names"]) for row in rows(reading)] == [0, 1, 1]
    assert reading.places.primary_names == ["", "Lindi", "Makina"]
    assert told(reading) == [(2, "name", "has no name"), (3, "name", "has no name")]


def test_names_in_several_languages():
    """A header such as name_sw says the language; a village column is the name where nothing else is."""
    reading = read("id,name,name:sw,name_am,tribal_name\n1,Big River,Mto Mkubwa,ትልቅ ወንዝ,Kwa Kuu\n")
    assert [(name["text"], name["language"]) for name in rows(reading)[0]["names"]] == [
        ("Big River", None),
        ("Mto Mkubwa", "sw"),
        ("ትልቅ ወንዝ", "am"),
        ("Kwa Kuu", None),
    ]
    assert read("village,ward\nLindi,Laini Saba\n").places.primary_names == ["Lindi"]
    assert dict(rows(read("name,village\nAn Nur School,Lindi\n"))[0]["admin"]) == {"village": "Lindi"}


def test_doubtful_coordinates_are_set_aside():
    """Impossible, swapped, zero, half and unreadable coordinates become null, each with its row and a mend."""
    reading = read(
        "id,name,lat,lon,country\n1,a,-1.3,36.8,KEN\n2,b,36.8,-1.3,KEN\n3,c,0,0,KEN\n4,d,95,200,KEN\n5,e,-1.3,,KEN\n"
        '6,f,"1°18\'S","36°47\'16""E",KEN\n7,g,"-1,3","36,8",KEN\n8,h,,,KEN\n9,i,\u22121.3,36.8,KEN\n'
    )
    known = ~np.isnan(reading.places.lat)
    assert known.tolist() == [True, False, False, False, False, False, True, False, True]
    assert (np.isnan(reading.places.lat) == np.isnan(reading.places.lon)).all()
    assert [(problem.row, problem.column) for problem in reading.problems] == [
        (3, "lat and lon"),
        (4, "lat and lon"),
        (5, "lat and lon"),
        (6, "lat"),
        (7, "lat"),
        (7, "lon"),
    ]
    hints = [problem.hint for problem in reading.problems]
    assert "latitude -1.3 and longitude 36.8" in hints[0]
    assert hints[4:] == ["write -1.300000", "write 36.787778"]
    assert not any(problem.fatal for problem in reading.problems)


@pytest.mark.parametrize(
    ("written", "metres", "said"),
    [
        ("250", 250, None),
        ("0.3 km", 300, None),
        ("12,5 m", 12.5, None),
        ("-5", None, "an uncertainty cannot be negative"),
        ("0", None, "no location is exact"),
        ("near", None, "is not a distance"),
    ],
)
def test_uncertainty_is_metres(written: str, metres: float | None, said: str | None):
    """Metres and kilometres are read; negative, zero and wordy ones are set aside."""
    reading = read(f'name,uncertainty\nx,"{written}"\n')
    assert rows(reading)[0]["r95_m"] == metres
    assert [message for _, _, message in told(reading)] == ([said] if said else [])


def test_countries_are_codes_or_set_aside():
    """Names, codes and numbers become one code; several are kept as a fact; an unknown one is told with the nearest."""
    reading = read("name,countries\na,Kenya\nb,404\nc,KE;TZ\nd,Kenia\ne,\nf,TZ KE\n", country="UGA")
    assert reading.places.texts("country") == ["KEN", "KEN", None, None, "UGA", None]
    assert [dict(row["attributes"]) for row in rows(reading)][2] == {"countries": "KEN;TZA"}
    assert told(reading) == [(5, "countries", "no country is called 'Kenia'; did you mean Kenya?")]


def test_an_unknown_country_is_not_replaced_by_the_default():
    """A default fills what was left empty, not what was said and not understood."""
    assert read("name,country\na,Kenia\nb,\n", country="UGA").places.texts("country") == [None, "UGA"]


def test_counts_of_several_kinds():
    """Each column of counts is one count, with the unit and year of its header, or those of the row."""
    reading = read('name,households,Population 2009,Students,method,date\nx,20,"1,250",~300,survey,2017\n')
    counts = rows(reading)[0]["counts"]
    assert [(one["unit"], one["value"], one["date"], one["method"], one["status"]) for one in counts] == [
        ("households", 20, date(2017, 7, 1), "survey", "observed"),
        ("persons", 1250, date(2009, 7, 1), "survey", "observed"),
        ("pupils", 300, date(2017, 7, 1), "survey", "estimated"),
    ]


def test_unknown_is_not_zero():
    """A range keeps its ends, a reason stays a reason, a blank says nothing, nonsense is told."""
    reading = read("name,count,unit\na,199959-205108,people\nb,unknown,\nc,,\nd,0,HH\ne,many,\nf,*,\n")
    assert [
        [(one["value"], one["low"], one["high"], one["unit"], one["status"]) for one in row["counts"]]
        for row in rows(reading)
    ] == [
        [(None, 199959, 205108, "persons", "estimated")],
        [(None, None, None, "persons", "not_available")],
        [],
        [(0, None, None, "households", "true_zero")],
        [],
        [(None, None, None, "persons", "suppressed")],
    ]
    assert told(reading) == [(6, "count", "is not a count")]


def test_days_and_months_are_told_apart_by_the_column():
    """One unmistakable date in a column decides for all; where none does, the cell is set aside."""
    clear = read("name,date\na,03/04/2019\nb,25/12/2019\n")
    assert [row["observed"] for row in rows(clear)] == [date(2019, 4, 3), date(2019, 12, 25)]
    unclear = read("name,date\na,03/04/2019\nb,2017\n")
    assert [row["observed"] for row in rows(unclear)] == [None, date(2017, 7, 1)]
    assert told(unclear) == [(2, "date", "may be day/month or month/day")]


def test_administrative_columns_have_one_key_on_both_sides():
    """However the header is written, the level has the same key; codes stay text."""
    citizen = read("name,ADM2_PCODE,Sub county,WARD\nx,KE047,Lang'ata,Laini Saba\n")
    official = read("id,name,admin2Pcode,sub-county,ward\n1,x,KE047,Lang'ata,Laini Saba\n", Side.OFFICIAL)
    assert (
        dict(rows(citizen)[0]["admin"])
        == dict(rows(official)[0]["admin"])
        == {"adm2_pcode": "KE047", "sub_county": "Lang'ata", "ward": "Laini Saba"}
    )


def test_a_list_of_units_is_read_at_its_deepest_level():
    """OCHA's lists have no column called name: the place is the last unit, and stays below its parents."""
    reading = read("ADM1_FR,ADM1_PCODE,ADM2_FR,ADM2_PCODE,T_TL\nOmbella,CF11,Bimbo,CF111,448\n", Side.OFFICIAL)
    (row,) = rows(reading)
    assert (row["id"], row["names"][0]["text"], row["counts"][0]["value"]) == ("CF111", "Bimbo", 448)
    assert dict(row["admin"])["adm1_pcode"] == "CF11"


def test_a_list_of_schools_holds_schools():
    """A header that only school lists have gives the kind; the type narrows it, and is kept."""
    reading = read("id,name,school_type\n1,A,primary\n2,B,other\n3,C,\n")
    assert reading.places.texts("kind") == ["primary_school", "school", "school"]
    assert [dict(row["attributes"]) for row in rows(reading)] == [
        {"school_type": "primary"},
        {"school_type": "other"},
        {},
    ]


def test_areas_come_from_wkt_and_from_features():
    """A polygon is the area, and a point inside it the point, unless columns give one; broken outlines are told."""
    text = (
        'id,name,wkt\n1,a,"POLYGON ((36 -2, 37 -2, 37 -1, 36 -1, 36 -2))"\n2,b,POINT (36.8 -1.3)\n'
        '3,c,"LINESTRING (36 -2, 37 -2)"\n4,d,nonsense\n5,e,"POLYGON ((36 -2, 37 -1, 37 -2, 36 -1, 36 -2))"\n'
        '6,f,"SRID=4326;POINT (36.8 -1.3)"\n'
    )
    reading = read(text)
    areas = [None if row["area"] is None else shapely.from_wkb(row["area"]) for row in rows(reading)]
    assert [area is not None for area in areas] == [True, False, False, False, False, False]
    assert areas[0] is not None
    assert areas[0].contains(shapely.Point(reading.places.lon[0], reading.places.lat[0]))
    assert np.isnan(reading.places.lat).tolist() == [False, False, True, True, False, False]
    assert told(reading) == [
        (4, "geometry", "is neither a point nor an area"),
        (5, "wkt", "is not a geometry"),
        (6, "geometry", "the outline crosses itself; only a point inside was kept"),
    ]


def test_an_area_in_the_wrong_country_is_set_aside_with_its_point():
    """When the point inside is doubted, so is the outline."""
    reading = read('name,country,wkt\na,KEN,"POLYGON ((-2 36, -2 37, -1 37, -1 36, -2 36))"\n')
    assert rows(reading)[0]["area"] is None
    assert np.isnan(reading.places.lat).all()
    assert "swapped" in reading.problems[0].message


def test_columns_of_forms_are_understood():
    """Kobo and ODK put the question's path into the header and make several columns of a point."""
    text = "_uuid;intro/name;_gps_latitude;_gps_longitude;_gps_precision;intro/country\nu1;Lindi;-1.3;36.8;5;KEN\n"
    (row,) = rows(read(text))
    assert (row["id"], row["names"][0]["text"], row["lat"], row["country"]) == ("u1", "Lindi", -1.3, "KEN")
    assert dict(row["attributes"]) == {"accuracy_m": "5"}


@pytest.mark.parametrize(("accuracy", "metres"), [("5", None), ("500", None), ("501", 1002), ("0.9 km", 1800)])
def test_the_accuracy_of_a_phone_only_widens_where_a_place_may_be(accuracy: str, metres: float | None):
    """Five metres are known of the phone, not of the community around it; a bad reading does count, doubled."""
    (row,) = rows(read(f"name,lat,lon,gps accuracy\nLindi,-1.3133,36.7876,{accuracy}\n"))
    assert row["r95_m"] == metres
    assert dict(row["attributes"]) == {"accuracy_m": accuracy}


def test_the_stated_uncertainty_of_a_place_goes_before_the_accuracy_of_the_phone():
    """Whoever says how far off the place may be knows more than the receiver does."""
    (row,) = rows(read("name,lat,lon,accuracy,uncertainty\nLindi,-1.3133,36.7876,900,250\n"))
    assert row["r95_m"] == 250


def test_what_is_taken_of_an_unstated_place_is_what_matching_takes():
    """The two packages must not disagree about it, though neither may import the other's numbers."""
    assert DEFAULTS.geography.r95_citizen_m == UNSTATED_R95_M


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Nom", "names"),
        ("Nombre", "names"),
        ("Nome", "names"),
        ("الاسم", "names"),
        ("Población", "counts"),
        ("Ménages", "counts"),
        ("عدد السكان", "counts"),
        ("País", "country"),
    ],
)
def test_headers_in_other_languages(header: str, field: str):
    """French, Spanish, Portuguese and Arabic headers are understood."""
    value = {"names": "Lindi", "counts": "12", "country": "Kenya"}[field]
    assert rows(read(f"id,{header}\n1,{value}\n"))[0][field]


def test_defaults_hold_where_the_row_does_not_say():
    """Kind, level, unit, method, day and uncertainty of the whole list fill the gaps."""
    reading = read("name,count\nx,5\n", kind="village", unit="households", method="survey", r95_m=300.0)
    (row,) = rows(reading)
    assert (row["kind"], row["r95_m"]) == ("village", 300)
    assert (row["counts"][0]["unit"], row["counts"][0]["method"]) == ("households", "survey")
    assert rows(read("name\nx\n", level="ward"))[0]["kind"] == "ward"


def test_empty_rows_are_passed_over_and_numbers_kept():
    """A row of commas is no place; the rows after it keep the number a spreadsheet shows."""
    reading = read("id,name\n1,a\n,\n,<Null>\n2,b\n")
    assert (reading.places.ids, reading.rows.tolist(), reading.problems) == (["1", "2"], [2, 5], ())


def test_problems_of_the_file_and_of_its_values_come_in_the_order_of_the_rows():
    """Broken rows and doubtful values stand together, so that a file can be mended from top to bottom."""
    reading = read("id,name,lat,lon\n1,a,95,1\n2,b\n3,c,x,1\n")
    assert [problem.row for problem in reading.problems] == sorted(problem.row or 0 for problem in reading.problems)
    assert [(problem.row, problem.fatal) for problem in reading.problems][:2] == [(2, False), (3, True)]


def test_a_header_alone_gives_no_places():
    """An empty list of any columns is an empty table of places, not a crash."""
    reading = read("id,name,lat,lon,wkt,country,count,date,kind,groups,aliases,ward,accuracy\n")
    assert (len(reading.places), reading.problems) == (0, ())


def test_every_column_survives_in_some_part():
    """Each header of a file is used for something or kept as an attribute."""
    text = "id,name,colour,ward,households,lat,lon,empty\n1,a,red,w,3,1,1,\n"
    reading = read(text)
    assert set(reading.mapping) == set(text.splitlines()[0].split(","))
    assert dict(rows(reading)[0]["attributes"]) == {"colour": "red"}


def test_characters_that_cannot_be_seen_are_left_out_and_told():
    """A mark that turns text around shows one name as another; what is seen stays, joiners of Indic scripts too."""
    rows = ("1,Lin\u202edi,KEN,a\x07b", "2,\u0995\u09cd\u200d\u09b7,KEN,c", "3,\u202b\u202c,KEN,d")
    content = "\n".join(("id,name,country,ward", *rows, ""))
    reading = read_places(read_table(content.encode(), "x.csv"))
    assert reading.places.primary_names[:2] == ["Lindi", "\u0995\u09cd\u200d\u09b7"]
    told = [(one.row, one.column) for one in reading.problems if "cannot be seen" in one.message]
    assert sorted(told) == [(2, "name"), (2, "ward"), (4, "name")]
    assert not any("\u202e" in str(one) for one in reading.problems)
