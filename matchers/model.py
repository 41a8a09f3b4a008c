"""From two tables to weighed pairs: candidates, features, one likelihood ratio per pair, and the posterior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from geodata.distance import R95_PER_SIGMA
from geodata.index.areas import Holding
from geodata.index.points import Surroundings
from geodata.places import Places
from matchers.absence import Posterior, open_set
from matchers.base import OfficialList
from matchers.candidates import Reach, propose
from matchers.company.rivals import Rival, Rivals
from matchers.features.admin import compare_admin, said_units
from matchers.features.containment import compare_containment
from matchers.features.distance import compare_distance
from matchers.features.kinds import compare_kinds
from matchers.features.names import NameEvidence, compare_names
from matchers.features.qualifiers import compare_qualifiers
from matchers.features.sizes import compare_sizes
from matchers.memory.decisions import NOTHING, Memory
from matchers.memory.recall import DECISION, Recall
from matchers.pairs import Feature, Flags, Floats, Pairs, Rows
from matchers.parameters import Parameters
from matchers.priors import prior_of
from matchers.profile import Profile, profile_of
from matchers.records import Records
from matchers.shortlist import Shortlist


@dataclass(frozen=True)
class Task:
    """What is compared with what, and how."""

    records: Records
    official: OfficialList
    profile: Profile
    parameters: Parameters
    said: Rows  # columns of the list's units x records (`matchers.features.admin.said_units`)
    recall: Recall  # what people decided about these records before

    @classmethod
    def of(cls, citizen: Places, official: OfficialList, parameters: Parameters, memory: Memory = NOTHING) -> Task:
        """Make both sides ready."""
        records, profile = Records.of(citizen), profile_of(official, parameters)
        said = said_units(records, profile.units)
        return cls(records, official, profile, parameters, said, Recall.of(memory, records, official.index))


@dataclass(frozen=True)
class Weighed:
    """The candidate pairs of one block of records with their evidence and probabilities."""

    pairs: Pairs
    name: NameEvidence
    features: tuple[Feature, ...]  # name, place (distance or containment), admin, kind, qualifier, size, decision
    bits: Floats  # of each pair, all features together
    order: Rows  # of each pair: the place of its entry by identifier, so that ties never depend on the order of rows
    posterior: (
        Posterior  # by the records' own evidence, or with their company once `matchers.company.joint` has seen it
    )
    alone: Floats  # by record: probability of absence by its own evidence
    rest: Floats  # by record: odds against absence of all entries that are none of its pairs
    free: Floats  # of each pair: how far other records leave its entry to the record, 0..1
    rival: Sequence[Rival | None]  # by record; None where company changed nothing
    part_of: Flags  # by record: one of several parts of a place that the list names whole
    proposed: Rows  # by record: candidates weighed, before the hopeless were dropped
    reach: Reach
    holding: Holding  # official polygons that hold a record
    around: Surroundings  # what of the list lies around each record

    @cached_property
    def decided(self) -> Flags:
        """Of each pair, whether people decided that it is one place: that is no claim to hold against others."""
        found = [feature.level > 0 for feature in self.features if feature.name == DECISION]
        return found[0] if found else np.zeros(len(self.pairs), np.bool_)

    @cached_property
    def shortlist(self) -> Shortlist:
        """The best candidates of every record."""
        return Shortlist.of(self.pairs, self.bits, self.order, self.posterior)

    def read(self) -> Weighed:
        """Return the same with every similarity of names as it is to the letter; no probability depends on it."""
        return self if self.name.reread is None else self._named(self.name.read(self.pairs))

    def _named(self, name: NameEvidence) -> Weighed:
        return replace(self, name=name, features=(name.feature, *self.features[1:]))

    def of(self, kept: Rows) -> Weighed:
        """Return the same with only these pairs; probabilities stay as they are."""
        return replace(
            self,
            pairs=self.pairs.of(kept),
            name=self.name.of(kept),
            features=tuple(feature.of(kept) for feature in self.features),
            bits=self.bits[kept],
            free=self.free[kept],
            order=self.order[kept],
            posterior=Posterior(self.posterior.absent, self.posterior.pair[kept]),
        )


@dataclass(frozen=True)
class Ground:
    """Where the records of a task lie in its list."""

    reach: Reach
    holding: Holding  # official polygons that hold a record
    around: Surroundings

    @classmethod
    def of(cls, task: Task) -> Ground:
        """Look around every record."""
        places, index, geography = task.records.places, task.official.index, task.parameters.geography
        reach = Reach.of(places, task.profile.sigma_m, task.profile.widest_m, geography)
        return cls(
            reach=reach,
            holding=index.areas.holding(places.lat, places.lon, reach.citizen_m * R95_PER_SIGMA),
            around=index.points.around(places.lat, places.lon, geography.density_neighbours),
        )


class Evidence(NamedTuple):
    """What every feature says about some pairs."""

    name: NameEvidence
    features: tuple[Feature, ...]  # name, place, admin, kind, qualifier, size, decision

    @property
    def bits(self) -> Floats:
        """The evidence of each pair, all features together."""
        return np.asarray(np.sum([feature.bits for feature in self.features], axis=0))

    @property
    def geographic(self) -> Floats:
        """The evidence of place and administrative units alone."""
        return np.asarray(self.features[1].bits + self.features[2].bits)


def weigh(task: Task) -> Weighed:
    """Propose and weigh candidates for every record."""
    return weigh_unread(task).read()


def weigh_unread(task: Task) -> Weighed:
    """Do the same, with names that are unlike not yet read to the letter (`Weighed.read`): most are soon dropped."""
    records, index = task.records, task.official.index
    ground = Ground.of(task)
    radius_m = ground.reach.radius_m(task.parameters.geography)
    pairs = task.recall.pairs(propose(records, index, radius_m, ground.holding))
    evidence, count = weigh_pairs(task, pairs, ground), len(records.places)
    taken = np.asarray(np.bincount(pairs.record, np.exp2(evidence.geographic), minlength=count), np.float64)
    mass = Mass(np.bincount(pairs.record, minlength=count), taken, np.zeros(count))
    return weighed_of(task, ground, (pairs, evidence), mass)


class Mass(NamedTuple):
    """What all candidates of each record come to, those among the pairs at hand and others."""

    proposed: Rows  # how many they are
    taken: Floats  # sum of their likelihood ratios by place and administrative units alone
    others: Floats  # sum of the likelihood ratios of those that are none of the pairs at hand


def weighed_of(task: Task, ground: Ground, weighed: tuple[Pairs, Evidence], mass: Mass) -> Weighed:
    """Return weighed pairs with their probabilities."""
    (pairs, evidence), count = weighed, len(task.records.places)
    bits = evidence.bits
    posterior, rest = _posterior(task, pairs, bits, mass)
    return Weighed(
        pairs=pairs,
        name=evidence.name,
        features=evidence.features,
        bits=bits,
        order=task.profile.order[pairs.row],
        posterior=posterior,
        alone=posterior.absent,
        rest=rest,
        free=np.ones(len(pairs)),
        rival=Rivals.none(count),
        part_of=np.zeros(count, np.bool_),
        proposed=mass.proposed,
        reach=ground.reach,
        holding=ground.holding,
        around=ground.around,
    )


def weigh_pairs(task: Task, pairs: Pairs, ground: Ground) -> Evidence:
    """Return what every feature says about given pairs in order, whoever proposed them; names as yet unread."""
    records, index, parameters = task.records, task.official.index, task.parameters
    profile = task.profile
    name = compare_names(pairs, records, (index, profile.rarity), parameters.names)
    if task.recall.aliases:
        name = task.recall.names(pairs, name.read(pairs), profile.rarity, parameters.names)
    evidence = weigh_beside(task, pairs, ground, name)
    if not task.recall.settled:
        return evidence
    return Evidence(name, (*evidence.features, task.recall.decision(pairs, evidence.bits)))


def weigh_beside(task: Task, pairs: Pairs, ground: Ground, name: NameEvidence) -> Evidence:
    """Return what every feature says about given pairs whose names are weighed already; of decisions, nothing."""
    records, index, parameters = task.records, task.official.index, task.parameters
    geography, profile = parameters.geography, task.profile
    crowd = ground.around.density_km2 / max(len(index.points.rows), 1)
    sigma_m = ground.reach.citizen_m, ground.reach.official_m
    distance = compare_distance(pairs, crowd, sigma_m, geography)
    place = _place(distance, compare_containment(pairs, index, ground.holding, (ground.reach.citizen_m, geography)))
    admin = _tempered(compare_admin(pairs, task.said, profile.units, geography), place, geography.admin_exponent)
    kind = compare_kinds(pairs, records.kinds, profile.kinds, parameters.kinds)
    qualifier = _tempered(
        compare_qualifiers(pairs, records, profile.qualifiers, geography), place, geography.admin_exponent
    )
    size = compare_sizes(pairs, records.sizes, profile.sizes, parameters.sizes)
    return Evidence(name, (name.feature, place, admin, kind, qualifier, size))


def _place(distance: Feature, inside: Feature) -> Feature:
    """Where the list has a polygon, lying in it says more than the distance to its middle."""
    by_area = inside.level > 0
    return Feature(
        "place",
        (*distance.levels, *inside.levels[1:]),
        np.where(by_area, inside.level + len(distance.levels) - 1, distance.level),
        np.where(by_area, inside.bits, distance.bits),
    )


def _tempered(admin: Feature, place: Feature, exponent: float) -> Feature:
    """Beside a distance, administrative agreement says much of the same and counts less."""
    return Feature(admin.name, admin.levels, admin.level, np.where(place.level > 0, admin.bits * exponent, admin.bits))


def prior_in(task: Task) -> float:
    """Return the prior probability that a record is absent from the list."""
    return prior_of(task.official.coverage.completeness, task.profile.list_type, task.parameters.absence)


def _posterior(task: Task, pairs: Pairs, bits: Floats, mass: Mass) -> tuple[Posterior, Floats]:
    """Weigh absence against all places of the list; also return the odds of those that are none of the pairs."""
    index, records = task.official.index, task.records.places
    size = max(len(index.places), 1)
    # By geography alone the list's places share a mass of one; what the proposed ones leave of it belongs to the rest.
    located = np.isfinite(records.lat) & np.isfinite(records.lon)
    unplaced = 1 - len(index.points.rows) / size
    left = np.clip(1 - mass.taken / size, 0.0, np.where(located, unplaced, 1.0))
    q = prior_in(task)
    rest = left * task.parameters.names.m_unlike + mass.others / size
    return open_set(pairs.record, np.exp2(bits), rest, (q, size)), (1 - q) / max(q, 2.0**-60) * rest
