"""Compiled and plain: processes of their own, with numba, told to do without, and where it is not installed."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: As if the extra "fast" had not been installed.
WITHOUT_NUMBA = """
from importlib.machinery import PathFinder

found = PathFinder.find_spec


def find_spec(name, path=None, target=None):
    return None if name.split(".")[0] in {"numba", "llvmlite"} else found(name, path, target)


PathFinder.find_spec = staticmethod(find_spec)
"""

COMPARE = """
import sys
from datetime import date
from random import Random

from geodata.coverage import from_dict
from geodata.index import PlaceIndex
from geodata.kernels.jit import COMPILED
from geodata.places import Places
from matchers.base import OfficialList
from matchers.compare import compare
from matchers.memory.decisions import Answer, Memory, Ruling, decide
from tests.specimens.worlds import MANIFESTS, TODAY, listed, records

print(COMPILED, "numba" in sys.modules)
for seed in (2, 26):
    random = Random(seed)
    rows = listed(random, 80)
    mine, theirs = Places.from_rows(records(random, rows, 70)), Places.from_rows(rows)
    coverage, index = from_dict(MANIFESTS[seed % len(MANIFESTS)]), PlaceIndex.build(theirs)
    official = OfficialList("test", "Register", "0" * 64, "2022", date(2022, 8, 24), coverage, index)
    answers = [random.choice((Answer.SAME, Answer.DIFFERENT)) for _ in range(40)]
    pairs = [(mine.ids[at], theirs.ids[at * 7 % 80], answer) for at, answer in enumerate(answers)]
    memory = Memory.of(decide([Ruling(*pair, date(2025, 1, 1)) for pair in pairs], mine, theirs))
    found = compare(mine, official, today=TODAY, memory=memory, certify=True)
    for told in (*found.findings.to_pylist(), *found.candidates.to_pylist(), *found.searches):
        print(told)
print("numba" in sys.modules)
"""


@pytest.mark.skipif(find_spec("numba") is None, reason="numba is not installed: there is one way only")
def test_both_ways_say_the_same_and_only_one_loads_numba(tmp_path):
    """Findings, candidates and certificates are the same to the last digit, also about what people decided before."""
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_NUMBA)
    compiled = _compared({"UNCOUNTED_PLAIN": "0"})
    plain = _compared({"UNCOUNTED_PLAIN": "1"})
    bare = _compared({"UNCOUNTED_PLAIN": "0", "PYTHONPATH": str(tmp_path)})
    assert (compiled[0], compiled[-1]) == ("True False", "True")
    assert (plain[0], plain[-1]) == ("False False", "False")
    assert len(compiled) > 500
    assert compiled[1:-1] == plain[1:-1]
    assert bare == plain


def _compared(environment):
    """Return what a process says that compares made-up worlds, line by line."""
    script = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{COMPARE}"
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-c", script], env=os.environ | environment, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()
