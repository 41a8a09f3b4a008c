"""Names of pairs compared in compiled code: both sides packed, and what levels are worth in a list, made ready once."""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from geodata.index import PlaceIndex
from geodata.index.groups import runs
from geodata.kernels.arrays import fixed, real, whole
from matchers.features.packed import Packing, axis_bits
from matchers.features.plain_names import Best
from matchers.features.rarity import LENGTHS, Rarity, least_chance
from matchers.features.stems import Stems
from matchers.kernels.aliases import weigh_aliases
from matchers.kernels.sheets import EXACT, UNLIKE, Asked, Found, Held, Numbers
from matchers.kernels.spellings import UNREAD
from matchers.pairs import Pairs
from matchers.parameters import NameLevels
from matchers.records import Records

_WORDS, _LAST = 7, 10  # levels, as in `matchers.features.names`


@dataclass(frozen=True, eq=False)
class _List:
    """What one list's names are compared by."""

    packing: Packing
    held: Held
    numbers: Numbers
    rarity: Rarity

    @classmethod
    def of(cls, index: PlaceIndex, rarity: Rarity, levels: NameLevels) -> _List:
        packing = Packing.of(index.names, rarity.stems)
        begin = runs(index.name_rows, len(index.places))
        letters, full = rarity.namesakes
        held = Held(packing.side, whole(begin), whole(index.names.which), whole(letters), whole(full))
        return cls(packing, held, _numbers(rarity, levels), rarity)


_known: WeakKeyDictionary[PlaceIndex, dict[NameLevels, _List]] = WeakKeyDictionary()


def _list_of(index: PlaceIndex, rarity: Rarity, levels: NameLevels) -> _List:
    lists = _known.setdefault(index, {})
    known = lists.get(levels)
    if known is None or known.rarity is not rarity:
        known = lists[levels] = _List.of(index, rarity, levels)
    return known


def _numbers(rarity: Rarity, levels: NameLevels) -> Numbers:
    base = [1.0, 0.0, *levels.m_near, levels.m_unlike, 0.0, levels.number_conflict, levels.modifier_conflict]
    return Numbers(
        cuts=real(np.array(levels.cuts)),
        base=real(np.array(base)),
        counts=real(np.array([1.0, levels.one_sided, levels.number_conflict, levels.number_conflict])),
        missing=real(levels.word_missing ** np.arange(4)),
        near=real(rarity.near),
        lengths=whole(np.array(LENGTHS)),
        spread=real(np.array(levels.near_rarity)),
        word_chance=real(rarity.word_chance),
        axes=fixed(axis_bits()),
        m_words=levels.m_words,
        m_exact=levels.m_exact,
        m_unlike=levels.m_unlike,
        one_sided=levels.one_sided,
        otherwise_written=levels.otherwise_written,
        other_role=levels.other_role,
        same=rarity.same,
        same_rarity=levels.same_rarity,
        floor=least_chance(rarity.size),
        others=float(max(rarity.size - 1, 1)),
        lowest=levels.cuts[-1],
        among=(EXACT, _LAST),
    )


@dataclass(frozen=True, eq=False)
class Comparison:
    """Some records' names and a list's, ready to be compared."""

    asked: Asked
    held: Held
    numbers: Numbers

    @classmethod
    def of(cls, records: Records, official: tuple[PlaceIndex, Rarity], levels: NameLevels) -> Comparison:
        """Pack the names of records, and on the first call those of the list."""
        listed = _list_of(*official, levels)
        side = listed.packing.pack(records.names, Stems.of(records.names, listed.rarity.words))
        position = np.argsort(records.name_rows, kind="stable")
        position = position[records.names.named[position]]
        asked = Asked(
            side=side,
            begin=whole(runs(records.name_rows[position], len(records.places))),
            name=whole(records.names.which[position]),
            position=whole(position),
            operator=fixed(records.is_operator[position]),
        )
        return cls(asked, listed.held, listed.numbers)

    def best(self, pairs: Pairs) -> Best:
        """Return the best pair of names of each pair, in order of records; similarity -1 where all are unlike."""
        return self.told(weigh_aliases((whole(pairs.record), whole(pairs.row)), self.asked, self.held, self.numbers))

    def reread(self, pairs: Pairs) -> Best:
        """Return the best pair of names of pairs whose names are all unlike."""
        numbers = self.numbers._replace(lowest=UNREAD, among=(UNLIKE, _WORDS))
        return self.told(weigh_aliases((whole(pairs.record), whole(pairs.row)), self.asked, self.held, numbers))

    def told(self, found: Found) -> Best:
        """Return what was found with positions in `Records.names`."""
        mine = (
            np.where(found.mine >= 0, self.asked.position[found.mine], -1) if len(self.asked.position) else found.mine
        )
        return Best(found.level, found.ratio, found.similarity, mine, found.theirs)
