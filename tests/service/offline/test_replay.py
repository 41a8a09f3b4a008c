"""Certificates of two files: one for every row, made again from the files alone."""

from __future__ import annotations

import functools
import json
import operator
from datetime import date

import pytest

from matchers.certificates.certificate import canonical
from service.errors import Problem
from service.offline.compare import compare_files
from service.offline.inputs import Request
from service.offline.replay import Where, replay_file

DAY = date(2026, 3, 1)
OURS = """id,name,lat,lon,county,population,date,method
a,Bondeni,0.536,35.0,Uasin Gishu,900,2025-06-01,census
b,Lindi,0.518,35.0005,Uasin Gishu,1500,2025-06-01,census
c,Lindy,0.520,35.001,Uasin Gishu,,,
x,,,,,,,
d,Kapchorwa,0.5,35.0,Nandi,,,
"""
THEIRS = """code,name,lat,lon,county,population,date
V0,Kapchorwa,0.500,35.0,Uasin Gishu,700,2019-08-24
V1,Mashimoni,0.509,35.0,Uasin Gishu,800,2019-08-24
V2,Lindi,0.518,35.0,Uasin Gishu,400,2019-08-24
V3,Turbo,0.527,35.0,Uasin Gishu,600,2019-08-24
V4,Gatwekera,0.545,35.0,Uasin Gishu,650,2019-08-24
"""


@pytest.fixture
def compared(tmp_path):
    """Compare two files, certificates and all, and return the folder."""
    (tmp_path / "ours.csv").write_text(OURS)
    (tmp_path / "theirs.csv").write_text(THEIRS)
    certify(tmp_path, "ours.csv", "certificates.ndjson")
    return tmp_path


def certify(folder, citizen, certificates, **more):
    """Compare one citizen file, writing certificates."""
    files = (folder / citizen, folder / "theirs.csv", folder / "findings.csv")
    request = Request(*files, certificates=folder / certificates, **more)
    compare_files(request, lambda _done, _all: None, today=DAY)


def test_every_row_is_reproduced_from_the_files(compared):
    """Each row has a certificate, and all of them replay to the same bytes, competition and counts among them."""
    again = list(replay_file(Where(compared / "certificates.ndjson")))
    assert [one.stated["record"]["row"] for one in again] == [2, 3, 4, 5, 6]
    assert [one.differences for one in again] == [[]] * 5
    assert all(one.reproduced for one in again)
    assert (again[1].found["finding"]["verdict"], again[3].found["finding"]["p_absent"]) == ("undercount", None)
    assert {change["feature"] for change in again[1].found["smallest_changes"]} >= {"count"}


def test_one_record_is_asked_for_by_id_or_row(compared):
    """A record is found by its id and by the number of its row."""
    for asked in ("b", "3"):
        (one,) = replay_file(Where(compared / "certificates.ndjson", asked))
        assert one.reproduced
        assert one.stated["record"]["id"] == "b"
    with pytest.raises(Problem, match="holds no certificate of a record nobody"):
        next(replay_file(Where(compared / "certificates.ndjson", "nobody")))


def test_an_altered_certificate_is_not_reproduced(compared):
    """Where somebody changed a stated probability, the replay names the place and both values."""
    path = compared / "certificates.ndjson"
    lines = path.read_bytes().splitlines()
    stated = json.loads(lines[1])
    stated["finding"]["p_absent"] = 0.25
    path.write_bytes(b"\n".join([lines[0], canonical(stated), *lines[2:]]))
    (one,) = replay_file(Where(path, "a"))
    assert not one.reproduced
    assert one.differences[0].startswith("finding.p_absent: stated 0.25, found 0.8")


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ((0, "parameters", "counting"), {" p_consistent": 0.7}),
        ((0, "parameters", "absence"), 7),
        ((0, "parameters"), [1]),
        ((0, "today"), "yesterday"),
        ((0, "today"), 7),
        ((0, "citizen", "file"), "a\0b"),
        ((0, "citizen", "columns"), 7),
        ((1, "record"), None),
        ((1, "record", "row"), 77),
        ((1, "search", "company"), None),
        ((1, "search"), []),
    ],
)
def test_a_damaged_file_of_certificates_is_refused(compared, place, value):
    """Whatever was spoilt in a header or a certificate, the file is called damaged and named."""
    path = compared / "certificates.ndjson"
    lines = [json.loads(one) for one in path.read_bytes().splitlines()]
    *inside, entry = place
    functools.reduce(operator.getitem, inside, lines)[entry] = value
    path.write_bytes(b"\n".join(canonical(one) for one in lines))
    with pytest.raises(Problem, match=r"certificates\.ndjson is damaged"):
        list(replay_file(Where(path)))


def test_a_certificate_that_was_cut_off_is_refused(compared):
    """A file whose last line is not whole is called damaged."""
    path = compared / "certificates.ndjson"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(Problem, match="is damaged"):
        list(replay_file(Where(path)))


def test_files_that_changed_since_are_refused(compared):
    """A list that is no longer the one compared is told by its digest, not compared."""
    (compared / "theirs.csv").write_text(THEIRS + "V5,Bondeni,0.536,35.0,Uasin Gishu,600,2019-08-24\n")
    with pytest.raises(Problem, match="not the file that was compared"):
        next(replay_file(Where(compared / "certificates.ndjson")))


def test_files_may_lie_elsewhere(compared, tmp_path_factory):
    """Files moved since are named, and replayed from there."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "moved.csv"
    (compared / "ours.csv").rename(elsewhere)
    with pytest.raises(Problem, match="cannot be opened"):
        next(replay_file(Where(compared / "certificates.ndjson")))
    assert all(one.reproduced for one in replay_file(Where(compared / "certificates.ndjson", citizen=elsewhere)))


def test_the_order_of_rows_changes_no_certificate(compared):
    """The same rows in another order have the same certificates but for their numbers and the rows' own digests."""
    first, *rows = OURS.splitlines()
    (compared / "turned.csv").write_text("\n".join([first, *reversed(rows)]) + "\n")
    certify(compared, "turned.csv", "turned.ndjson")

    def told(name):
        lines = (compared / name).read_bytes().splitlines()[1:]
        made = [json.loads(line) for line in lines]
        for one in made:
            del one["record"]["row"]
        return sorted(canonical(one) for one in made)

    assert told("turned.ndjson") == told("certificates.ndjson")


@pytest.mark.parametrize("content", ["", "{}\n", "record_id,verdict\n", '{"form": 1, "today": "2026-01-01"}\n'])
def test_a_file_of_something_else_is_refused(tmp_path, content):
    """What is no file of certificates is told so."""
    (tmp_path / "other.ndjson").write_text(content)
    with pytest.raises(Problem, match="no file of search certificates"):
        next(replay_file(Where(tmp_path / "other.ndjson")))


def test_certificates_overwrite_no_input(compared):
    """Certificates are not written over a file compared, nor over the findings."""
    citizen, official = compared / "ours.csv", compared / "theirs.csv"
    for certificates in (citizen, compared / "out.csv"):
        request = Request(citizen, official, compared / "out.csv", certificates=certificates)
        with pytest.raises(Problem, match="name another file"):
            compare_files(request, lambda _done, _all: None, today=DAY)


def test_growth_rates_are_applied_and_replayed(compared):
    """Rates of a file carry the official count to the record's date; the certificate names the file by its digest."""
    path = compared / "growth.csv"
    path.write_text(
        "country,year,rate,unit,value\n"
        + "".join(f"Kenya,{year},2.2,county,Uasin Gishu\n" for year in range(2019, 2027))
    )
    header, *rows = OURS.splitlines()
    (compared / "ours.csv").write_text("\n".join([f"country,{header}", *(f"KEN,{row}" for row in rows)]))
    certify(compared, "ours.csv", "grown.ndjson", growth=path)
    (lindi,) = replay_file(Where(compared / "grown.ndjson", "b"))
    assert lindi.reproduced, lindi.differences
    counted = lindi.found["finding"]["counted"]
    assert counted["growth"] == pytest.approx(0.022 * counted["years"])
    assert "growing by 2.2 % a year" in lindi.found["finding"]["reason"]
    path.write_text("country,year,rate\nKenya,2019,9\n")
    with pytest.raises(Problem, match="not the file that was compared"):
        next(replay_file(Where(compared / "grown.ndjson")))


@pytest.mark.parametrize("content", [None, "name\nx\n"])
def test_growth_that_cannot_be_read_is_told(compared, content):
    """A file of rates that is not there, or holds none, is refused before anything is compared."""
    path = compared / "growth.csv"
    if content is not None:
        path.write_text(content)
    with pytest.raises(Problem, match=r"growth\.csv"):
        certify(compared, "ours.csv", "grown.ndjson", growth=path)
