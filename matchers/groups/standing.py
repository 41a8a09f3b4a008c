"""How a group stands in a list: counted, not counted and why, or beyond what the list says. One meaning at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from geodata.taxonomy import Dimension, Taxonomy
from geodata.taxonomy.declared import Relation, Role
from geodata.taxonomy.naming import name_key
from matchers.groups.relations import Mapped, Meaning, relate
from matchers.groups.subject import Cell, Listed, asked, below


class Subtype(StrEnum):
    """Why a group is not counted by itself where the place or area is listed."""

    UNIVERSE_EXCLUDES = "universe_excludes"  # the list leaves such people out by rule
    VARIABLE_NOT_COLLECTED = "variable_not_collected"  # nobody was asked
    NO_CATEGORY = "no_category"  # asked, but the group is none of the answers
    NOT_PUBLISHED_AT_LEVEL = "not_published_at_level"  # counted, but not published for so small an area
    SUPPRESSED = "suppressed"  # counted, but the number is withheld, if not its bounds


@dataclass(frozen=True, slots=True)
class Standing:
    """What a list says about a group. Without a subtype the group is counted, or, if not `known`, nobody can tell."""

    subtype: Subtype | None
    known: bool
    mapped: tuple[Mapped, ...] = ()  # categories that hold people of the group
    told: str = ""  # what else the sentence needs: the term left out, the level

    @property
    def own(self) -> tuple[Mapped, ...]:
        """The categories in which the group is told apart."""
        return tuple(mapped for mapped in self.mapped if mapped.own)


UNKNOWN = Standing(None, known=False)


def stand(meaning: Meaning, listed: Listed, cells: Sequence[Cell], taxonomy: Taxonomy) -> Standing:
    """Return how a group stands in a list.

    In this order: left out by rule; not asked for; no category of its own; withheld; not published so finely.
    """
    of_counts = listed.coverage.counts.leaves_out if listed.coverage.counts else frozenset()
    excluded = next(excluding(meaning, listed.coverage.excludes | of_counts, taxonomy), None)
    if excluded is not None:
        return Standing(Subtype.UNIVERSE_EXCLUDES, known=True, told=excluded)
    mapped = relate(meaning, cells, listed.declared.concordance, taxonomy)
    own = tuple(one for one in mapped if one.own)
    if own:
        return _counted(mapped, own, listed)
    return _uncounted(meaning, listed, cells, mapped)


def excluding(meaning: Meaning, terms: Collection[str], taxonomy: Taxonomy) -> Iterator[str]:
    """Yield what of `terms`, left out by rule, is the group or holds all of it, in the list's words."""
    group = meaning.group
    for term in sorted(terms):
        if name_key(term).key == name_key(meaning.label).key:
            yield term
        elif group is not None:
            other = taxonomy[term] if term in taxonomy else taxonomy.group_of(term, meaning.country)
            if other is not None and other.id in {group.id, *taxonomy.broader(group.id)}:
                yield term


def _counted(mapped: tuple[Mapped, ...], own: tuple[Mapped, ...], listed: Listed) -> Standing:
    if all(one.cell.suppressed or (one.cell.bounds and not one.cell.numbers) for one in own):
        return Standing(Subtype.SUPPRESSED, known=True, mapped=mapped)
    coarse = [one.cell.published_at for one in own if below(listed.level, one.cell.published_at)]
    if len(coarse) == len(own) and not any(one.cell.counts for one in own):
        return Standing(Subtype.NOT_PUBLISHED_AT_LEVEL, known=True, mapped=mapped, told=str(coarse[0]))
    return Standing(None, known=True, mapped=mapped)


def _uncounted(meaning: Meaning, listed: Listed, cells: Sequence[Cell], mapped: tuple[Mapped, ...]) -> Standing:
    if meaning.group is None:
        return UNKNOWN
    collected = listed.declared.collected(meaning.group.dimension)
    if collected is False:
        return Standing(Subtype.VARIABLE_NOT_COLLECTED, known=True, mapped=mapped)
    if collected and _answered(cells, meaning.group.dimension):
        return Standing(Subtype.NO_CATEGORY, known=True, mapped=mapped)
    return Standing(None, known=False, mapped=mapped)


def _answered(cells: Sequence[Cell], dimension: Dimension) -> bool:
    """Whether the answers to the question the group would be told apart by are declared."""
    return any(cell.variable is not None and cell.category.role is Role.GROUP for cell in asked(cells, dimension))


def broader_of(standing: Standing) -> tuple[Mapped, ...]:
    """Return the categories that hold the group among others."""
    return tuple(mapped for mapped in standing.mapped if mapped.relation is Relation.BROADER)
