"""Compare citizen accounts with one official list: one finding per account, with its best candidates and reasons.

A table of one row and of a million take the same path. A row's own evidence is the same in any company; what its
company changes is that an entry of the list belongs to one community only (`matchers.company.joint`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from geodata.places import Places
from geodata.taxonomy import Taxonomy
from matchers.base import CANDIDATES, FINDINGS, Comparison, OfficialList
from matchers.blocks import BLOCK, weigh_blocks
from matchers.certificates.certificate import searches
from matchers.circumstances import NOTHING_KNOWN, Circumstances
from matchers.company.claims import NOBODY, Others, claimed
from matchers.company.joint import Company, as_before, in_company
from matchers.judging.judge import Judge
from matchers.judging.verdicts import Verdicts
from matchers.memory.decisions import NOTHING, Memory
from matchers.model import Task, Weighed
from matchers.parameters import DEFAULTS, Parameters
from matchers.quality.standing import inherited
from matchers.tables import candidates_of
from matchers.tabling import Columns, Told, kept


def compare(  # noqa: PLR0913 - what is compared by position, the rest by keyword
    citizen: Places,
    official: OfficialList,
    parameters: Parameters = DEFAULTS,
    *,
    today: date,
    memory: Memory = NOTHING,
    certify: bool = False,
    others: Callable[[Sequence[str]], Others] = lambda _entries: NOBODY,
    company: Mapping[str, Company] | None = None,
    step: Callable[[int, int], None] = lambda _done, _all: None,
    taxonomy: Taxonomy | None = None,
    known: Circumstances = NOTHING_KNOWN,
) -> Comparison:
    """Return a finding for every citizen row, in order, and its best candidates.

    `today` stands in for the date of an account that has none. A coverage manifest that says nothing is taken to mean
    that the list should name every place compared with it. `memory` is what people decided about pairs before.
    `certify` also keeps what was searched for each row (`matchers.certificates.certificate`).
    `others` returns the claims of records compared before on entries that this table claims, given their identifiers.
    `company` is what company of before came to, by record; it is then not asked again, and nobody competes.
    `step` is told how many of all records have been weighed.
    `taxonomy` holds the groups of people that records and lists may name; without one, those in force.
    `known` is what is known beyond the two tables: growth of populations, quality of collections.
    """
    table = inherited(Places(citizen.table.combine_chunks()), known.quality)
    blocks: list[tuple[Task, Weighed]] = []
    done = 0

    def task_of(places: Places) -> Task:
        return Task.of(places, official, parameters, memory)

    for task, weighed in weigh_blocks(table, task_of, block=BLOCK):
        blocks.append((task, weighed))
        done += len(weighed.alone)
        step(done, len(table))
    if company is None:
        joint = in_company(table, blocks, parameters, others(claimed(blocks)))
    else:
        joint = as_before(blocks, parameters, company)
    findings, candidates = list[pa.Table | Columns](), list[pa.Table | Columns]()
    searched: list[dict[str, Any]] = []
    first = 0
    for (task, _), weighed in zip(blocks, joint, strict=True):
        judge = Judge(Verdicts(task, weighed, today, taxonomy, known))
        candidates.append(kept(candidates_of(judge.speaker, first), CANDIDATES))
        findings.append(kept(judge.findings(), FINDINGS))
        searched.extend(searches(judge) if certify else ())
        first += len(weighed.alone)
    return Comparison(
        found=Told(FINDINGS, findings),
        best=Told(CANDIDATES, candidates),
        source=official.source,
        snapshot=official.snapshot,
        model=f"open-set/{parameters.version}",
        parameters=parameters.flat(),
        searches=tuple(searched),
    )
