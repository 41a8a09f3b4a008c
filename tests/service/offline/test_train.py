"""Training from files: what people know of their own places becomes a file that comparisons can use."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from geodata.samples import maine
from matchers.parameters import DEFAULTS
from service.errors import Problem
from service.offline.compare import Request as CompareRequest
from service.offline.compare import compare_files
from service.offline.parameters import read_parameters
from service.offline.train import Request, Summary, train_files

TODAY = date(2026, 1, 1)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the places of Maine: citizen.csv, county-subdivisions.csv and truth.csv."""
    path = tmp_path_factory.mktemp("maine")
    sample = maine.sample(path)
    truth(path / "truth.csv", [(one.record_id, one.official_id) for one in sample.truth])
    return path


def truth(path: Path, known: list[tuple[str, str | None]]) -> Path:
    """Write what is true of records: the entry each is listed as, or None where it is hidden."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("record_id", "label", "official_id"))
        writer.writerows((record, "listed" if entry else "hidden", entry or "") for record, entry in known)
    return path


def request(folder: Path, out: Path, known: Path | None) -> Request:
    """Return a request to learn from the places of Maine."""
    return Request(folder / "citizen.csv", folder / "county-subdivisions.csv", out, known)


@pytest.fixture(scope="session")
def trained(folder: Path) -> tuple[Path, Summary]:
    """Return parameters learned from all labels, and what was told of them."""
    out = folder / "parameters.json"
    return out, train_files(request(folder, out, folder / "truth.csv"), today=TODAY)


def test_a_file_is_written_that_comparisons_use(folder: Path, tmp_path: Path, trained: tuple[Path, Summary]) -> None:
    """The parameters carry the version that was told, their provenance, and change what a comparison finds."""
    out, summary = trained
    body = json.loads(out.read_text(encoding="utf-8"))
    assert read_parameters(out).version == summary.version == body["version"]
    assert body["provenance"]["date"] == "2026-01-01"
    assert (body["provenance"]["records"], body["provenance"]["base"]) == (922, DEFAULTS.version)
    assert body["provenance"]["listed"] + body["provenance"]["hidden"] == 922
    found = []
    for parameters in (None, out):
        files = (folder / "citizen.csv", folder / "county-subdivisions.csv", tmp_path / "findings.json")
        compare_files(CompareRequest(*files, parameters=parameters), lambda done, total: None, today=TODAY)  # noqa: ARG005 - progress is not looked at
        found.append(json.loads(files[2].read_bytes()))
    assert [row["p_absent"] for row in found[0]] != [row["p_absent"] for row in found[1]]
    assert all(summary.version in row["model"] for row in found[1])


def test_the_same_files_teach_the_same_bytes(folder: Path, tmp_path: Path, trained: tuple[Path, Summary]) -> None:
    """Training can be checked by running it again."""
    train_files(request(folder, tmp_path / "again.json", folder / "truth.csv"), today=TODAY)
    assert (tmp_path / "again.json").read_bytes() == trained[0].read_bytes()


def test_what_changed_is_told_with_figures_from_records_not_learned_from(trained: tuple[Path, Summary]) -> None:
    """Every change names old value, new value and pairs; the figures come from held-out folds."""
    summary = trained[1]
    exact = next(change for change in summary.changes if change.parameter == "names.m_exact")
    assert exact.after > exact.before
    assert exact.pairs > 400
    assert summary.held is not None
    assert summary.held.records == 922
    assert summary.held.learned.calibration_error <= summary.held.before.calibration_error + 0.01


def test_few_pairs_are_told(folder: Path, tmp_path: Path) -> None:
    """Sixty labels are used beside the numbers started from, and the summary says so."""
    known = truth(tmp_path / "truth.csv", _truths(folder)[:60])
    summary = train_files(request(folder, tmp_path / "p.json", known), today=TODAY)
    assert summary.labelled == 60
    assert any("fewer than 200" in note and "50 more" in note for note in summary.notes)


def test_without_labels_pairs_alone_teach(folder: Path, tmp_path: Path) -> None:
    """EM learns from the two files; nothing is said of how well it holds, because nobody knows."""
    summary = train_files(request(folder, tmp_path / "p.json", None), today=TODAY)
    assert summary.held is None
    assert summary.version.startswith("trained-")
    assert json.loads((tmp_path / "p.json").read_text(encoding="utf-8"))["provenance"]["method"].startswith("EM")


def test_too_few_matches_keep_the_numbers_and_their_name(folder: Path, tmp_path: Path) -> None:
    """Twenty rows teach EM nothing: the file says what was there before, under its own name."""
    citizen = tmp_path / "few.csv"
    lines = (folder / "citizen.csv").read_text(encoding="utf-8").splitlines()
    citizen.write_text("\n".join(lines[:21]) + "\n", encoding="utf-8")
    out = tmp_path / "p.json"
    summary = train_files(Request(citizen, folder / "county-subdivisions.csv", out), today=TODAY)
    assert summary.version == summary.base == read_parameters(out).version
    assert any("nothing was changed" in note for note in summary.notes)


def test_truth_that_does_not_fit_is_told_and_the_rest_is_used(folder: Path, tmp_path: Path) -> None:
    """Records that are not there and entries that are not listed are named; good labels still teach."""
    known = truth(tmp_path / "truth.csv", [*_truths(folder)[:60], ("nobody", None), (_truths(folder)[60][0], "X-1")])
    notes = train_files(request(folder, tmp_path / "p.json", known), today=TODAY).notes
    assert any("nobody" in note and "left out" in note for note in notes)
    assert any("X-1" in note for note in notes)


def test_truth_of_another_file_is_refused(folder: Path, tmp_path: Path) -> None:
    """Where no record fits, the two files are named instead of learning nothing."""
    known = truth(tmp_path / "truth.csv", [("nobody", None)])
    with pytest.raises(Problem, match=r"No record of truth\.csv"):
        train_files(request(folder, tmp_path / "p.json", known), today=TODAY)


@pytest.mark.parametrize(("out", "said"), [("citizen.csv", "one of the files"), ("missing/p.json", "does not exist")])
def test_an_output_that_cannot_be_written_is_refused_first(folder: Path, out: str, said: str) -> None:
    """Nobody waits for a refusal, and no input is overwritten."""
    with pytest.raises(Problem, match=said):
        train_files(request(folder, folder / out, folder / "truth.csv"), today=TODAY)


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "cannot be opened"), (b"\xff\xfe\x00", "not JSON"), (b'{"names": {"m_exakt": 1}}', "m_exakt")],
)
def test_parameters_that_cannot_be_used_are_told(tmp_path: Path, content: bytes | None, said: str) -> None:
    """A missing, broken or misspelt file of parameters stops a comparison with a sentence."""
    path = tmp_path / "p.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Problem, match=said):
        read_parameters(path)


def _truths(folder: Path) -> list[tuple[str, str | None]]:
    with (folder / "truth.csv").open(encoding="utf-8") as file:
        return [(row["record_id"], row["official_id"] or None) for row in csv.DictReader(file)]
