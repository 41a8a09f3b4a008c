"""A tag: a code, what kind of code it is, and the field of the record that evidences it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TagKind(StrEnum):
    """What a tag says."""

    SDG = "sdg"  # a goal, target or indicator that the community bears on
    DIMENSION = "dimension"  # along which official statistics should tell its people apart (target 17.18)
    FACTOR = "factor"  # one of the five by which people are left behind (UNDP, 2018)
    THEME = "theme"  # of the founding report
    SEED = "seed"  # a group that the Leave No One Behind pilot in India began with
    GROUP = "group"  # a group of people in the taxonomy, or a broader one it is part of


class Factor(StrEnum):
    """The five factors by which people are left behind (UNDP, What does it mean to leave no one behind?, 2018)."""

    DISCRIMINATION = "discrimination"
    GEOGRAPHY = "geography"
    GOVERNANCE = "governance"
    SOCIO_ECONOMIC = "socio-economic"
    SHOCKS = "shocks"


class Basis(StrEnum):
    """The field a tag rests on. What no field says is not tagged: an absent field means nothing, never "no"."""

    KIND = "kind"
    GROUPS = "groups"
    COUNTED = "counts.group"
    METHOD = "counts.method"
    DRIVERS = "drivers"
    SDG = "sdg"  # declared by the sender, and kept as declared
    VERDICT = "verdict"  # there is a flag


@dataclass(frozen=True, slots=True)
class Tag:
    """One thing that one field evidences. Raises `ValueError` where kind or basis is none of those there are."""

    code: str
    kind: TagKind
    basis: Basis

    def __post_init__(self) -> None:
        """Refuse a tag that rests on nothing."""
        if not self.code:
            msg = "a tag needs a code"
            raise ValueError(msg)
        for name, terms in (("kind", TagKind), ("basis", Basis)):
            given = getattr(self, name)
            if given not in set(terms):
                msg = f"{given!r} is no {name} of a tag; it is one of {', '.join(terms)}"
                raise ValueError(msg)
            object.__setattr__(self, name, terms(given))
