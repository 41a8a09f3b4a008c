"""Evaluate: findings held against truth, whatever file they are in; and lists part of which is hidden."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from geodata.samples import maine
from service.errors import Problem
from service.offline.compare import Request, compare_files
from service.offline.evaluate import HideRequest, evaluate_findings, evaluate_hiding
from service.offline.labelled import Files

TODAY = date(2026, 1, 1)
ENDINGS = ("csv", "json", "geojson", "parquet")
HEADER = "record_id,verdict,p_absent,official_id,attributes,name\n"
FINDINGS = (
    "a,hidden_place,0.97,,,Bondeni\n"
    "b,consistent,0.01,X,matched; name_variant,Lindi\n"
    "c,needs_review,0.5,Y,,Соґ\n"
    "'=d,insufficient_evidence,,,,\n"
)
TRUTH = "record_id,label,official_id\na,hidden,\nb,listed,X\nc,listed,Y\n=d,hidden,\n"


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compare the sample of Maine, into a file of each sort, with its truth beside them."""
    folder = tmp_path_factory.mktemp("maine")
    sample = maine.sample(folder)
    ((_, official),) = sample.official
    for ending in ENDINGS:
        out = folder / f"findings.{ending}"
        compare_files(Request(sample.citizen, official, out), lambda _, __: None, today=TODAY)
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("record_id", "label", "official_id"))
        for one in sample.truth:
            writer.writerow((one.record_id, "listed" if one.official_id else "hidden", one.official_id))
    return folder


def small(folder: Path, findings: str = FINDINGS, truth: str = TRUTH) -> Files:
    """Write a few findings and their truth."""
    (folder / "findings.csv").write_text(HEADER + findings, encoding="utf-8")
    (folder / "truth.csv").write_text(truth, encoding="utf-8")
    return Files(folder / "findings.csv", folder / "truth.csv")


@pytest.mark.parametrize("ending", ENDINGS)
def test_findings_are_measured_alike_whatever_they_were_written_as(compared: Path, ending: str) -> None:
    """CSV, JSON, GeoJSON and Parquet hold the same findings, so they have the same figures."""
    found = evaluate_findings(Files(compared / f"findings.{ending}", compared / "truth.csv"))
    csv_found = evaluate_findings(Files(compared / "findings.csv", compared / "truth.csv"))
    assert found.figures == csv_found.figures
    assert len(found.outcomes) == 922
    assert found.figures["average_precision"].value > 0.97
    assert found.figures["first_choice"].value > 0.98
    assert found.notes == ()


def test_the_citizen_file_brings_what_figures_are_taken_apart_by(compared: Path) -> None:
    """Kinds as the product reads them, and any column of the file by its header; also to draw intervals by."""
    files = Files(compared / "findings.csv", compared / "truth.csv", compared / "citizen.csv", ("county",), "county")
    found = evaluate_findings(files)
    assert {one.by for one in found.slices} == {"kind", "county"}  # one script and one country tell nothing apart
    assert sum(one.records for one in found.slices if one.by == "county") == 922
    alone = evaluate_findings(Files(compared / "findings.csv", compared / "truth.csv"))
    assert found.figures["review"].value == alone.figures["review"].value
    widths = [one.figures["first_choice"].high - one.figures["first_choice"].low for one in (found, alone)]
    assert widths[0] != widths[1]  # drawn by county, because places of one county err together


def test_a_few_findings_are_counted_as_by_hand(tmp_path: Path) -> None:
    """One flag, right, of two hidden; one first choice matched and one under review; one row without probability."""
    found = evaluate_findings(small(tmp_path))
    value = {name: figure.value for name, figure in found.figures.items()}
    assert (value["precision"], value["recall"], value["first_choice"]) == (1.0, 0.5, 1.0)
    assert (value["false_hidden"], value["hidden_swallowed"], value["review"]) == (0.0, 0.0, 0.25)
    assert value["brier"] == pytest.approx((0.03**2 + 0.01**2 + 0.5**2) / 3)
    assert found.notes == ("1 records could not be searched for; the probabilities are measured on the others.",)


def test_what_only_one_file_has_is_left_out_and_told(tmp_path: Path) -> None:
    """A finding without truth and a truth without finding are named, never guessed."""
    found = evaluate_findings(small(tmp_path, FINDINGS + "e,consistent,0.1,Z,matched,Soi\n", TRUTH + "f,listed,Q\n"))
    assert len(found.outcomes) == 4
    assert any("1 records of findings.csv have no truth and were left out: e." in note for note in found.notes)
    assert any("1 records of truth.csv have no finding and were left out: f." in note for note in found.notes)


def test_a_truth_without_hidden_records_measures_what_it_can_and_says_so(tmp_path: Path) -> None:
    """False flags are counted; recall and ranking are no figures."""
    found = evaluate_findings(small(tmp_path, truth="record_id,label\na,listed\nb,listed\n"))
    assert found.figures["recall"].value is None
    assert found.figures["false_hidden"].value == 0.5
    assert any("names no hidden record" in note for note in found.notes)


@pytest.mark.parametrize(
    ("findings", "truth", "said"),
    [
        (HEADER + FINDINGS, "record_id,label\nx,hidden\n", "No record of findings.csv (such as a, b, c …)"),
        ("record_id,verdict\na,consistent\n", TRUTH, "no column p_absent, official_id, attributes"),
    ],
)
def test_files_that_do_not_fit_are_refused_with_the_reason(
    tmp_path: Path, findings: str, truth: str, said: str
) -> None:
    """Ids that never meet, and a file that is no findings."""
    files = small(tmp_path, truth=truth)
    files.findings.write_text(findings, encoding="utf-8")
    with pytest.raises(Problem) as refused:
        evaluate_findings(files)
    assert said in refused.value.detail


def test_a_column_that_no_file_has_is_refused_with_those_there_are(tmp_path: Path) -> None:
    """A misspelt column would take nothing apart."""
    files = small(tmp_path)
    with pytest.raises(Problem, match="No file has a column district; there are attributes, name"):
        evaluate_findings(Files(files.findings, files.truth, by=("district",)))


def test_part_of_a_list_is_hidden_and_looked_for(compared: Path) -> None:
    """Accounts of the county subdivisions of Maine: a fifth hidden, the same figures at every run."""
    request = HideRequest(compared / "county-subdivisions.csv", 0.2)
    one, again = (evaluate_hiding(request, today=TODAY) for _ in range(2))
    assert one.as_dict() == again.as_dict()
    assert one.outcomes.hidden.mean() == pytest.approx(0.2, abs=0.01)
    assert one.figures["average_precision"].value > 0.7
    assert one.figures["false_hidden"].value <= 0.02
    assert evaluate_hiding(request, 7, today=TODAY).figures != one.figures


@pytest.mark.parametrize("share", [0.0, 0.7, 1.5])
def test_a_share_that_cannot_be_hidden_is_refused(compared: Path, share: float) -> None:
    """The file and what would do are named."""
    with pytest.raises(Problem, match=r"county-subdivisions.csv: a share of .* cannot be hidden; give one above 0"):
        evaluate_hiding(HideRequest(compared / "county-subdivisions.csv", share), today=TODAY)
