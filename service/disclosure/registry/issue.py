"""Issue: work out the next edition of the tables of a subject, keep it, and say what of it is told."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import orjson

from service.disclosure.policy import ROUNDED_TO
from service.disclosure.registry.block import Block
from service.disclosure.registry.following import RESTING, Reporting, differ, following, resting
from service.disclosure.registry.kept import read, written
from service.disclosure.tables import Rounder
from service.disclosure.tables.cube import Coordinates
from service.errors import Problem
from service.store import editions
from service.store.editions import Kept
from service.store.engine import Session, Store

_ATTEMPTS = 3  # where other processes issue at the same moment
_SECRET = "rounding"  # noqa: S105 - the name of the secret, not the secret

Told = Mapping[Coordinates, int]


def _on() -> None:
    """Go on."""


#: Reads what there is to count, in the transaction that it is given.
Reading = Callable[[Session], Mapping[str, Reporting]]


@dataclass(frozen=True, slots=True)
class Issued:
    """What outsiders are told of the tables of a subject, and what is kept from them.

    Only `transformed` and `amounts` may leave: which cells are withheld would tell that somebody is in them.
    """

    allowed: bool
    transformed: Mapping[str, Told] = field(
        default_factory=dict
    )  # by table: rounded numbers of the cells that are told
    amounts: Mapping[str, Mapping[Coordinates, Mapping[str, int]]] = field(default_factory=dict)  # the same, of amounts
    suppressed_cells: Mapping[str, tuple[Coordinates, ...]] = field(default_factory=dict)
    location_level: str = "country"  # nothing below it is told
    reasons: tuple[str, ...] = ()
    release_id: str | None = None
    pending: bool = False  # nothing holds at present, and the next edition is still to be worked out

    def told(self, table: str, cell: Coordinates) -> int:
        """Return what is told of one cell; 0 where that is nothing."""
        return self.transformed.get(table, {}).get(cell, 0)


def beside(told: int, own: int) -> int:
    """Return how many others there are in a told number beside an organisation's own: none, or a crowd.

    A number is only told where that is so; what is left of a few is of the rounding.
    """
    return told - own if told - own > ROUNDED_TO else 0


#: Told where anything is missing.
NOTHING = Issued(allowed=False, reasons=("nothing could be checked, so nothing is told",))


#: Told until there is an edition, and from when somebody left until there is the next one.
AWAITED = replace(NOTHING, reasons=("the numbers are being worked out",), pending=True)


def issued(store: Store, subject: str, reports: Mapping[str, Reporting]) -> Issued:
    """Return what outsiders are told of these tables, after keeping it where it is not what was told last.

    Where it cannot be kept, they are told what was told last, or nothing where that holds no more.
    """
    return worked_out(store, subject, lambda _session: reports)


def worked_out(store: Store, subject: str, reading: Reading, step: Callable[[], None] = _on) -> Issued:
    """Return the same of tables that are read together with what was told last, so that nobody leaves in between.

    `step` is called before each table, and may raise to give up: then nothing is kept.
    """
    last: Kept | None = None
    reports: Mapping[str, Reporting] = {}
    for _ in range(_ATTEMPTS):
        try:
            with store.read() as session:
                last, secret = editions.latest(session, subject), editions.secret(session, _SECRET)
                reports = reading(session)
            blocks = following(last, reports, step)
            if last is not None and secret is not None and not last.superseded and not differ(last, blocks):
                return _issued(last, blocks, Rounder(secret))
            made = store.write(_Keeping(last, subject, blocks))
        except Problem:
            return _standing(store, last, reports)
        if made is not None:
            return _issued(made[0], blocks, Rounder(made[1]))
    return _standing(store, last, reports)


def standing(store: Store, subject: str, shaped: Callable[[str], Block]) -> Issued:
    """Return what was told last, without working anything out; nothing where that holds no more.

    `shaped` gives the shape of a table by its name.
    """
    try:
        with store.read() as session:
            last, secret = editions.latest(session, subject), editions.secret(session, _SECRET)
    except Problem:
        return NOTHING
    if last is None or last.superseded or secret is None:
        return AWAITED
    blocks = {name: read(told, shaped(name)) for name, told in last.tables.items() if RESTING not in told}
    return _issued(last, blocks, Rounder(secret))


@dataclass(frozen=True, slots=True)
class _Keeping:
    """Keeps an edition, unless since the last was read another was kept, or somebody left: then it returns None."""

    last: Kept | None
    subject: str
    blocks: Mapping[str, Block]

    def __call__(self, session: Session) -> tuple[Kept, bytes] | None:
        """Keep it, in one transaction."""
        latest = editions.latest(session, self.subject)
        if (latest and (latest.id, latest.superseded_at)) != (self.last and (self.last.id, self.last.superseded_at)):
            return None
        tables = resting(latest, self.blocks) | {name: written(block) for name, block in self.blocks.items()}
        secret = editions.make_secret(session, _SECRET)
        number = latest.number + 1 if latest else 1
        return editions.add(session, Kept("", self.subject, number, _digest(self.blocks), tables)), secret


def _standing(store: Store, last: Kept | None, reports: Mapping[str, Reporting]) -> Issued:
    """Return what was told last, as long as that holds."""
    if last is None or last.superseded:
        return NOTHING
    try:
        with store.read() as session:
            secret = editions.secret(session, _SECRET)
    except Problem:
        return NOTHING
    blocks = {name: read(last.tables.get(name), one.shape) for name, one in reports.items()}
    return _issued(last, blocks, Rounder(secret)) if secret else NOTHING


def _issued(kept: Kept, blocks: Mapping[str, Block], rounder: Rounder) -> Issued:
    failed = [f"{name}: {block.failed}" for name, block in blocks.items() if block.failed]
    return Issued(
        allowed=True,
        transformed={
            name: {cell: rounder.told(_named(sorted(one.by.items())), one.value) for cell, one in block.told().items()}
            for name, block in blocks.items()
        },
        amounts={
            name: {
                cell: {of: rounder.told(_named(of, number), number) for of, number in amounts.items()}
                for cell, amounts in block.amounts().items()
            }
            for name, block in blocks.items()
        },
        suppressed_cells={name: tuple(sorted(set(block.cells) - set(block.told()))) for name, block in blocks.items()},
        reasons=tuple(failed),
        release_id=kept.id,
    )


def _named(*parts: object) -> str:
    """Return what a number is rounded by: what it counts, not where it stands.

    The same communities in many cells are told as one number everywhere, so that there is nothing to average.
    """
    return orjson.dumps(parts).decode()


def _digest(blocks: Mapping[str, Block]) -> str:
    told = [
        [name, sorted((cell, one.value) for cell, one in block.told().items())]
        for name, block in sorted(blocks.items())
    ]
    return hashlib.sha256(orjson.dumps(told)).hexdigest()
