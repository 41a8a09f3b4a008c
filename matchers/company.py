"""What the company of other records changes: entries of a list go to the records that fit them best.

A row's own evidence is the same alone and in a file. Here, and only here, other rows come in.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geodata.index.groups import runs
from geodata.places import Places
from matchers.absence import Posterior
from matchers.claims import NOBODY, Blocks, Others, claims_of
from matchers.exclusiveness import share_out
from matchers.model import Rival, Weighed
from matchers.pairs import Floats
from matchers.parameters import Calibration, Parameters
from matchers.shortlist import TOP

_NONE = 1e-300
_ACCEPTED = 0.5
_CLAIM = 1e-3  # odds against absence below which a pair claims nothing


def hopeful(weighed: Weighed) -> Weighed:
    """Return the pairs that may matter: claims, and the best few of each record for people to see."""
    odds = weighed.posterior.pair / weighed.posterior.absent[weighed.pairs.record]
    ranked = np.lexsort((weighed.order, -weighed.bits, weighed.pairs.record))
    place = np.empty(len(ranked), np.int64)
    begin = runs(weighed.pairs.record, len(weighed.alone))
    place[ranked] = np.arange(len(ranked)) - begin[weighed.pairs.record]
    return weighed.of(np.flatnonzero((odds >= _CLAIM) | (place < TOP)))


def in_company(places: Places, blocks: Blocks, parameters: Parameters, others: Others = NOBODY) -> list[Weighed]:
    """Return the blocks of a table with their joint probabilities, in order.

    `places` are the records of all blocks, `others` records that were compared before.
    """
    if not blocks:
        return []
    claims = claims_of(places, blocks, parameters, others)
    shares, parts = share_out(claims), np.zeros(len(places) + len(others.ids), np.bool_)
    accepted = claims.within & (shares.pair > _ACCEPTED)
    several = np.flatnonzero(np.bincount(claims.row[accepted]) > 1)
    parts[claims.record[accepted & np.isin(claims.row, several)]] = True
    ids = [*places.ids, *others.ids]
    rivals = [
        Rival(ids[record], row) if record >= 0 else None
        for record, row in zip(shares.competitor.tolist(), shares.contested.tolist(), strict=True)
    ]
    settled, first, pair = [], 0, 0
    for _, weighed in blocks:
        last, end = first + len(weighed.alone), pair + len(weighed.pairs)
        joint = Posterior(shares.absent[first:last], shares.pair[pair:end])
        told = replace(weighed, rival=rivals[first:last], part_of=parts[first:last])
        settled.append(_settled(told, joint, parameters.calibration))
        first, pair = last, end
    return settled


def _settled(weighed: Weighed, joint: Posterior, calibration: Calibration) -> Weighed:
    absent, alone = (calibrated(p, calibration) for p in (joint.absent, weighed.alone))
    listed = (1 - absent) / np.maximum(1 - joint.absent, _NONE)
    return replace(weighed, posterior=Posterior(absent, joint.pair * listed[weighed.pairs.record]), alone=alone)


def calibrated(p: Floats, calibration: Calibration) -> Floats:
    """Return probabilities with their log odds moved along the line of the calibration; 0 and 1 stay."""
    if calibration == Calibration():
        return p
    inner = (p > 0) & (p < 1)
    safe = np.where(inner, p, 0.5)
    odds = calibration.slope * (np.log(safe) - np.log1p(-safe)) + calibration.intercept
    return np.where(inner, 1 / (1 + np.exp(-odds)), p)
