"""What the company of other records changes: entries of a list go to the records that fit them best.

A row's own evidence is the same alone and in a file. Here, and only here, other rows come in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.special import expit

from geodata.index.groups import runs
from geodata.kernels.arrays import real, whole
from geodata.kernels.jit import COMPILED
from geodata.places import Places
from matchers.absence import Posterior
from matchers.company.claims import NOBODY, Blocks, Others, claims_of
from matchers.company.exclusiveness import joint, share_out
from matchers.company.rivals import Rival, Rivals, ids_of, rows_by_id
from matchers.model import Weighed
from matchers.pairs import Flags, Floats
from matchers.parameters import Calibration, Parameters
from matchers.shortlist import CLAIM, DIGITS, TOP

_NONE = 1e-300
_ACCEPTED = 0.5


def hopeful(weighed: Weighed) -> Weighed:
    """Return the pairs that may matter: claims, and the best few of each record for people to see."""
    odds = weighed.posterior.pair / weighed.posterior.absent[weighed.pairs.record]
    kept = (odds >= CLAIM) | _leading(weighed)
    dropped = np.bincount(weighed.pairs.record[~kept], odds[~kept], minlength=len(weighed.alone))
    return replace(weighed.of(np.flatnonzero(kept)), rest=weighed.rest + dropped)


def _leading(weighed: Weighed) -> Flags:
    """Return the best few pairs of each record by evidence; equals by the identifiers of their entries."""
    # Rounded, because the last bits of a sum of floats must not choose between equals.
    record, bits, order = weighed.pairs.record, np.round(weighed.bits, DIGITS), weighed.order
    if COMPILED:
        from matchers.kernels.selecting import leading  # noqa: PLC0415 - loads numba, which takes half a second

        return leading(whole(record), real(bits), whole(order), TOP)
    ranked = np.lexsort((order, -bits, record))
    begin = runs(record, len(weighed.alone))
    best = np.zeros(len(ranked), np.bool_)
    best[ranked] = np.arange(len(ranked)) - begin[record] < TOP
    return best


def in_company(places: Places, blocks: Blocks, parameters: Parameters, others: Others = NOBODY) -> list[Weighed]:
    """Return the blocks of a table with their joint probabilities, in order.

    `places` are the records of all blocks, `others` records that were compared before.
    """
    if len(places) + len(others.ids) <= 1:
        return [_settled(weighed, weighed.posterior, parameters.calibration) for _, weighed in blocks]
    claims = claims_of(places, blocks, parameters, others)
    shares, parts = share_out(claims), np.zeros(len(places) + len(others.ids), np.bool_)
    accepted = claims.within & (shares.pair > _ACCEPTED)
    entries, times = np.unique(claims.row[accepted], return_counts=True)
    parts[claims.record[accepted & np.isin(claims.row, entries[times > 1])]] = True
    rivals = Rivals(ids_of(places, others.ids), shares.competitor, shares.contested)
    settled, first, pair = [], 0, 0
    for _, weighed in blocks:
        last, end = first + len(weighed.alone), pair + len(weighed.pairs)
        joint = Posterior(shares.absent[first:last], shares.pair[pair:end])
        told = replace(weighed, free=shares.free[pair:end], rival=rivals[first:last], part_of=parts[first:last])
        settled.append(_settled(told, joint, parameters.calibration))
        first, pair = last, end
    return settled


@dataclass(frozen=True, slots=True)
class Company:
    """What the company of other records came to for one record, so that it need not be asked again."""

    free: Mapping[str, float] = field(default_factory=dict)  # by entry, as far as others do not leave it whole
    rival: tuple[str, str] | None = None  # identifiers of the record that competed, and of the entry
    part_of: bool = False


ALONE = Company()


def companies_of(weighed: Weighed, entries: Sequence[str]) -> list[Company]:
    """Return what company came to for each record of a settled block; `entries` are the identifiers of the list."""
    free: list[dict[str, float]] = [{} for _ in weighed.alone]
    shared = np.flatnonzero(weighed.free < 1)
    for pair, record, row in zip(shared, weighed.pairs.record[shared], weighed.pairs.row[shared], strict=True):
        free[record][entries[row]] = float(weighed.free[pair])
    rivals = [None if rival is None else (rival.record, entries[rival.row]) for rival in weighed.rival]
    return [Company(*of) for of in zip(free, rivals, weighed.part_of.tolist(), strict=True)]


def as_before(blocks: Blocks, parameters: Parameters, company: Mapping[str, Company]) -> list[Weighed]:
    """Return the blocks of a table with the joint probabilities that a company of before came to, in order.

    `company` is by record; one that is not named is alone.
    """
    settled = []
    for task, weighed in blocks:
        records, index = task.records.places, task.official.index
        told = [company.get(record, ALONE) for record in records.ids]
        shared = {record for record, one in enumerate(told) if one.free}
        free, row_of = np.ones(len(weighed.pairs)), rows_by_id(index) if any(one.rival for one in told) else {}
        for pair in np.flatnonzero(np.isin(weighed.pairs.record, list(shared))).tolist():
            entry = index.places.column("id")[int(weighed.pairs.row[pair])].as_py()
            free[pair] = told[weighed.pairs.record[pair]].free.get(entry, 1.0)
        before = replace(
            weighed,
            free=free,
            rival=[Rival(one.rival[0], row_of[one.rival[1]]) if one.rival else None for one in told],
            part_of=np.array([one.part_of for one in told], np.bool_),
        )
        shares = joint(claims_of(records, [(task, weighed)], parameters), before.free)
        settled.append(_settled(before, Posterior(*shares), parameters.calibration))
    return settled


def _settled(weighed: Weighed, joint: Posterior, calibration: Calibration) -> Weighed:
    absent, alone = (calibrated(p, calibration) for p in (joint.absent, weighed.alone))
    listed = (1 - absent) / np.maximum(1 - joint.absent, _NONE)
    pair = np.where(weighed.decided, weighed.posterior.pair, joint.pair)
    return replace(weighed, posterior=Posterior(absent, pair * listed[weighed.pairs.record]), alone=alone)


def calibrated(p: Floats, calibration: Calibration) -> Floats:
    """Return probabilities with their log odds moved along the line of the calibration; 0 and 1 stay."""
    if calibration == Calibration():
        return p
    inner = (p > 0) & (p < 1)
    safe = np.where(inner, p, 0.5)
    odds = calibration.slope * (np.log(safe) - np.log1p(-safe)) + calibration.intercept
    return np.where(inner, expit(odds), p)
