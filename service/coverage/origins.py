"""Which lists share an origin: what callers and passports declare, and what is plain from the lists. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from geodata.names.folding import fold
from matchers.coverage.histories import Impossible
from matchers.coverage.refusal import Shared
from service.coverage.scope import CITIZENS, Lists
from service.store.captures import Capture
from service.store.passports import KeptPassport, Key, key_of

Passports = Mapping[Key, KeptPassport]


def shared(counted: Sequence[Capture], declared: Passports, asked: tuple[Lists, Sequence[str]]) -> tuple[Shared, ...]:
    """Return the lists that cannot be independent; `asked` are the lists and what the caller declares as "B:A".

    Raises `Impossible` where the caller's declaration cannot be read.
    """
    lists, seeded = asked
    return (*_said(seeded), *_of_one_hand(lists.citizens), *_started_from(counted, declared, lists))


def unseeded(counted: Sequence[Capture], declared: Passports, lists: Lists) -> list[Capture]:
    """Return the records without those of collections that started from the official list, where all are one list."""
    if lists.official is None or CITIZENS not in lists.citizens:
        return list(counted)
    names = {fold(lists.official.source), fold(lists.official.title)}
    return [one for one in counted if names.isdisjoint(_seeds(declared, key_of(one.organisation, one.account)))]


def _said(seeded: Sequence[str]) -> Iterator[Shared]:
    for text in seeded:
        child, colon, parent = text.partition(":")
        if not (child and colon and parent):
            message = f"{text!r} does not say which list was made from which"
            raise Impossible(message, "write B:A where B was made from A")
        yield Shared(child, parent, f"{child} was made from {parent}")


def _of_one_hand(citizens: Sequence[str]) -> Iterator[Shared]:
    for one, other in combinations(citizens, 2):
        if CITIZENS in {one, other}:
            yield Shared(one, other, f"{CITIZENS} holds all that organisations sent")
        elif one.partition("/")[0] == other.partition("/")[0]:
            yield Shared(one, other, "one organisation made both")


def _started_from(counted: Sequence[Capture], declared: Passports, lists: Lists) -> Iterator[Shared]:
    """Say which lists of one organisation started from another list by their passports."""
    called = {fold(name): name for name in lists.names}
    if lists.official is not None:
        called[fold(lists.official.title)] = lists.official.source
    told = set()
    for key in sorted({key_of(one.organisation, one.account) for one in counted}):
        own = next((name for name in ("/".join(key), key[0]) if name in lists.citizens), None)
        for seed in _seeds(declared, key) & called.keys() if own else ():
            pair = (own, called[seed])
            if own is not None and own != called[seed] and pair not in told:
                told.add(pair)
                yield Shared(own, called[seed], "by its passport it started from that list")


def _seeds(declared: Passports, key: Key) -> set[str]:
    passport = declared.get(key)
    return {fold(name) for name in (passport.body.get("seed_lists") or ())} if passport else set()
