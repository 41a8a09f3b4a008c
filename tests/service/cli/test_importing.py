"""`uncounted import`: a file into a collection, told in counts, with a file of what could not be kept."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from service.configuration.settings import Settings
from service.context import open_context
from service.store import records
from service.store.filters import RecordFilter
from tests.specimens.command import uncounted

ROOT = Path(__file__).parents[3]
FILE = (
    "id,name,country,latitude,longitude,respondent phone\n"
    "1,Lindi,Kenya,0.518,35.0,0722123456\n"
    "2,,Kenya,0.509,35.0,0722123457\n"
    "3,Turbo,Kenya,35.0,0.527,0722123458\n"
)


@pytest.fixture
def run(tmp_path):
    """Give the command over an installation of its own, run as people run it, with the file in its directory."""
    (tmp_path / "villages.csv").write_text(FILE)

    def call(*words, expect=0):
        command = ("import", "villages.csv", "--collection", "villages", *words)
        return uncounted(tmp_path, *command, expect=expect, columns=200)

    return call


def kept(tmp_path):
    """Return how many records the installation holds."""
    context = open_context(Settings(data_dir=tmp_path / "var", _env_file=None))
    with context.store.read() as session:
        return records.count(session, RecordFilter())


def told(result):
    """Return the counts that were printed."""
    return {
        name: int(number) for name, number in re.findall(r"^  ([a-z ]+?) {2,}([\d,]+)$", result.stdout, re.MULTILINE)
    }


def test_an_import_says_what_became_of_the_rows(run, tmp_path):
    """Counts on standard output, what is wrong on standard error, the errors in a workbook."""
    result = run("--organisation", "map-kibera", "--errors", "errors.xlsx")
    assert told(result) == {"rows read": 3, "new records": 1, "rows not kept": 2, "verified": 1}
    assert "row 3, column name" in result.stderr
    assert "07221234" not in result.stdout + result.stderr
    rows = CalamineWorkbook.from_filelike(io.BytesIO((tmp_path / "errors.xlsx").read_bytes())).get_sheet_by_index(0)
    assert [row[0] for row in rows.to_python()[1:]] == [1.0, 3.0, 4.0]
    again = run("--errors", "errors.csv")  # there is one organisation now
    assert told(again)["unchanged"] == 1
    assert (tmp_path / "errors.csv").read_text().startswith("row,column,value,problem,hint,proposal,kept")


def test_a_dry_run_keeps_nothing(run, tmp_path):
    """The columns and the would-be verdicts are shown, no record is kept, no file left."""
    result = run("--organisation", "map-kibera", "--dry-run")
    assert told(result)["created"] == 1
    assert "Lindi" in result.stdout
    assert kept(tmp_path) == 0
    assert list((tmp_path / "var" / "imports").iterdir()) == []


def test_a_replacement_and_a_mapping_are_taken_from_the_options(run, tmp_path):
    """--mode and --mapping do what the API's parameters do."""
    run("--organisation", "map-kibera")
    (tmp_path / "villages.csv").write_text("no,mtaa,country,latitude,longitude\n9,Soi,Kenya,0.554,35.0\n")
    result = run("--mode", "replace", "--mapping", "name=mtaa", "--mapping", "id=no")
    assert told(result)["withdrawn"] == 1
    assert told(result)["new records"] == 1


@pytest.mark.parametrize(
    ("words", "told_so"),
    [
        ((), "--organisation"),
        (("--organisation", "a", "--mapping", "name"), "field=HEADER"),
        (("--organisation", "a", "--errors", "errors.pdf"), ".csv or .xlsx"),
    ],
)
def test_what_is_missing_is_said(run, words, told_so):
    """A wish that cannot be met ends with a problem that says what to write."""
    result = run(*words, expect=1)
    assert told_so in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
