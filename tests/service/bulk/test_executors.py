"""Whoever does the parts: the same bytes, whoever dies on the way, and no part lost that can be done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from matchers.base import Verdict
from service.bulk import cluster
from service.bulk.outcomes import serially
from service.bulk.plan import read_plan
from service.bulk.processes import on_processes
from service.bulk.task import Done, results_of
from service.errors import Problem

ROOT = Path(__file__).parents[3]
EXPLAIN = (Verdict.HIDDEN_PLACE,)


@pytest.fixture(scope="module")
def expected(country, tmp_path_factory):
    """Return what is written when one process does all parts in their order."""
    out = tmp_path_factory.mktemp("serial")
    country.run(out, explain=EXPLAIN)
    return written(out)


def written(out: Path) -> tuple[bytes, bytes]:
    """Return the bytes of both files of a run."""
    return (out / "verdicts.parquet").read_bytes(), (out / "explained.parquet").read_bytes()


def cut(country, out: Path):
    """Cut, but assess nothing; return the folder and the plan."""
    country.run(out, lambda *_: (one for one in ()), explain=EXPLAIN, keep=True)
    plan = read_plan(out / "work")
    assert plan is not None
    return out / "work", plan


def test_processes_write_the_same_bytes(country, tmp_path, expected):
    """In whatever order parts end."""
    assert country.run(tmp_path, on_processes(2), explain=EXPLAIN).failed == ()
    assert written(tmp_path) == expected


def test_a_cluster_writes_the_same_bytes(country, tmp_path, expected):
    """Its workers are processes that know nothing but the folder."""
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, local_directory=tmp_path / "dask"
    ) as local:
        summary = country.run(tmp_path / "out", cluster.on_cluster(local.scheduler_address), explain=EXPLAIN)
        assert summary.failed == ()
        assert written(tmp_path / "out") == expected


def test_a_worker_that_is_killed_takes_no_part_with_it(country, tmp_path, expected):
    """What it had is done by another, and each part is told once."""
    folder, plan = cut(country, tmp_path)
    told = []
    with closing(on_processes(2)(folder, [part.number for part in plan.parts])) as outcomes:
        for outcome in outcomes:
            if not told:
                os.kill(outcome.process, signal.SIGKILL)
            told.append(outcome)
    assert all(isinstance(one, Done) for one in told)
    assert sorted(one.part for one in told) == sorted(part.number for part in plan.parts)
    summary = country.run(tmp_path, explain=EXPLAIN)
    assert summary.again == summary.parts
    assert written(tmp_path) == expected


def test_a_run_that_is_killed_goes_on_where_it_was(country, tmp_path, expected):
    """Results that are whole are not made again, and the day stays that of the beginning."""
    arguments = [str(country.records), "--list", str(country.official), "--out", str(tmp_path), "--workers", "2"]
    command = [sys.executable, "-m", "service", "bulk", *arguments, "--partition-rows", "100"]
    with subprocess.Popen(  # noqa: S603 - ourselves
        [*command, "--explain", "hidden_place"], cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        while process.poll() is None and not list((tmp_path / "work").glob("verdicts-*.arrow")):
            time.sleep(0.01)
        with suppress(ProcessLookupError):
            process.kill()
    time.sleep(1.0)  # a worker ends its part before it notices that nobody asks any more
    before = read_plan(tmp_path / "work")
    assert before is not None, "it was not killed in time"
    made = {path: path.stat().st_mtime_ns for path in (tmp_path / "work").glob("verdicts-*.arrow")}
    summary = country.run(tmp_path, explain=EXPLAIN, keep=True)
    assert summary.again == len(made) > 0
    assert {path: path.stat().st_mtime_ns for path in made} == made
    assert read_plan(tmp_path / "work").today == before.today
    assert len(expected) == len(written(tmp_path))


@pytest.mark.parametrize("executor", [serially, on_processes(2)])
def test_a_part_that_fails_is_told_and_loses_no_other(country, tmp_path, executor, expected):
    """It is tried again, given up, and done by the next run once what hinders it is gone."""
    folder, plan = cut(country, tmp_path)
    hindered = plan.parts[1]
    (results_of(folder, hindered.number) / "in the way").mkdir(parents=True)
    summary = country.run(tmp_path, executor, explain=EXPLAIN)
    assert [failed.part for failed in summary.failed] == [hindered.number]
    assert "OSError" in summary.failed[0].reason or "IsADirectoryError" in summary.failed[0].reason
    assert sum(summary.verdicts.values()) == summary.records - hindered.own
    (results_of(folder, hindered.number) / "in the way").rmdir()
    results_of(folder, hindered.number).rmdir()
    again = country.run(tmp_path, executor, explain=EXPLAIN)
    assert (again.failed, again.again) == ((), again.parts - 1)
    assert written(tmp_path) == expected


def test_another_question_is_not_answered_with_these_results(country, tmp_path):
    """Other parameters, other files or another cut make everything anew."""
    folder, plan = cut(country, tmp_path)
    country.run(tmp_path, explain=EXPLAIN, keep=True)
    summary = country.run(tmp_path, explain=EXPLAIN, partition_rows=150, keep=True)
    assert summary.again == 0
    assert read_plan(folder).key != plan.key


def test_a_scheduler_that_is_not_there_is_told(country, tmp_path, monkeypatch):
    """The message names the address, before anything else is waited for."""
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    monkeypatch.setattr(cluster, "_PATIENCE_S", 0.5)
    with pytest.raises(Problem, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        country.run(tmp_path, cluster.on_cluster("tcp://127.0.0.1:9"))
