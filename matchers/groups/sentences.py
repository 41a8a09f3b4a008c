"""What is said about a group, in plain sentences that never repeat a resented name."""

from __future__ import annotations

from collections.abc import Sequence

from geodata.taxonomy import How, Recognised, Taxonomy
from geodata.taxonomy.declared import Relation
from matchers.base import Verdict
from matchers.groups.relations import Mapped, Meaning
from matchers.groups.standing import Standing, Subtype
from matchers.groups.testing import Tested

_OUTCOMES = {
    Verdict.UNDERCOUNT: "the list counts too few by at least a tenth with probability {p:.2f}",
    Verdict.CONSISTENT: "the two agree within what such counts can differ",
    Verdict.STALE_OFFICIAL: "but too many years lie between them",
    Verdict.INSUFFICIENT_EVIDENCE: "too close, or too uncertain, to tell them apart",
    Verdict.NEEDS_REVIEW: "which a person should look at",
}
_STANDINGS = {
    Subtype.UNIVERSE_EXCLUDES: "The list leaves out {term} by rule, and so {name}.",
    Subtype.VARIABLE_NOT_COLLECTED: "The list did not ask for {dimension}, so {name} are not counted by themselves.",
    Subtype.NO_CATEGORY: "None of its categories is for {name} alone{within}.",
    Subtype.SUPPRESSED: "{name} are counted as {categories}, but the number is withheld here.",
    Subtype.NOT_PUBLISHED_AT_LEVEL: "{name} are counted as {categories}, but not published below {term} level.",
    None: "{name} are counted as {categories}.",
}


def name_of(meaning: Meaning, taxonomy: Taxonomy) -> str:
    """Return the name a group is shown by."""
    if meaning.group is None:
        return taxonomy.shown(meaning.label, meaning.country)
    return " or ".join(dict.fromkeys(group.label for group in (meaning.group, *meaning.also)))


def reading(meaning: Meaning, found: Recognised | None, taxonomy: Taxonomy) -> str:
    """Return how a record's label was read, empty where it is the preferred name itself."""
    if found is None or found.how is How.LABEL:
        return ""
    shown, name = taxonomy.shown(meaning.label, meaning.country), name_of(meaning, taxonomy)
    if found.how is How.RESENTED or shown != meaning.label:
        return f"The record's word is read as {name}."
    if found.how is How.SPELLING:
        return f"“{shown}” is read as {name}, by its spelling (probability {found.probability:.2f})."
    return f"“{shown}” is read as {name}."


def said_of(meaning: Meaning, standing: Standing, taxonomy: Taxonomy) -> str:
    """Return how a group stands in a list."""
    if not standing.known:
        return f"The list does not say whether it counts {name_of(meaning, taxonomy)}, so nothing is said about that."
    return _STANDINGS[standing.subtype].format(
        name=name_of(meaning, taxonomy),
        categories=_categories(standing.own, meaning, taxonomy),
        within=_within(standing, meaning, taxonomy),
        dimension=meaning.group.dimension.spoken if meaning.group else "it",
        term=taxonomy.shown(standing.told, meaning.country),
    )


def unrecognised(meaning: Meaning, taxonomy: Taxonomy) -> str:
    """Return that a label means no group known here."""
    return f"“{name_of(meaning, taxonomy)}” is no group known here and no category of the list."


def doubtful(meanings: Sequence[Meaning], label: str, taxonomy: Taxonomy) -> str:
    """Return that a label may mean one thing or another, which decides what the list says."""
    names = " or ".join(dict.fromkeys(name_of(meaning, taxonomy) for meaning in meanings))
    return f"“{label}” may mean {names}; a person has to say which."


def compared(tested: Tested | None, standing: Standing) -> str:
    """Return what the counts of a group say; empty where none were compared."""
    if tested is None:
        return ""
    low, high = (f"{number:,.0f}" for number in tested.official)
    both = f"the record counts {tested.citizen:,.0f} {tested.unit}"
    if standing.subtype is Subtype.NO_CATEGORY:
        if tested.verdict == Verdict.UNDERCOUNT:
            return f"All among whom they may be counted are {high}, and {both}: too few under any mapping."
        return f"They may be among the {high} of “other” and broader categories; {both}."
    numbers = high if low == high else f"between {low} and {high}"
    outcome = _OUTCOMES[tested.verdict].format(p=tested.p_under)
    if "mapping_decides" in tested.attributes:
        outcome = "which categories hold them decides"
    if "method_unknown" in tested.attributes:
        outcome = "but nobody knows how the record's number was made, so it proves nothing"
    return f"The list counts {numbers}, and {both}: {outcome}."


def _within(standing: Standing, meaning: Meaning, taxonomy: Taxonomy) -> str:
    broader = [mapped for mapped in standing.mapped if mapped.relation is Relation.BROADER]
    return f"; they may be counted within {_categories(broader, meaning, taxonomy)}" if broader else ""


def _categories(mapped: Sequence[Mapped], meaning: Meaning, taxonomy: Taxonomy) -> str:
    told = [f"“{taxonomy.shown(one.cell.category.label, meaning.country)}” ({_relation(one)})" for one in mapped]
    return " and ".join(dict.fromkeys(told))


def _relation(mapped: Mapped) -> str:
    relation = "" if mapped.relation is Relation.EXACT else f"{mapped.relation.value}, "
    share = "" if mapped.share is None else f"share {mapped.share:.2f}, "
    return f"{relation}{share}{mapped.basis}"
