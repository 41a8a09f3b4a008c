"""Which layer of a COD-AB file holds the units of a level? Names differ by office, but tell the level.

Seen in the wild: `ken_admbnda_adm2_iebc_20191031` (areas) beside `ken_admbndl_admALL_…` (lines) and `…_admbndp_…`
(points); in the draft of 2026 `ken_admin2` beside `ken_admin2_em` (fitted to the neighbours), `ken_adminlines` and
`ken_adminpoints`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from geodata.files.sheet import UnreadableTable

_LEVEL = re.compile(r"adm(?:in)?_?(\d)")
_NO_AREAS = re.compile(r"admbnd[lp]|lines?|points?|centroids?|capitals?|admall")


def layer_of(names: Sequence[str], level: int | None) -> str | None:
    """Return the layer with the areas of a level, or of the finest; None where the only layer needs no name.

    Raises `UnreadableTable`, naming the layers, when none fits.
    """
    if len(names) <= 1:
        return None
    levels = {name: int(found[1]) for name in names if (found := _LEVEL.search(name.casefold()))}
    areas = {name: depth for name, depth in levels.items() if not _NO_AREAS.search(name.casefold())}
    wanted = max(areas.values(), default=None) if level is None else level
    fitting = [name for name, depth in areas.items() if depth == wanted]
    if not fitting:
        msg = "no layer holds areas" if level is None else f"no layer holds the areas of level {level}"
        raise UnreadableTable(msg, hint=f"set sheet to one of {', '.join(names)}")
    return min(fitting, key=len)  # the one that nothing was done to bears the shorter name
