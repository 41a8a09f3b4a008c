"""Reading a layer: every flag that one audience sees, through the one redactor; or of a layer only what moved since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from service.callers.caller import Caller
from service.disclosure import redact_flag
from service.disclosure.unseen import unseen_by, worked_by
from service.layers.layer import Layer
from service.layers.spot import Spot, spot_of
from service.store import flags, moved
from service.store.engine import Session, Store
from service.store.filters import FlagFilter
from service.store.moved import Mark
from service.store.values import Flag

#: What may have happened since a layer was read for only that to be read again.
MOST_MOVED = 2_000

T = TypeVar("T")


class Read(NamedTuple):
    """A layer, and up to where it was read."""

    mark: Mark
    layer: Layer


def read(store: Store, caller: Caller, step: Callable[[], None] = lambda: None) -> Read:
    """Read all that a caller sees; `step` is called now and then, and may raise to give up."""
    wanted = FlagFilter(published_or_of=worked_by(caller), unseen=unseen_by(caller))
    shared: dict[object, object] = {}
    spots: list[Spot] = []
    with store.read() as session:
        mark = moved.mark(session)
        for chunk in flags.chunks(session, wanted):
            spots += _spots(session, chunk, caller, shared)
            step()
    return Read(mark, Layer(spots))


def brought_up(store: Store, caller: Caller, before: Read) -> Read | None:
    """Return a layer with what moved since it was read; None where too much did, or what may concern any flag."""
    with store.read() as session:
        mark = moved.mark(session)
        concerned = moved.since(session, before.mark, MOST_MOVED)
        if concerned is None or len(concerned) > MOST_MOVED:
            return None
        anew = [
            spot
            for some in _parts(sorted(concerned), flags.CHUNK)
            for spot in _spots(session, flags.many(session, some, worked_by(caller)), caller, {})
        ]
    return Read(mark, before.layer.changed(concerned, anew))


def _spots(session: Session, found: Sequence[Flag], caller: Caller, shared: dict[object, object]) -> Iterator[Spot]:
    """Yield what is shown of some flags; values that many share are kept once."""
    shown = {flag.id: told for flag in found if (told := redact_flag(flag, caller, {})) is not None}
    places = moved.order(session, list(shown))
    for flag in found:
        if flag.id in shown:
            spot = spot_of(flag, shown[flag.id], places[flag.id])
            yield spot._replace(units=_once(shared, spot.units), tags=_once_told(shared, spot.tags))


def _once(shared: dict[object, object], value: T) -> T:
    return shared.setdefault(value, value)  # type: ignore[return-value]


def _once_told(shared: dict[object, object], tags: Mapping[str, object]) -> Mapping[str, object]:
    return shared.setdefault(repr(tags), tags)  # type: ignore[return-value]


def _parts(ids: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
