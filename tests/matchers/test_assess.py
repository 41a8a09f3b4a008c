"""Assessments as columns say what findings say, however a table is cut, and whichever way its counts are compared."""

from datetime import date
from random import Random

import pyarrow as pa
import pytest

from geodata.coverage import from_dict
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.assess import ASSESSED, Assessment, assess
from matchers.base import OfficialList
from matchers.circumstances import NOTHING_KNOWN, Circumstances
from matchers.compare import compare
from matchers.judging import plainly
from matchers.judging.preconditions import AGAINST
from matchers.memory.decisions import NOTHING, Answer, Memory, Ruling, decide
from matchers.quality.standing import Quality
from tests.specimens.worlds import MANIFESTS, TODAY, listed, records

WORLDS = range(2 * len(MANIFESTS))
QUALITIES = (
    Quality("A", 0.9, ("store", "existence", "undercount"), (), "1"),
    Quality("C", 0.4, ("store", "existence"), ("declare the method",), "1"),
    Quality("D", 0.1, ("store",), ("declare a contact",), "1"),
    Quality(
        "A", 0.9, ("store", "existence", "undercount"), (), "1", day="2020-01-01", spread_years=1.5, sigma_floor=0.3
    ),
)


def world(seed):
    """Make a list and records up, with what is remembered and known of some."""
    random = Random(seed)  # noqa: S311 - test data, not secrets
    rows = listed(random, 60)
    mine, theirs = Places.from_rows(records(random, rows, 50)), Places.from_rows(rows)
    day = date(2022, 8, 24) if seed % 4 else None
    manifest = from_dict(MANIFESTS[seed % len(MANIFESTS)])
    official = OfficialList("test", "Register", "0" * 64, "2022", day, manifest, PlaceIndex.build(theirs))
    known, memory = NOTHING_KNOWN, NOTHING
    if seed % 3 == 1:
        known = Circumstances(quality={record: QUALITIES[at % 4] for at, record in enumerate(mine.ids) if at % 5})
    if seed % 3 == 2:
        answers = (random.choice((Answer.SAME, Answer.DIFFERENT)) for _ in range(30))
        pairs = zip(mine.ids, theirs.ids, answers, strict=False)
        memory = Memory.of(decide([Ruling(*pair, date(2025, 1, 1)) for pair in pairs], mine, theirs))
    return mine, official, {"today": TODAY, "known": known, "memory": memory}


@pytest.mark.parametrize("seed", WORLDS)
def test_an_assessment_says_what_findings_say(seed):
    """Every column is that of the findings; what does not hold is called by name instead of told."""
    mine, official, how = world(seed)
    found = compare(mine, official, **how).findings
    table = assess(mine, official, **how).table
    assert table.schema.equals(ASSESSED)
    for name in ASSESSED.names:
        if name != "failed_preconditions":
            assert repr(table.column(name).to_pylist()) == repr(found.column(name).to_pylist())
    for names, sentences in zip(
        table.column("failed_preconditions").to_pylist(), found.column("failed_preconditions").to_pylist(), strict=True
    ):
        starts = [AGAINST[name].split("{")[0] for name in names]
        assert list(map(str.startswith, sentences, starts)) == [True] * len(sentences) == [True] * len(names)


@pytest.mark.parametrize("seed", WORLDS)
def test_plain_counts_are_compared_as_any_others(seed, monkeypatch):
    """Columns of plain counts come to the very numbers and sentences of the comparison one by one."""
    mine, official, how = world(seed)
    monkeypatch.setattr(plainly, "FEW", 0)
    as_columns = compare(mine, official, **how).findings.to_pylist()
    monkeypatch.setattr(plainly, "FEW", len(mine))
    assert repr(compare(mine, official, **how).findings.to_pylist()) == repr(as_columns)


def test_plain_counts_are_there():
    """The worlds above do compare counts as columns."""
    tested = [sum(row is not None for row in _counted(seed)) for seed in WORLDS]
    assert sum(tested) > len(WORLDS)


def _counted(seed):
    mine, official, how = world(seed)
    return assess(mine, official, **how).table.column("counted").to_pylist()


@pytest.mark.parametrize("seed", [0, 4, 8, 11])
def test_a_record_alone_is_told_as_in_a_file(seed):
    """What is cheaper for one record, and what for many, come to the same findings and candidates."""
    mine, official, how = world(seed)
    whole = compare(mine, official, **how, company={})
    ones = [compare(Places(mine.table.slice(at, 1)), official, **how, company={}) for at in range(len(mine))]
    assert repr(pa.concat_tables([one.findings for one in ones]).to_pylist()) == repr(whole.findings.to_pylist())
    alone = [row | {"record_row": at} for at, one in enumerate(ones) for row in one.candidates.to_pylist()]
    assert repr(alone) == repr(whole.candidates.to_pylist())


def test_threads_change_nothing():
    """However many threads weigh, every column is the same to the byte."""
    mine, official, how = world(3)
    many = Places.concat([mine] * 25)
    ids = pa.array([f"r{at}" for at in range(len(many))])
    many = Places(many.table.set_column(0, many.table.schema.field("id"), ids))
    assert assess(many, official, **how, threads=2).table.equals(assess(many, official, **how).table)


def test_nobody_is_assessed_against_a_list():
    """A table without rows has no verdicts, and is no error."""
    _, official, how = world(0)
    assert assess(Places.from_rows([]), official, **how).table.num_rows == 0


def test_another_shape_is_no_assessment():
    """A table of other columns is refused by name."""
    with pytest.raises(ValueError, match="not the agreed columns"):
        Assessment(pa.table({"verdict": ["consistent"]}), "list", "0" * 64, "open-set/test")
