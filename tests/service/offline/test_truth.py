"""A file of known truth is read as people write it, and refused where it says nothing or two things."""

from __future__ import annotations

from pathlib import Path

import pytest

from matchers.evaluation.outcomes import Known
from service.errors import Problem
from service.offline.truth import read_truth


def write(folder: Path, text: str) -> Path:
    """Write a truth file."""
    path = folder / "truth.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_listed_records_name_their_entry_several_entries_or_none(tmp_path: Path) -> None:
    """An entry may be unknown, and several entries may stand for one place; case of the label is no matter."""
    path = write(
        tmp_path, "record_id,label,official_id\n1,listed,A\n2,Listed,A | B\n3,listed,\n4,HIDDEN,\n5,hidden,A\n"
    )
    assert read_truth(path) == {
        "1": Known(hidden=False, entries=frozenset({"A"})),
        "2": Known(hidden=False, entries=frozenset({"A", "B"})),
        "3": Known(hidden=False),
        "4": Known(hidden=True),
        "5": Known(hidden=True),  # what a hidden place lies in is not its entry
    }


def test_entries_may_be_left_out_altogether(tmp_path: Path) -> None:
    """Labels alone are truth enough for flags."""
    assert read_truth(write(tmp_path, "record_id,label\n1,hidden\n")) == {"1": Known(hidden=True)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,label\n1,hidden\n", "no column record_id; its columns are id, label"),
        ("record_id,truth\n1,hidden\n", "no column label"),
        ("record_id,label\n1,hidden\n2,missing\n", "row 3: the label “missing” is not known; write listed or hidden"),
        ("record_id,label\n1,hidden\n1,listed\n", "row 3: 1 stands here twice, with different truths"),
        ("record_id,label\n", "holds no rows"),
    ],
)
def test_a_truth_that_cannot_be_used_is_refused_with_the_way_to_mend_it(tmp_path: Path, text: str, said: str) -> None:
    """File, row and words that would do are named."""
    with pytest.raises(Problem) as refused:
        read_truth(write(tmp_path, text))
    assert said in refused.value.detail
    assert "truth.csv" in refused.value.detail
