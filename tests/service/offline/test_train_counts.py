"""Training from counts: how much of their people official counts usually cover, learned from matched pairs."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from matchers.counting.prior import PRIOR
from matchers.parameters import DEFAULTS
from service.errors import Problem
from service.offline.compare import compare_files
from service.offline.inputs import Request as CompareRequest
from service.offline.parameters import read_parameters
from service.offline.replay import Where, replay_file
from service.offline.train import Request, Summary, train_files
from service.offline.undercount import Question, answered

TODAY = date(2026, 1, 1)
MANIFEST = """[source]
title = "Villages"
vintage = "2019"
licence = "public"
attribution = "the office"
[coverage]
completeness = "exhaustive"
reference_date = 2019-10-01
[coverage.counts]
boundary = "same"
"""
STARTS, MIDDLES, ENDS = "Bar Kal Mon Tor Sel Vin Dar Gol Lup Fen", "ama ine olo uru eri ako", "bata dina gora keli moru"
NAMES = ["".join(parts) for parts in product(STARTS.split(), MIDDLES.split(), ENDS.split())]  # 300


@dataclass(frozen=True)
class Country:
    """Where 40 % of villages are counted in full (give or take 0.08), and of 60 % about 55 % (0.15)."""

    size: int = 300
    method: str = "door to door census"
    header: str = "persons"

    def write(self, folder: Path) -> Path:
        """Write ours.csv, theirs.csv with its manifest, and truth.csv."""
        random = np.random.default_rng(20_261_122)
        short = random.random(self.size) < 0.6
        spread = random.normal(size=self.size)
        kappa = np.exp(np.where(short, -0.6 + 0.15 * spread, 0.08 * spread))
        people = np.exp(random.uniform(np.log(200), np.log(5000), self.size))
        ours = np.round(people * np.exp(0.05 * random.normal(size=self.size))).astype(int).tolist()
        theirs = random.poisson(people * kappa).tolist()
        points = [(f"{-1 + 0.05 * (at // 20):.4f}", f"{36 + 0.05 * (at % 20):.4f}") for at in range(self.size)]
        mine = [(f"r{at}", NAMES[at], *points[at], ours[at], "2020-01-01", self.method) for at in range(self.size)]
        listed = [(f"V{at}", NAMES[at], *points[at], theirs[at], "2019-10-01") for at in range(self.size)]
        _write(folder / "ours.csv", ("record_id", "name", "lat", "lon", self.header, "date", "method"), mine)
        _write(folder / "theirs.csv", ("code", "name", "lat", "lon", "persons", "date"), listed)
        truth = [(f"r{at}", "listed", f"V{at}") for at in range(self.size)]
        _write(folder / "truth.csv", ("record_id", "label", "official_id"), truth)
        (folder / "theirs.csv.toml").write_text(MANIFEST, encoding="utf-8")
        return folder


def _write(path: Path, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def learn(folder: Path, truth: str | None = "truth.csv", **more: Path) -> Summary:
    """Train on the files of a folder into p.json."""
    known = folder / truth if truth else None
    return train_files(
        Request(folder / "ours.csv", folder / "theirs.csv", folder / "p.json", known, **more), today=TODAY
    )


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    """Return the folder of a country of 300 villages, and what was learned of it with labels."""
    folder = Country().write(tmp_path_factory.mktemp("country"))
    return folder, learn(folder)


def _recovered(folder: Path) -> None:
    prior = read_parameters(folder / "p.json").counting.prior
    assert prior.weights[:2] == pytest.approx((0.4, 0.6), abs=0.10)
    assert prior.means[:2] == pytest.approx((0.0, -0.6), abs=0.06)
    assert prior.sds[:2] == pytest.approx((0.08, 0.15), abs=0.07)
    assert prior.median == pytest.approx(0.634, abs=0.06)


def test_three_hundred_pairs_teach_what_coverage_is(trained: tuple[Path, Summary]) -> None:
    """Weights, means and widths of the country are learned; the summary tells pairs and both medians."""
    folder, summary = trained
    _recovered(folder)
    median = read_parameters(folder / "p.json").counting.prior.median
    told = f"learned from the counts of 300 matched pairs: its median is {median:.2f}, {PRIOR.median:.2f} before."
    assert any(told in note for note in summary.notes)
    change = next(change for change in summary.changes if change.parameter == "counting.prior_weights.0")
    assert (change.before, change.pairs) == (0.7, 300)
    assert json.loads((folder / "p.json").read_text(encoding="utf-8"))["provenance"]["counts"] == 300


def test_accepted_matches_teach_it_without_labels(tmp_path: Path) -> None:
    """Without labels the pairs are those that a comparison accepts by itself."""
    summary = learn(Country().write(tmp_path), None)
    _recovered(tmp_path)
    assert summary.version.startswith("trained-")


@pytest.mark.parametrize(
    ("country", "pairs"),
    [
        (Country(size=120), 120),
        (Country(method="widely quoted"), 0),
        (Country(method="membership list"), 0),
        (Country(header="pupils"), 0),
    ],
)
def test_too_few_counts_say_how_many_are_missing(tmp_path: Path, country: Country, pairs: int) -> None:
    """Numbers nobody knows the making of, and those of some of the people only, teach nothing of coverage."""
    summary = learn(country.write(tmp_path))
    assert read_parameters(tmp_path / "p.json").counting == DEFAULTS.counting
    said = f"Counts of {pairs} matched pairs can be compared"
    assert any(note.startswith(said) and f"{200 - pairs} more are needed" in note for note in summary.notes)


def test_growth_between_the_counts_is_taken_off(tmp_path: Path) -> None:
    """Rates handed in are used for counts of different years; without them growth would pass for a shortfall."""
    folder = Country().write(tmp_path)
    for name in ("ours.csv", "theirs.csv"):
        text = (folder / name).read_text(encoding="utf-8").replace("2019-10-01", "2015-01-01")
        lines = [f"{line},{'country' if not at else 'KEN'}" for at, line in enumerate(text.splitlines())]
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    rates = folder / "rates.csv"
    rates.write_text("".join(["country,year,rate\n", *(f"KEN,{year},4\n" for year in range(2014, 2021))]))
    medians = []
    for more in ({}, {"growth": rates}):
        learn(folder, **more)
        medians.append(read_parameters(folder / "p.json").counting.prior.median)
    assert medians[1] > 1.1 * medians[0]


def test_what_was_learned_decides_a_comparison(trained: tuple[Path, Summary], tmp_path: Path) -> None:
    """Where most are missed, 340 against 500 is an undercount that the defaults leave to a person; and it replays."""
    header, place = "record_id,name,lat,lon,persons,date,method", "Kaldina,1.5,36.5"
    ours, theirs = tmp_path / "ours.csv", tmp_path / "theirs.csv"
    ours.write_text(f"{header}\na,{place},500,2020-01-01,household listing\n", encoding="utf-8")
    theirs.write_text(f"{header}\nV,{place},340,2019-10-01,census\n", encoding="utf-8")
    (tmp_path / "theirs.csv.toml").write_text(MANIFEST, encoding="utf-8")
    verdicts = []
    for parameters in (None, trained[0] / "p.json"):
        out, proof = tmp_path / "findings.json", tmp_path / "proof.ndjson"
        request = CompareRequest(ours, theirs, out, parameters=parameters, certificates=proof)
        compare_files(request, lambda _done, _all: None, today=TODAY)
        verdicts.append(json.loads(out.read_bytes())[0]["verdict"])
        assert all(one.reproduced for one in replay_file(Where(proof)))
    assert verdicts == ["needs_review", "undercount"]


def test_what_was_learned_answers_at_the_desk(trained: tuple[Path, Summary]) -> None:
    """`uncounted undercount --parameters` tells two counts by the country's own prior."""
    counting = read_parameters(trained[0] / "p.json").counting
    usual, learned = (
        next(answered(Question(500, "household listing", "340", other=0.02, counting=each)))
        for each in (DEFAULTS.counting, counting)
    )
    assert "with probability 0.93" in usual
    assert "with probability 0.99" in learned


def test_a_prior_spoilt_by_hand_is_told(trained: tuple[Path, Summary], tmp_path: Path) -> None:
    """A file whose weights sum to more than one stops the comparison with its name and a sentence."""
    body = json.loads((trained[0] / "p.json").read_text(encoding="utf-8"))
    body["version"], body["counting"]["prior_weights"] = "mine", [0.9, 0.2, 0.1]
    (tmp_path / "mine.json").write_text(json.dumps(body), encoding="utf-8")
    with pytest.raises(Problem, match=r"mine\.json cannot be used: the prior of coverage .* sum to one, not 0\.9"):
        read_parameters(tmp_path / "mine.json")
