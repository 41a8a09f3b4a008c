"""Coverage from files: lists of communities, judged pairs and tables of histories, as people have them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from matchers.coverage.refusal import Unit
from service.errors import Problem
from service.offline.coverage import Coverage, Request, coverage_of_histories, coverage_of_lists

TODAY = date(2026, 1, 1)
SYLLABLES = ("ka", "lo", "mi", "tu", "re", "sho", "ba", "ne", "wi", "du", "go", "za")


def silent(_done: int, _all: int) -> None:
    """Say nothing of progress."""


def name_of(number: int) -> str:
    """Return a name that no other number has."""
    parts = []
    for _ in range(4):
        number, at = divmod(number * 7 + 5, len(SYLLABLES))
        parts.append(SYLLABLES[at])
    return "".join(parts).title() + SYLLABLES[number % 12]


def write(path: Path, numbers: list[int]) -> Path:
    """Write a list of communities on a grid; the same number is the same community."""
    lines = [
        f"{number},{name_of(number)},village,KEN,{'North' if number % 2 else 'South'},{1 + 0.05 * (number // 40)},"
        f"{36 + 0.05 * (number % 40)}"
        for number in numbers
    ]
    path.write_text("\n".join(["id,name,kind,country,county,lat,lon", *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Return two lists of 400 communities, the one of six in ten, the other of a half; and every pair judged right."""
    folder = tmp_path_factory.mktemp("lists")
    draw = np.random.default_rng(4)
    on = draw.random((400, 2)) < (0.6, 0.5)
    health, schools = (np.flatnonzero(on[:, side]).tolist() for side in (0, 1))
    pairs = folder / "pairs.csv"
    both = sorted(set(health) & set(schools))
    lines = [f"{number},{number},same" for number in both] + [f"{health[0]},{schools[-1]},different"]
    pairs.write_text("\n".join(["a,b,label", *lines, "nobody,0,same", "1,1,maybe"]) + "\n", encoding="utf-8")
    return write(folder / "health.csv", health), write(folder / "schools.csv", schools), pairs


@pytest.fixture(scope="module")
def found(lists: tuple[Path, Path, Path]) -> Coverage:
    """Estimate from both lists with the judged pairs, by county."""
    health, schools, pairs = lists
    return coverage_of_lists(Request((health, schools), labels=pairs, strata=("admin",)), silent, today=TODAY)


def test_two_lists_and_judged_pairs_find_how_many_there_are(found: Coverage) -> None:
    """The interval holds the 400 there are, in the whole and summed over counties."""
    assert not found.estimate.refusals
    assert found.estimate.total is not None
    assert found.estimate.total.low < 400 < found.estimate.total.high
    assert found.stratified is not None
    assert set(found.stratified.strata) == {"North", "South"}
    assert found.stratified.total is not None
    assert found.stratified.total.low < 400 < found.stratified.total.high


def test_lines_of_the_sample_that_cannot_be_used_are_told(found: Coverage) -> None:
    """An identifier nobody has, and a label that is none."""
    told = " ".join(found.notes)
    assert "no list has 'nobody'" in told
    assert "'maybe' is neither same nor different" in told
    assert "no list has 'nobody'" in " ".join(found.as_dict()["notes"])


def test_without_judged_pairs_no_number_is_told(lists: tuple[Path, Path, Path]) -> None:
    """The refusal says how to mend it."""
    found = coverage_of_lists(Request(lists[:2]), silent, today=TODAY)
    assert found.estimate.total is None
    assert [refusal.code for refusal in found.estimate.refusals] == ["links_unmeasured"]
    assert "--labels" in found.estimate.refusals[0].remedy


def test_a_list_made_from_another_is_refused(lists: tuple[Path, Path, Path]) -> None:
    """Declared by the caller."""
    request = Request(lists[:2], labels=lists[2], seeded=("schools:health",))
    found = coverage_of_lists(request, silent, today=TODAY)
    assert found.estimate.total is None
    assert "schools was made from health" in found.estimate.refusals[0].reason


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a,b\n1,1\n", "lacks the columns label"),
        ("a,b,label\n1,2,different\n", "lacks the one or the other"),
    ],
)
def test_samples_that_tell_nothing_are_refused(
    lists: tuple[Path, Path, Path], tmp_path: Path, content: str, said: str
) -> None:
    """A missing column, and pairs of which none was linked."""
    path = tmp_path / "pairs.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Problem, match=said):
        coverage_of_lists(Request(lists[:2], labels=path), silent, today=TODAY)


def test_a_list_twice_is_refused(lists: tuple[Path, Path, Path], tmp_path: Path) -> None:
    """By its path, and by its content under another name."""
    copy = tmp_path / "copy.csv"
    copy.write_bytes(lists[0].read_bytes())
    for other in (lists[0], copy):
        with pytest.raises(Problem, match="the same list"):
            coverage_of_lists(Request((lists[0], other)), silent, today=TODAY)


def test_an_empty_list_is_refused(lists: tuple[Path, Path, Path], tmp_path: Path) -> None:
    """A header alone names no community."""
    empty = tmp_path / "empty.csv"
    empty.write_text("id,name,lat,lon\n", encoding="utf-8")
    with pytest.raises(Problem, match=r"empty.csv names no community"):
        coverage_of_lists(Request((lists[0], empty)), silent, today=TODAY)


@pytest.mark.parametrize(
    ("request_of", "said"),
    [
        ({"seeded": ("schools",)}, "does not say which list was made from which"),
        ({"seeded": ("schools:census",)}, "no list census"),
        ({"strata": ("ward",)}, "No list has the administrative level ward"),
    ],
)
def test_slips_of_the_pen_are_told(
    lists: tuple[Path, Path, Path], request_of: dict[str, tuple[str]], said: str
) -> None:
    """What names nothing is never passed over."""
    with pytest.raises(Problem, match=said):
        coverage_of_lists(Request(lists[:2], **request_of), silent, today=TODAY)


def test_a_table_of_histories_is_read_with_its_strata(tmp_path: Path) -> None:
    """Columns of 0 and 1 in any order of columns, thousands with commas, the same history twice."""
    path = tmp_path / "histories.csv"
    lines = [
        f"{stratum},{a},{b},{n}"
        for stratum in ("town", "bush")
        for a, b, n in ((1, 0, 40), (0, 1, 50), (1, 1, 60), (1, 1, 20), (1, 0, '"1,000"'))
    ]
    path.write_text("\n".join(["stratum,A,B,count", *lines]) + "\n", encoding="utf-8")
    found = coverage_of_histories(path, Unit.PERSONS)
    assert found.estimate.unit is Unit.PERSONS
    assert found.estimate.histories.sizes.tolist() == [2240, 260]
    assert found.stratified is not None
    assert [one.histories.distinct for one in found.stratified.strata.values()] == [1170, 1170]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("A,B,count\n1,0,-5\n", "row 2: a count is a whole number"),
        ("A,B,count\n1,0,2.5\n", "row 2: a count is a whole number"),
        ("A,B,count\n1,2,5\n", "'2' says neither 0 nor 1"),
        ("A,B,count\n0,0,5\n1,1,5\n", "on none of the lists cannot have been counted"),
        ("A,count\n1,5\n", "1 list cannot show"),
        ("A,B,C,D,E,F,count\n1,1,1,1,1,1,5\n", "6 lists are more than the 5"),
        ("A,B,count\n", "holds no histories"),
    ],
)
def test_cells_that_are_no_histories_are_refused(tmp_path: Path, content: str, said: str) -> None:
    """Nonsense gets a sentence with its place, never a number."""
    path = tmp_path / "histories.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Problem, match=said):
        coverage_of_histories(path, Unit.COMMUNITIES)
