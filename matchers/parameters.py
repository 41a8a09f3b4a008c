"""Every number the model uses, in one frozen value with a version, readable as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from typing import Any

from matchers.counting.prior import PRIOR, Prior


@dataclass(frozen=True, slots=True)
class NameLevels:
    """How often a listed place's name is written so (m), and how often another place's name is alike by chance (u).

    m blends official spellings with 40,248 pairs of GeoNames alternates, moved half way to what seven sets teach
    (`python -m bench defaults`); u comes from random pairs within a country of the same data. A list's own names
    correct u (`matchers.features.rarity`). Levels from same letters to unlike; each m column sums to one with `words`
    and `unlike`.
    """

    m_exact: float = 0.58
    m_near: tuple[float, ...] = (0.12, 0.13, 0.05, 0.02)  # resemblance >= cuts, best first
    u_near: tuple[float, ...] = (0.0005, 0.002, 0.008, 0.011)
    cuts: tuple[float, ...] = (0.95, 0.88, 0.80, 0.70)
    u_exact: float = 0.0005
    m_words: float = 0.055  # shares words, but is written longer, shorter or otherwise
    m_unlike: float = 0.045
    word_missing: float = 0.3  # chance that one word of a name is left out or added
    one_sided: float = 0.13  # one level down: a number, direction or age said on one side only
    otherwise_written: float = 0.3  # the same letters, where another entry has the name exactly as written
    alias: float = 0.3  # share of `m_exact`: goes by a name that people confirmed for the entry
    number_conflict: float = 0.1  # m .01 over u .10
    modifier_conflict: float = 0.4  # m .02 over u .05
    other_role: float = 0.1  # listed under its operator's name instead of its own
    same_rarity: float = 0.1  # pseudo-count with which a list's own names correct u of the same letters
    near_rarity: tuple[float, ...] = (0.4, 0.7, 1.3, 2.5)  # the same for similar letters, by level


@dataclass(frozen=True, slots=True)
class Geography:
    """Distance, containment and administrative agreement."""

    tail_share: float = 0.15  # errors far beyond what was stated; without it listed places are flagged
    tail_scale: float = 4.0
    gross_error: float = 0.01  # locations that are wrong altogether
    r95_citizen_m: float = 1000.0  # where a record does not say
    r95_official_m: float = 1000.0  # where neither row nor manifest says
    reach_sigmas: float = 12.0  # search radius in combined standard deviations
    density_neighbours: int = 16  # official places whose spread measures the local density
    admin_same: float = 0.92
    admin_sibling: float = 0.06
    admin_different: float = 0.02
    admin_exponent: float = 0.5  # beside a distance, which says much of the same
    inside: float = 0.90
    edge: float = 0.07
    outside: float = 0.03


@dataclass(frozen=True, slots=True)
class Kinds:
    """Share of true pairs whose kinds stand so; against the share of such kinds in the list.

    Half way between judgement and what seven sets teach, whose simulated accounts keep their kinds too faithfully.
    """

    same: float = 0.80
    broader: float = 0.11
    neighbour: float = 0.04
    sibling: float = 0.035
    different: float = 0.015
    unsaid: float = 0.05  # the list says this kind of others, not of this place


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers that are not counts of people, such as a school's pupils: only a great difference is evidence."""

    apart: float = 1.5  # on the log scale: four and a half times as many
    m_apart: float = 0.07  # share of true pairs whose sizes are so far apart
    pseudo: float = 5.0  # entries by which a list's own share of such pairs is drawn towards one third


@dataclass(frozen=True, slots=True)
class Absence:
    """Prior of absence by what the list claims, and the costs that set the review zone."""

    q_exhaustive: float = 0.10
    q_register: float = 0.10
    q_partial: float = 0.30  # at least
    q_places: float = 0.30  # of a list that claims nothing
    q_facilities: float = 0.50  # even: nothing is known
    q_nomenclature: float = 0.10
    cost_false_absence: float = 5.0
    cost_false_match: float = 3.0
    cost_review: float = 0.25
    rival: float = 0.25  # a second candidate at least this probable calls for a person

    @property
    def match_below(self) -> float:
        """Greatest probability of absence at which a match is accepted without a person."""
        return self.cost_review / self.cost_false_match

    @property
    def absent_above(self) -> float:
        """Least probability of absence at which a place is called absent from the list."""
        return 1 - self.cost_review / self.cost_false_absence


@dataclass(frozen=True, slots=True)
class Calibration:
    """What stated probabilities of absence are worth: a line on their log odds. As it stands they are kept."""

    slope: float = 1.0
    intercept: float = 0.0


@dataclass(frozen=True, slots=True)
class Counting:
    """The undercount test."""

    delta: float = 0.10  # a shortfall smaller than this share is no undercount
    p_undercount: float = 0.95
    p_review: float = 0.80
    p_consistent: float = 0.70
    p_under_if_consistent: float = 0.20
    p_overcount: float = 0.80
    shortfall_persons: float = 10.0
    sigma_official: float = 0.02
    sigma_official_register: float = 0.05
    sigma_official_estimate: float = 0.10  # projections and surveys
    sigma_growth_per_year: float = 0.03  # where no growth rate is known
    sigma_growth_known: float = 0.015  # of what remains once a rate is applied
    sigma_boundary: float = 0.15  # official unit and community are not shown to have one boundary
    sigma_definition_minor: float = 0.05  # boundaries or universes that differ a little
    sigma_definition_most: float = 0.25  # beyond, nothing is compared
    sigma_household_sample: float = 0.05  # persons per household, from a sample of one's own
    sigma_household_area: float = 0.10
    sigma_household_national: float = 0.15
    stale_years: float = 10.0
    stale_sigma: float = 0.15  # growth less certain than this makes a count stale
    prior_weights: tuple[float, ...] = PRIOR.weights  # of coverage before any citizen count is seen, a mixture of
    prior_means: tuple[float, ...] = PRIOR.means  # normals on ln kappa: complete, undercounted, overcounted
    prior_sds: tuple[float, ...] = PRIOR.sds

    @property
    def prior(self) -> Prior:
        """The prior of coverage. Raises `ValueError` for numbers that make no mixture."""
        return Prior(self.prior_weights, self.prior_means, self.prior_sds)


@dataclass(frozen=True, slots=True)
class Parameters:
    """All parameters of one comparison. Saved and loaded as JSON; the version names them in every finding."""

    version: str = "defaults-3"
    names: NameLevels = field(default_factory=NameLevels)
    geography: Geography = field(default_factory=Geography)
    kinds: Kinds = field(default_factory=Kinds)
    sizes: Sizes = field(default_factory=Sizes)
    absence: Absence = field(default_factory=Absence)
    calibration: Calibration = field(default_factory=Calibration)
    counting: Counting = field(default_factory=Counting)

    def to_json(self) -> str:
        """Return all parameters as indented JSON."""
        return json.dumps(asdict(self), indent=2)

    @classmethod
    def from_json(cls, text: str) -> Parameters:
        """Build from JSON; sections and entries left out keep their defaults.

        Raises `ValueError` on an unknown section or entry, naming it, or a prior of coverage that is no mixture.
        """
        body = json.loads(text)
        sections = {
            "names": NameLevels,
            "geography": Geography,
            "kinds": Kinds,
            "sizes": Sizes,
            "absence": Absence,
            "calibration": Calibration,
            "counting": Counting,
        }
        unknown = set(body) - {"version", *sections}
        if unknown:
            msg = f"not a section of parameters: {', '.join(sorted(unknown))}"
            raise ValueError(msg)
        built = {name: _section(kind, name, body[name]) for name, kind in sections.items() if name in body}
        _check_prior(built.get("counting", Counting()))
        return cls(version=str(body.get("version", cls().version)), **built)

    def flat(self) -> dict[str, float]:
        """Return every number under a dotted name, e.g. `names.m_near.0`."""
        return dict(_numbers(self))


@lru_cache(maxsize=16)
def _numbers(parameters: Parameters) -> tuple[tuple[str, float], ...]:
    return tuple(_leaves("", {key: value for key, value in asdict(parameters).items() if key != "version"}))


def _section(kind: type[Any], name: str, entries: Mapping[str, Any]) -> Any:
    unknown = set(entries) - {entry.name for entry in fields(kind)}
    if unknown:
        msg = f"not a parameter of {name}: {', '.join(sorted(unknown))}"
        raise ValueError(msg)
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in entries.items()})


def _check_prior(counting: Counting) -> None:
    """Make sure of the prior here, where numbers come in, so that no comparison stops at it."""
    for name in ("prior_weights", "prior_means", "prior_sds"):
        numbers = getattr(counting, name)
        if not isinstance(numbers, tuple) or not all(isinstance(number, int | float) for number in numbers):
            msg = f"counting.{name} must be {len(PRIOR.weights)} numbers, and is {json.dumps(numbers)}"
            raise ValueError(msg)
        if len(numbers) != len(PRIOR.weights):
            msg = f"counting.{name} must be {len(PRIOR.weights)} numbers, one for each component, not {len(numbers)}"
            raise ValueError(msg)
    try:
        _ = counting.prior
    except ValueError as error:
        msg = f"the prior of coverage (counting.prior_*) is {error}"
        raise ValueError(msg) from error


def _leaves(prefix: str, value: Any) -> list[tuple[str, float]]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in _leaves(f"{prefix}{key}.", inner)]
    if isinstance(value, tuple):
        return [leaf for key, inner in enumerate(value) for leaf in _leaves(f"{prefix}{key}.", inner)]
    return [(prefix.rstrip("."), float(value))]


DEFAULTS = Parameters()
