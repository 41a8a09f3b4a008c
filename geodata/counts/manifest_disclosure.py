"""`[coverage.counts.disclosure]`: what the publisher did to the counts before they were published."""

from __future__ import annotations

from typing import Any

from geodata.counts.coverage import Disclosure, Treatment
from geodata.counts.section import COUNTS
from geodata.section import said

_OF_TREATMENT: dict[Treatment, frozenset[str]] = {
    Treatment.NONE: frozenset(),
    Treatment.ROUNDED: frozenset({"base"}),
    Treatment.RANDOM_ROUNDED: frozenset({"base"}),
    Treatment.SUPPRESSED: frozenset({"below", "zeros"}),
    Treatment.GEOMETRIC: frozenset({"epsilon"}),
    Treatment.MARGIN: frozenset({"margin", "level"}),
    Treatment.CELL_KEY: frozenset(),
}
_NEEDED = frozenset({"base", "below", "epsilon"})
_COARSEST = 1000  # base of random rounding


def disclosure(plain: Any) -> Disclosure:
    """Read the table. Raises `InvalidCounts`, also for what says nothing beside the treatment."""
    table = COUNTS.table(plain, "disclosure", frozenset({"treatment"}).union(*_OF_TREATMENT.values()))
    if "treatment" not in table:
        COUNTS.refuse(f"disclosure needs its treatment, one of {', '.join(Treatment)}")
    treatment = COUNTS.term(Treatment, table["treatment"], "treatment")
    own = _OF_TREATMENT[treatment]
    if foreign := sorted(set(table) - own - {"treatment"}):
        COUNTS.refuse(f"{', '.join(foreign)} says nothing beside the treatment {treatment}")
    if missing := sorted((own & _NEEDED) - set(table)):
        COUNTS.refuse(f"disclosure as {treatment} needs {', '.join(missing)}")
    zeros, level = table.get("zeros", "shown"), table.get("level", 90)
    if zeros not in {"shown", "withheld"}:
        COUNTS.refuse(f"zeros = {zeros!r} cannot be read; give shown or withheld")
    if level not in {90, 95}:
        COUNTS.refuse(f"level = {level!r} cannot be read; give 90 or 95, the level of the margin in per cent")
    base = COUNTS.whole(table, "base", 2)
    if treatment is Treatment.RANDOM_ROUNDED and base is not None and base > _COARSEST:
        COUNTS.refuse(f"base = {base} cannot be read; random rounding is to a base from 2 to {_COARSEST}")
    return Disclosure(
        treatment=treatment,
        base=base,
        below=COUNTS.whole(table, "below", 2),
        zeros_shown=zeros == "shown",
        epsilon=COUNTS.positive(table, "epsilon"),
        margin=COUNTS.positive(table, "margin"),
        level=int(level),
    )


def disclosure_plain(given: Disclosure) -> dict[str, Any] | None:
    """Return the table of a treatment, None where nothing is declared."""
    if given == Disclosure():
        return None
    every = {
        "base": given.base,
        "below": given.below,
        "zeros": "shown" if given.zeros_shown else "withheld",
        "epsilon": given.epsilon,
        "margin": given.margin,
        "level": given.level,
    }
    own = {key: value for key, value in every.items() if key in _OF_TREATMENT[given.treatment]}
    return {"treatment": given.treatment.value} | said(own)
