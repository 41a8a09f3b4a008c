"""The verb: cut, assess every part that is not done yet, bring the results together, and say what it came to."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import orjson

from matchers.base import Verdict
from service.bulk.laying import PROBLEMS, Step
from service.bulk.listing import listing
from service.bulk.merging import merge, merge_explained
from service.bulk.outcomes import Executor, Failed
from service.bulk.partitioning import Cutting
from service.bulk.plan import Plan
from service.bulk.request import Request
from service.bulk.task import Done, is_done
from service.configuration.settings import Settings
from service.errors import INVALID, Problem
from service.offline.parameters import read_parameters

SUMMARY = "summary.json"


@dataclass(frozen=True)
class Summary:
    """What a run came to."""

    records: int
    official: int
    title: str
    parts: int
    again: int  # parts that were done before, by a run that was broken off
    verdicts: Mapping[str, int]
    looked: Mapping[str, int]  # how many records were looked for how
    unplaced: int  # entries without a location
    held: bool  # whether these were held with every part
    problems: int  # values set aside, told in problems.csv
    failed: tuple[Failed, ...]
    seconds: Mapping[str, float]  # by stage; of the stages of parts the sum over all processes
    peak_mib: int  # of the processes that assessed, all together, at most
    out: Path


def run(request: Request, executor: Executor, step: Step, *, today: date) -> Summary:
    """Verify the records of a file against an official list, and write to the folder that is named.

    What is in the folder's `work` is gone on from where it is of the same run; it is removed when all is done, unless
    it is to be kept. Raises `UnreadableTable`, `UnreadableFile` or `UnknownColumn` as reading the files does, `Problem`
    where something is asked that cannot be, or a cluster is not ready.
    """
    began = time.perf_counter()
    plan, folder = _planned(request, today, step), request.work
    cut = time.perf_counter()
    waiting = [part for part in plan.parts if not is_done(folder, plan, part.number)]
    done, failed = _assessed(executor, (plan, [part.number for part in waiting]), folder, step)
    assessed = time.perf_counter()
    ending = ".csv" if request.as_csv else ".parquet"
    tally = merge(plan, folder, request.out / f"verdicts{ending}")
    if plan.wanted:
        merge_explained(plan, folder, request.out / f"explained{ending}")
    shutil.copyfile(folder / PROBLEMS, request.out / PROBLEMS)
    ended = time.perf_counter()
    stages = {"read": "reading_s", "indexed": "indexing_s", "compared": "assessing_s"}
    summary = Summary(
        records=plan.records,
        official=plan.official,
        title=plan.title,
        parts=len(plan.parts),
        again=len(plan.parts) - len(waiting),
        verdicts={verdict.value: tally[verdict.value] for verdict in Verdict},
        looked=plan.looked,
        unplaced=plan.unplaced,
        held=plan.held,
        problems=plan.problems,
        failed=tuple(failed),
        seconds={
            "cut": cut - began,
            "assessed": assessed - cut,
            **{f"of that {name}": sum(getattr(one, field) for one in done) for name, field in stages.items()},
            "brought together": ended - assessed,
        },
        peak_mib=_peak_mib(done),
        out=request.out / f"verdicts{ending}",
    )
    (request.out / SUMMARY).write_bytes(
        orjson.dumps(asdict(summary) | {"out": summary.out.name}, default=tuple, option=orjson.OPT_INDENT_2) + b"\n"
    )
    if not failed and not request.keep:
        shutil.rmtree(folder)
    return summary


def _planned(request: Request, today: date, step: Step) -> Plan:
    settings = Settings()
    if not request.records.exists():
        detail = f"There is no file {request.records}."
        raise Problem(INVALID, detail)
    parameters = read_parameters(request.parameters)
    listed = listing(request, settings)
    try:
        request.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        detail = f"The folder {request.out} cannot be made: {error.strerror}."
        raise Problem(INVALID, detail) from error
    return Cutting(request, listed, parameters, settings.taxonomy).planned(today, step)


def _assessed(
    executor: Executor, of: tuple[Plan, list[int]], folder: Path, step: Step
) -> tuple[list[Done], list[Failed]]:
    plan, waiting = of
    done: list[Done] = []
    failed: list[Failed] = []
    own = {part.number: part.own for part in plan.parts}
    total, ready = sum(own.values()), sum(own.values()) - sum(own[part] for part in waiting)
    step(ready, total, "records assessed")
    with closing(executor(folder, waiting)) as outcomes:  # type: ignore[type-var]  # iterators that are generators
        for outcome in outcomes:
            if isinstance(outcome, Done):
                done.append(outcome)
                ready += outcome.own
                step(ready, total, "records assessed")
            else:
                failed.append(outcome)
    return done, failed


def _peak_mib(done: list[Done]) -> int:
    """Return the peaks of all processes together; what they share is counted for each, so it was rather less."""
    peak: dict[int, int] = {}
    for one in done:
        peak[one.process] = max(peak.get(one.process, 0), one.peak_kib)
    return sum(peak.values()) // 1024
