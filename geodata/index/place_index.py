"""PlaceIndex: a table of places that can be searched by point, by name in any spelling, and by administrative key."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.coded import Coded
from geodata.index.admin import AdminGroups
from geodata.index.areas import Areas
from geodata.index.groups import Groups, distinct, repeated, runs
from geodata.index.lengths import ByLength
from geodata.index.points import Points
from geodata.index.spelling import Spellings
from geodata.kernels.bands import Bands
from geodata.names import NameForms, forms
from geodata.names.forms import Marks, Wholes, forms_of_column
from geodata.names.partcolumns import PartColumns
from geodata.names.resemblance import Readings, resemblance
from geodata.numbering import Numbering, numbered
from geodata.places import Places
from geodata.saved import SavedDamaged, read, save
from geodata.texts import Texts

Rows = NDArray[np.int64]

_FEW = 16  # rows up to which reading them one by one is quicker than as a column
#: A spelling less like the query than this cosine is not proposed; below it true variants are rare (bench/accuracy.py).
_LEAST_LIKENESS = 0.25
_SKELETON_LETTERS = 3  # shorter skeletons are shared by too many names to propose any
_SKELETON_ROWS = 50
#: Across scripts of which one leaves vowels out, only consonants can be alike, and fewer of them are then left unlike.
_LEAST_LIKENESS_IN_SOUND = 0.4
#: A search by name alone looks at all names that share so many of their letters, in order.
_LEAST_SHARED = 0.6


class Hit(NamedTuple):
    """One place found."""

    row: int
    similarity: float | None  # of the best of its names to the name asked for, 0..1; None where no name was asked for
    distance_m: float | None  # None where either side has no point


@dataclass(frozen=True, eq=False)
class PlaceIndex:
    """Places with everything that searching them needs, built once; immutable.

    All of it is columns, so that it can be kept in a folder and shared by the processes of a machine.
    """

    kept: ClassVar = ("_name_start", "_vowelless")  # what is saved beside the fields

    places: Places
    names: NameForms  # of every name of every row, `Places.flat_names` order
    name_rows: Rows  # the row each name belongs to
    cores: Groups  # rows by the letters of a name's core, without spaces
    core_numbers: Rows  # the number in `cores` of each distinct name, -1 where it has no core
    skeletons: Groups  # numbers of `cores` by consonant skeleton
    spellings: Spellings  # of `cores`, in their order
    points: Points
    admin: AdminGroups

    @classmethod
    def build(cls, places: Places) -> PlaceIndex:
        """Index a table of places; about half a second for a hundred thousand."""
        places = Places(places.table.combine_chunks())
        texts, name_rows = places.name_columns
        names = forms_of_column(texts)
        lettered = np.flatnonzero(names.letters.sizes)
        number, code = numbered(names.letters.take(lettered))
        core_numbers = np.full(len(names.parts), -1, np.int64)
        core_numbers[lettered] = code
        cores = Groups.of(number, core_numbers[names.which[names.named]], name_rows[names.named])
        bearer = np.empty(len(number), np.int64)
        bearer[code] = lettered  # the last name with these letters
        return cls(
            places=places,
            names=names,
            name_rows=name_rows,
            cores=cores,
            core_numbers=core_numbers,
            skeletons=Groups.build(names.skeletons.take(bearer), np.arange(len(number))),
            spellings=Spellings.build(number.texts),
            points=Points.build(places.lat, places.lon),
            admin=AdminGroups.of(places),
        )

    @classmethod
    def open(cls, folder: Path) -> PlaceIndex:
        """Return the index saved in a folder: at once, whatever its size. Raises `SavedDamaged`."""
        index = read(folder, _KINDS)
        if not isinstance(index, PlaceIndex):
            msg = f"{folder} holds no index of places"
            raise SavedDamaged(msg)
        return index

    def save(self, folder: Path) -> None:
        """Keep the index in a folder, which takes the place of one that is there. Raises `OSError`."""
        save(self, folder)

    @cached_property
    def areas(self) -> Areas:
        """The polygons of the places that have one."""
        return Areas.of(self.places)

    def names_of(self, rows: Rows) -> tuple[Rows, Rows]:
        """Return (position in `rows`, position in `names`) for every name of every given row."""
        return repeated(self._name_start[rows], self._name_start[rows + 1] - self._name_start[rows])

    def first_names(self, rows: Rows) -> list[str]:
        """Return the first name of each of some rows as written, empty where there is none."""
        begin, texts, which = self._name_start, self.names.texts, self.names.which
        if len(rows) <= _FEW:
            return [texts[int(which[begin[row]])] if begin[row + 1] > begin[row] else "" for row in rows.tolist()]
        named = begin[rows + 1] > begin[rows]
        given = iter(texts.take(which[begin[rows[named]]]).tolist())
        return [next(given) if one else "" for one in named.tolist()]

    @cached_property
    def _name_start(self) -> Rows:
        return runs(self.name_rows, len(self.places))

    def called(self, wanted: NameForms, limit: int) -> tuple[Rows, Rows]:
        """Return (position in `wanted`, row) for rows whose names may be spellings of each wanted name.

        All rows with the very same letters, those with the same consonants, and the `limit` spellings most alike; where
        only one side is written with its vowels, the `limit` most alike in consonants.
        """
        letters = wanted.letters
        alike = self.spellings.alike(letters, _LEAST_LIKENESS, limit)
        spoken = [key if len(key) >= _SKELETON_LETTERS else "" for key in wanted.skeletons.tolist()]
        by_sound, sounding = self.skeletons.rows_of(self.skeletons.numbers(spoken), _SKELETON_ROWS)
        exact = self.cores.numbers(letters)
        same = np.flatnonzero(exact >= 0)
        across, akin = self._akin(wanted, limit)
        form = np.concatenate((alike.query, by_sound, same, across))
        core = np.concatenate((alike.entry, sounding, exact[same], akin))
        position, row = self.cores.rows_of(core)
        # From distinct names back to the names as asked for.
        span = max(len(self.places), 1)
        pairs = distinct(form[position] * span + row)
        asked = np.argsort(wanted.which, kind="stable")
        begin = runs(wanted.which[asked], len(letters))
        at, asker = repeated(begin[pairs // span], np.diff(begin)[pairs // span])
        return asked[asker], pairs[at] % span

    def _akin(self, wanted: NameForms, limit: int) -> tuple[Rows, Rows]:
        """Return (distinct wanted name, core) alike in consonants, where only one of the two is written with vowels."""
        pairs = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
        for bare in (True, False):
            asked = np.flatnonzero(wanted.vowelless == bare)
            if not len(asked):
                continue
            listed, sounds = self._vowelled if bare else self._vowelless
            if len(listed):
                texts = wanted.skeletons.take(asked)
                found = sounds.alike(texts, _LEAST_LIKENESS_IN_SOUND, limit)
                pairs.append((asked[found.query], listed[found.entry]))
        form, core = (np.concatenate(columns) for columns in zip(*pairs, strict=True))
        return form, core

    @cached_property
    def _vowelless(self) -> tuple[Rows, Spellings]:
        return self._sounds(vowelless=True)

    @cached_property
    def _vowelled(self) -> tuple[Rows, Spellings]:
        return self._sounds(vowelless=False)

    def _sounds(self, *, vowelless: bool) -> tuple[Rows, Spellings]:
        """Return the cores that are written without vowels, or with them, and their consonants to search in."""
        names = np.flatnonzero((self.names.vowelless == vowelless) & (self.core_numbers >= 0))
        cores, first = np.unique(self.core_numbers[names], return_index=True)
        return cores, Spellings.build(self.names.skeletons.take(names[first]))

    def search(
        self, name: str | None, near: tuple[float, float] | None, radius_m: float | None, limit: int
    ) -> list[Hit]:
        """Return the places best answering a name, a point (latitude, longitude), or both; the best first.

        With a point and a radius only places within it are returned; with a point alone, within 50 km.
        """
        wanted = forms([name] if name else [])
        rows = self._named(wanted, 10 * limit, alone=near is None) if name else np.zeros(0, np.int64)
        distance = np.full(len(rows), np.nan)
        if near is not None:
            found = self.points.within(
                np.array([near[0]]), np.array([near[1]]), np.array([50_000.0 if radius_m is None else radius_m])
            )
            kept = np.isin(found.row, rows) if name else np.ones(len(found.row), np.bool_)
            rows, distance = found.row[kept], found.distance_m[kept]
        likeness = self._likeness(wanted, rows) if name else np.zeros(len(rows))
        order = np.lexsort((rows, distance, -likeness))[:limit]
        return [
            Hit(
                row=int(rows[i]),
                similarity=float(likeness[i]) if name else None,
                distance_m=float(distance[i]) if np.isfinite(distance[i]) else None,
            )
            for i in order
        ]

    def _named(self, wanted: NameForms, limit: int, *, alone: bool) -> Rows:
        """Return the rows that may bear one name; where nothing else is asked, out of all names of the list."""
        rows = [self.called(wanted, limit)[1]]
        if alone:
            alike = self._by_length.alike(wanted.letters, _LEAST_SHARED, limit)
            rows.append(self.cores.rows_of(alike.entry)[1])
        return distinct(np.concatenate(rows))

    @cached_property
    def _by_length(self) -> ByLength:
        return ByLength.build(self.cores.number.texts)

    def _likeness(self, wanted: NameForms, rows: Rows) -> NDArray[np.float64]:
        of, names = self.names_of(rows)
        asked = wanted.which[np.zeros(len(names), np.int64)]
        scores = resemblance(wanted.readings, self.names.readings, asked, self.names.which[names])
        best = np.zeros(len(rows))
        np.maximum.at(best, of, scores)
        return best


#: Of what an index consists, where it is saved.
_KINDS = (
    *(PlaceIndex, Places, Points, Bands, Spellings, AdminGroups, Groups, Numbering),
    *(NameForms, PartColumns, Readings, Wholes, Marks, Coded, Texts),
)
