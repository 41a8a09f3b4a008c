"""Records made ready for the fused pass: where they lie, what they say, and what other than distance proposes."""

from __future__ import annotations

import numpy as np

from geodata.index.areas import Holding
from geodata.index.groups import distinct, runs
from geodata.index.points import spots
from geodata.kernels.arrays import fixed, real, whole
from matchers.candidates import paired, suggested
from matchers.features.admin import worth_of
from matchers.features.containment import compare_containment
from matchers.features.kinds import weigh_kinds
from matchers.features.qualifiers import hints_of, said_brackets
from matchers.features.sizes import against_size
from matchers.kernels.tables import Accounts, Columns
from matchers.model import Ground, Task
from matchers.pairs import Floats, Rows
from matchers.weighing.sites import tempered

_NO_VALUES = np.zeros(0)


def accounts_of(task: Task, ground: Ground) -> Accounts:
    """Return the records of a task as columns."""
    records, profile, places = task.records, task.profile, task.records.places
    located = np.isfinite(places.lat) & np.isfinite(places.lon)
    phi = np.radians(places.lat)
    kind, _, kind_bits = weigh_kinds(records.kinds, profile.kinds, task.parameters.kinds)
    same, sibling, different = _units(task)
    measure, far = _sizes(task)
    brackets, elsewhere = _brackets(task)
    return Accounts(
        spots=spots(places.lat, places.lon),
        turn=(real(phi), real(np.radians(places.lon)), real(np.cos(phi))),
        sigma=real(ground.reach.citizen_m),
        radius=real(np.where(located, ground.reach.radius_m(task.parameters.geography), np.nan)),
        crowd=real(ground.around.density_km2 / max(len(task.official.index.points.rows), 1)),
        kind=whole(kind),
        kinds=real(np.exp2(kind_bits)),
        said=whole(task.said),
        same=same,
        sibling=sibling,
        different=different,
        brackets=brackets,
        elsewhere=fixed(elsewhere),
        held=_held(task, ground.holding, ground.reach.citizen_m),
        proposed=_proposed(task, ground.holding),
        measure=measure,
        far=far,
    )


def _columns(record: Rows, cell: Rows, value: Floats, count: int) -> Columns:
    """Return cells by record, given in any order."""
    order = np.argsort(record, kind="stable")
    values = value[order] if len(value) else value
    return Columns(whole(runs(record[order], count)), whole(cell[order]), real(values))


def _units(task: Task) -> tuple[Floats, Floats, Floats]:
    """Return what the same unit, a sibling's and another are worth: without and beside a distance, column, record."""
    geography, shape = task.parameters.geography, (2, *task.said.shape)
    worth = [worth_of(said, unit, geography) for said, unit in zip(task.said, task.profile.units, strict=True)]
    same, sibling, different = (
        np.array([tempered(one[at], geography.admin_exponent) for one in worth]).reshape(-1, 2, shape[-1])
        for at in range(3)
    )
    telling = np.array([len(unit.number) > 1 for unit in task.profile.units], np.bool_)
    sibling = np.where(telling[:, None, None], sibling, 0.0)
    return tuple(real(one.swapaxes(0, 1)) for one in (same, sibling, different))  # type: ignore[return-value]


def _brackets(task: Task) -> tuple[Columns, np.ndarray]:
    """Return the texts in brackets that mean a record's own unit or country, and which records say their country."""
    listed, count = task.profile.qualifiers, len(task.records.places)
    if not len(listed.number):
        empty = np.zeros(0, np.int64)
        return _columns(empty, empty, _NO_VALUES, count), np.zeros(count, np.bool_)
    hints = hints_of(task.records)
    said = np.array(said_brackets(hints, listed), np.int64).reshape(-1, 2)
    elsewhere = np.array([bool(own.countries) for own in hints], np.bool_)
    return _columns(said[:, 0], said[:, 1], _NO_VALUES, count), elsewhere


def _held(task: Task, holding: Holding, sigma_m: Floats) -> Columns:
    """Return the rows whose polygon holds a record or nearly, and what that says."""
    records, index = task.records, task.official.index
    pairs = paired(holding.query, holding.row, (records.places, index.places))
    inside = compare_containment(pairs, index, holding, (sigma_m, task.parameters.geography))
    return _columns(pairs.record, pairs.row, np.exp2(inside.bits), len(records.places))


def _proposed(task: Task, holding: Holding) -> Columns:
    """Return the rows that anything but their distance proposes, each once."""
    record, row = suggested(task.records, task.official.index, holding)
    span = max(len(task.official.index.places), 1)
    both = distinct(record * span + row)
    return _columns(both // span, both % span, _NO_VALUES, len(task.records.places))


def _sizes(task: Task) -> tuple[Floats, Floats]:
    """Return the sizes of records in the list's units of measure, and what one far apart is worth."""
    mine, theirs, count = task.records.sizes.log, task.profile.sizes.log, len(task.records.places)
    units = sorted(theirs) if mine.keys() & theirs.keys() else []
    unsaid = np.full(count, np.nan)
    measure = [mine.get(unit, unsaid) for unit in units]
    far = [
        np.exp2(np.minimum(against_size(mine[unit], theirs[unit], task.parameters.sizes), 0.0))
        if unit in mine
        else unsaid
        for unit in units
    ]
    return tuple(real(np.array(one).reshape(len(units), count)) for one in (measure, far))  # type: ignore[return-value]
