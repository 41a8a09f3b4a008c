"""What a list says about the groups of a record: the verdict, why, and in what words. Pure.

Whether the place itself is listed comes before this question; `matchers.judging.judge` asks it only of matched places,
and of lists whose rows are groups.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from geodata.taxonomy import Recognised, Taxonomy
from geodata.taxonomy.naming import name_key
from geodata.taxonomy.recognition import ACCEPTED
from matchers.base import Verdict
from matchers.counting.frame import Frame
from matchers.groups import sentences
from matchers.groups.relations import Mapped, Meaning
from matchers.groups.standing import UNKNOWN, Standing, Subtype, broader_of, stand
from matchers.groups.subject import Cell, Claim, Count, Listed, asked, cells_of
from matchers.groups.testing import Tested, Trial

_PLAUSIBLE = 0.1  # probability from which on a meaning of a label is followed up
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class GroupFinding:
    """What a list says about the groups of a record. Without a verdict the place's own counts decide."""

    verdict: Verdict | None
    subtype: str | None = None
    attributes: tuple[str, ...] = ()
    reason: str = ""
    p_absent: float = 0.0  # probability that the list does not count the group by itself
    category: Mapped | None = None  # that holds the group, the nearest
    shown: str | None = None  # the name that category is shown by
    taken: tuple[Count, ...] = ()  # the record's counts that were judged here
    tested: dict[str, Any] | None = None  # their test, a struct of `matchers.base.COUNTED`


#: Of several groups of a record, the one about which most has to be done decides.
_ORDER = (
    Verdict.HIDDEN_GROUP,
    Verdict.UNDERCOUNT,
    Verdict.NEEDS_REVIEW,
    Verdict.INSUFFICIENT_EVIDENCE,
    Verdict.STALE_OFFICIAL,
    Verdict.CONSISTENT,
    None,
)


def judge_groups(claim: Claim, listed: Listed, frame: Frame, taxonomy: Taxonomy) -> GroupFinding | None:
    """Return what a list says about the groups of a record; None where the record names none."""
    labels = _labels(claim, taxonomy)
    if not labels:
        return None
    bench = _Bench(claim, listed, cells_of(listed), frame, taxonomy)
    found = [bench.finding(label) for label in labels]
    first = min(found, key=lambda one: _ORDER.index(one.verdict))
    return GroupFinding(
        verdict=first.verdict,
        subtype=first.subtype,
        attributes=tuple(dict.fromkeys(attribute for one in found for attribute in one.attributes)),
        reason=" ".join(dict.fromkeys(one.reason for one in found if one.reason)),
        p_absent=first.p_absent,
        category=first.category,
        shown=first.shown,
        taken=tuple(count for one in found for count in one.taken),
        tested=first.tested,
    )


def _labels(claim: Claim, taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return the record's labels, with the known groups that only its counts name; each group once."""
    counted = [count["group"] for count in claim.counts if count["group"]]
    known = [label for label in counted if taxonomy.group_of(label, claim.country)]
    by_group: dict[str, str] = {}
    for label in (*claim.labels, *known):
        group = taxonomy.group_of(label, claim.country)
        if label.strip():
            by_group.setdefault(group.id if group else name_key(label).key, label)
    return tuple(by_group.values())


@dataclass(frozen=True)
class _Bench:
    """Everything that the groups of one record are judged by."""

    claim: Claim
    listed: Listed
    cells: tuple[Cell, ...]
    frame: Frame
    taxonomy: Taxonomy

    def finding(self, label: str) -> GroupFinding:
        """Return the finding about one label: over all it may mean, weighed by how probable each meaning is."""
        meanings = self._meanings(label)
        standings = [(found, meaning, self._stand(meaning)) for found, meaning in meanings]
        likely: dict[Subtype | None, float] = defaultdict(float)
        for found, _, standing in standings:
            likely[standing.subtype] += found.probability if found else 1.0
        absent = sum(p for subtype, p in likely.items() if subtype is not None)
        best = max(likely, key=lambda subtype: likely[subtype])
        if best is None or likely[best] < ACCEPTED:
            hidden = [meaning for _, meaning, standing in standings if standing.subtype is not None]
            if absent >= _HALF:
                told = sentences.doubtful(hidden, self.taxonomy.shown(label, self.claim.country), self.taxonomy)
                return GroupFinding(Verdict.NEEDS_REVIEW, None, ("group_uncertain",), told, absent)
            best = None
        (found, meaning, standing), *others = (one for one in standings if one[2].subtype is best)
        also = tuple(other.group for _, other, _ in others if other.group) if self._ambiguous(found) else ()
        return self._told(found, replace(meaning, also=also), standing, absent)

    def _ambiguous(self, found: Recognised | None) -> bool:
        return found is not None and found.probability < ACCEPTED

    def _meanings(self, label: str) -> list[tuple[Recognised | None, Meaning]]:
        country, declared = self.claim.country, self.listed.declared
        dimensions = {dimension for variable in declared.variables for dimension in variable.dimensions}
        dimensions |= {declared.rows} if declared.rows else set()
        found = [one for one in self.taxonomy.recognise(label, country, dimensions) if one.probability >= _PLAUSIBLE]
        if sum(one.probability for one in found) < _HALF:
            return [(None, Meaning(label, country, None))]
        return [(one, Meaning(label, country, one.group)) for one in found]

    def _stand(self, meaning: Meaning) -> Standing:
        return stand(meaning, self.listed, self.cells, self.taxonomy)

    def _told(self, found: Recognised | None, meaning: Meaning, standing: Standing, absent: float) -> GroupFinding:
        if meaning.group is None and standing == UNKNOWN:
            return self._unrecognised(meaning)
        counts = self._counts(meaning)
        dimension = meaning.group.dimension if meaning.group else None
        trial = Trial(counts, standing, asked(self.cells, dimension), self.frame)
        tested = trial.bounded() if standing.subtype is Subtype.NO_CATEGORY else trial.tested()
        verdict, subtype, attributes = _decided(standing, tested)
        told = (
            sentences.reading(meaning, found, self.taxonomy),
            sentences.said_of(meaning, standing, self.taxonomy),
            sentences.compared(tested, standing),
        )
        nearest = next(iter((*standing.own, *standing.mapped)), None)
        return GroupFinding(
            verdict=verdict,
            subtype=subtype.value if subtype else None,
            attributes=attributes,
            reason=" ".join(sentence for sentence in told if sentence),
            p_absent=absent if verdict == Verdict.HIDDEN_GROUP else 0.0,
            category=nearest,
            shown=self.taxonomy.shown(nearest.cell.category.label, meaning.country) if nearest else None,
            taken=counts if standing.known else (),
            tested=tested.struct if tested else None,
        )

    def _unrecognised(self, meaning: Meaning) -> GroupFinding:
        declared = self.listed.declared
        if not declared.variables and declared.rows is None:
            reason = sentences.said_of(meaning, UNKNOWN, self.taxonomy)
            return GroupFinding(None, None, ("groups_unknown",), reason)
        return GroupFinding(None, None, ("group_unrecognised",), sentences.unrecognised(meaning, self.taxonomy))

    def _counts(self, meaning: Meaning) -> tuple[Count, ...]:
        """Return the record's counts of a group: those that name it, and if it is about the group those of nobody."""
        return tuple(count for count in self.claim.counts if self._counts_of(count["group"], meaning))

    def _counts_of(self, label: str | None, meaning: Meaning) -> bool:
        if not label:
            return self.claim.itself
        if name_key(label).key == name_key(meaning.label).key:
            return True
        return meaning.group is not None and self.taxonomy.group_of(label, meaning.country) == meaning.group


def _decided(standing: Standing, tested: Tested | None) -> tuple[Verdict | None, Subtype | None, tuple[str, ...]]:
    """Return verdict, subtype and attributes of one group.

    A number withheld behind a bound is no missing category: with a count of the record it is tested by that bound.
    """
    broader = ("counted_in_broader",) if standing.subtype and broader_of(standing) else ()
    if standing.subtype is Subtype.NO_CATEGORY and tested is not None:
        proven = tested.verdict == Verdict.UNDERCOUNT
        return Verdict.HIDDEN_GROUP, standing.subtype, (*broader, "undercount_proven" if proven else "may_be_in_other")
    if standing.subtype is Subtype.SUPPRESSED and tested is not None:
        return tested.verdict, None, ("group_counted", *tested.attributes)
    if standing.subtype is not None:
        return Verdict.HIDDEN_GROUP, standing.subtype, broader
    if not standing.known:
        return None, None, ("groups_unknown",)
    if tested is not None:
        return tested.verdict, None, ("group_counted", *tested.attributes)
    return None, None, ("group_counted",)
