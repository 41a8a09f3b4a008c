"""The many layouts of COD tables, brought to one: units with their P-codes and names, and who lives in them.

Seen in the wild: `Adm1_pcode`, `Adm1_Pcode`, `admin1Pcode`, `ADM1_PCODE` and `adm1_pcode` (the draft of 2026); names as
`ADM1_EN`, `Adm1_name`, `admin1Name_fr`, `adm1_name`; totals as `T_TL, T_TF, T_TM` or `T_TL, F_TL, M_TL`; ages as
`F_00_04`, `T_80PLUS`, `Enfants_00_18`, `F_adulte`; and one row per group in the global file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_CODE = re.compile(r"adm(?:in)?_?(\d)_?p_?code?")  # a shapefile cuts admin2Pcode to ten characters
_NAME = re.compile(r"adm(?:in)?_?(\d)_?(?:name(?:_([a-z]{2,3}))?|([a-z]{2}))")
_OTHER = re.compile(r"adm(?:in)?_?(\d)_?(?:ref(?:_?n(?:ame)?)?|name[1-9]|alt(?:name)?\d_?([a-z]{2})?)")
_GROUP = re.compile(r"([tfm])_(tl|tf|tm|[a-z]+|\d\d_\d\d|\d\d_?plus)")
_AGES = re.compile(r"[a-z]+_(\d\d)_?(\d\d|plus)")


class NoUnits(ValueError):
    """The table has no column of P-codes; the message lists its columns."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column of a table is what."""

    level: int  # of the units it lists: the deepest it has codes for
    codes: dict[int, str]  # level -> header of the P-code
    names: dict[int, str]  # level -> header of the first name
    languages: tuple[tuple[str, str | None], ...]  # other names of the units: header, language
    groups: dict[str, str]  # population group such as F_00_04 -> header; the whole is T_TL
    long: bool  # one row per unit and group, with the group in `Population_group`

    @property
    def scheme(self) -> str:
        """The scheme of the units' codes, as observations name it."""
        return "iso3166-1-a3" if self.codes[self.level].casefold() == "iso3" else "pcode"


def layout_of(headers: Sequence[str]) -> Layout:
    """Return how a table is laid out by its columns that hold something, in any case. Raises `NoUnits`."""
    folded = {header: header.strip().casefold() for header in headers}
    codes = {int(found[1]): header for header, low in folded.items() if (found := _CODE.fullmatch(low))}
    countries = [header for header, low in folded.items() if low == "iso3"]
    if countries and not codes:  # countries of the global file have no P-codes
        codes = {0: countries[0]}
    if not codes:
        msg = f"no column of P-codes among {', '.join(headers)}"
        raise NoUnits(msg)
    level = max(codes)
    names: dict[int, str] = {}
    others: list[tuple[str, str | None]] = []
    for header, low in folded.items():
        named, other = _NAME.fullmatch(low), _OTHER.fullmatch(low)
        if other and int(other[1]) == level:
            others.append((header, other[2]))
        elif named and int(named[1]) == level and level in names:
            others.append((header, named[2] or named[3]))
        elif named or (low == "country" and level == 0):
            names.setdefault(int(named[1]) if named else 0, header)
    long = "population_group" in folded.values()
    groups = {} if long else {group: header for header, low in folded.items() if (group := group_of(low))}
    return Layout(level, codes, names, tuple(others), groups, long)


def group_of(header: str) -> str | None:
    """Return the population group a header stands for, T_TL for everybody; None when it is no count of people."""
    low = header.strip().casefold()
    if found := _GROUP.fullmatch(low):
        sex, which = found[1].upper(), found[2]
        if which in {"tf", "tm"}:
            return f"{which[1].upper()}_TL"
        return f"{sex}_{which.replace('_plus', 'plus').upper() if which[0].isdigit() or which == 'tl' else which}"
    if found := _AGES.fullmatch(low):
        return f"T_{found[1]}PLUS" if found[2] == "plus" else f"T_{found[1]}_{found[2]}"
    return None
