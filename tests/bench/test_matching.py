"""What a comparison with peers shows, and that every installed peer answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench import matching
from bench.matching_page import ahead, by_figure, publish
from bench.peers import exact, rapidfuzz
from bench.peers.cleaning import Cleaned, cleaned
from bench.peers.roster import OURS, PEERS
from bench.peers.task import Answers, Task, Timed
from bench.scores import Score
from geodata.places import Places
from matchers.evaluation.outcomes import Known, Outcomes

LISTED = ["Bagong Silang", "Malaya", "Masagana", "Maligaya", "Santa Cruz", "San Isidro", "Mabuhay", "Kapayapaan"]


@pytest.fixture
def task() -> Task:
    """Return eight records in two units: six entries' names as written or a letter off, and two that no entry bears."""
    said = ["Bagong Silang", "Malaia", "Masagana", "Maligaya", "Quezon", "San Isidro", "Mabuhay", "Rizal Extension"]
    return Task(*(places(names, prefix).table for names, prefix in ((said, "r"), (LISTED, "o"))))


def places(names: list[str], prefix: str) -> Places:
    """Return places of two units by turns, in a row of points a kilometre apart."""
    return Places.from_rows(
        {
            "id": f"{prefix}{at}",
            "names": [name],
            "country": "PHL",
            "admin": [("province", "Bohol"), ("municipality", ("Tubigon", "Loon")[at % 2])],
            "lat": 9.9 + at / 100,
            "lon": 123.9,
        }
        for at, name in enumerate(names)
    )


def score(system: str, absent: list[float]) -> Score:
    """Return what a system is worth that ranks four records, the first two of which are hidden, in this way."""
    answers = Answers(["a", "b", "c", "d"], absent, [one > 0.5 for one in absent])
    known = [Known(hidden=True), Known(hidden=True), Known(False, frozenset("c")), Known(False, frozenset("d"))]  # noqa: FBT003
    rows = [
        {"verdict": "hidden_place" if hidden else "consistent", "p_absent": one, "official_id": entry, "attributes": ()}
        for entry, one, hidden in zip(answers.entry, answers.absent, answers.hidden, strict=True)
    ]
    peer = next(one for one in (OURS, *PEERS.values()) if one.title == system)
    return Score.of("a list", peer, Outcomes.of(rows, known), np.arange(4), Timed(answers, [2.0, 1.0, 4.0], "made 1"))


def test_names_are_cleaned_alike_in_any_script() -> None:
    """Peers are given Latin letters in lower case, without marks."""
    assert cleaned("  São-José (Nº 2)") == "sao jose no 2"
    assert cleaned("Москва") == "moskva"


def test_a_record_is_sought_in_the_finest_unit_that_the_list_knows(task: Task) -> None:
    """Units are paths from coarse to fine; a unit that the list does not name gives way to the one around it."""
    both = Cleaned.of(task)
    assert both.block(0) == ("tubigon", [0, 2, 4, 6])
    rows = task.citizen.to_pylist()
    rows[0]["admin"] = [("province", "Bohol"), ("municipality", "Elsewhere")]
    lost = Cleaned.of(Task(Places.from_rows(rows).table, task.official))
    assert lost.block(0) == (None, list(range(8)))


def test_the_naive_rule_and_the_plain_loop_find_what_they_can(task: Task) -> None:
    """A letter's difference is absence to the one, and a lower score to the other."""
    naive, loop = exact.answer(task), rapidfuzz.token_sort(task)
    assert list(naive.hidden) == [False, True, False, False, True, False, False, True]
    assert naive.entry[1] is None
    assert loop.entry[1] == "o1"
    assert 0 < loop.absent[1] < 0.3 < loop.absent[4]


def test_the_page_marks_the_best_and_names_every_peer_that_is_ahead(tmp_path: Path) -> None:
    """A value in which a peer is better is told as plainly as the others."""
    scores = [score("Uncounted", [0.9, 0.1, 0.8, 0.2]), score("RapidFuzz, WRatio", [0.9, 0.8, 0.1, 0.2])]
    tables = {table.name: table for table in by_figure(scores)}
    assert tables["peers-average_precision"].columns == ("list", "Uncounted", "RapidFuzz, WRatio")
    assert tables["peers-average_precision"].rows == (("a list", "0.750", "**1.000**"),)
    assert tables["peers-speed"].rows == (("a list", "**2**", "**2**"),)
    (first,) = ahead(scores).rows
    assert first[:5] == ("average precision", "a list", "RapidFuzz, WRatio", "1.000", "0.750")
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- peers-ahead -->\nold\n<!-- /peers-ahead -->\nafter\n", encoding="utf-8")
    publish(scores, page)
    assert "old" not in page.read_text(encoding="utf-8")
    assert "| average precision | a list | RapidFuzz, WRatio | 1.000 | 0.750 |" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PEERS)
def test_every_peer_answers_for_every_record(name: str, task: Task, tmp_path: Path) -> None:
    """Each runs in its own environment, offers entries of the list only, and finds the names that are the same."""
    if not matching.INTERPRETER.exists():
        pytest.skip("the peers are not installed in .venv/peers; `make bench` installs them")
    task.write(tmp_path)
    answers = matching.ask(name, tmp_path).answers
    assert len(answers.entry) == len(answers.absent) == len(answers.hidden) == 8
    assert set(answers.entry) <= {None, *(f"o{at}" for at in range(8))}
    assert all(0 <= one <= 1 for one in answers.absent)
    assert [answers.entry[at] for at in (0, 2, 3, 5, 6)] == ["o0", "o2", "o3", "o5", "o6"]
