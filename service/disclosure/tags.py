"""Tags as one caller may see them: a tag is shown, found and counted with the field it rests on, or not at all.

A tag says what its field says. Where the public reads neither groups nor drivers of a community, it reads no tag that
rests on them, finds none by a filter and counts none; of a community that it may not see, none at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geodata import sensitivity
from geodata.tags import goals, tagging
from geodata.tags.tag import Basis, Tag, TagKind
from service.accounts.account import Account
from service.accounts.tags import tagged
from service.callers.caller import Caller, Right
from service.disclosure.policy import Sensitivity, View, outside_view, sensitivity_of
from service.store.tagged import Audience, Lines, Tagged, lines
from service.store.values import Record

#: Under which member each kind of tag is shown.
MEMBERS = {
    TagKind.SDG: "sdg",
    TagKind.DIMENSION: "dimensions",
    TagKind.FACTOR: "factors",
    TagKind.THEME: "themes",
    TagKind.SEED: "seeds",
    TagKind.GROUP: "groups",
}

#: To be raised with every change of which tags are kept or who sees them, so that what was kept matches nothing.
_POLICY = 2

#: Fields that leave with a community even where its name and its groups do not (`service.disclosure.communities`).
_OPEN_FIELDS = frozenset({Basis.KIND, Basis.SDG, Basis.VERDICT})


@dataclass(frozen=True, slots=True)
class AskedTags:
    """What a filter asks for: one of the codes of each kind; a goal or target stands for everything under it."""

    sdg: tuple[str, ...] = ()
    factor: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    group: tuple[str, ...] = ()  # ids of the taxonomy; a broader group stands for all that are part of it

    def __bool__(self) -> bool:
        """Return whether anything is asked for."""
        return bool(self.sdg or self.factor or self.theme or self.group)

    @property
    def any_of(self) -> dict[TagKind, tuple[str, ...]]:
        """The codes asked for, by kind, an indicator's retired number as its present one."""
        sdg = tuple(dict.fromkeys(map(goals.current, self.sdg)))
        asked = {
            TagKind.SDG: sdg,
            TagKind.FACTOR: self.factor,
            TagKind.THEME: self.theme,
            TagKind.GROUP: self.group,
        }
        return {kind: codes for kind, codes in asked.items() if codes}


def visible_tags(record: Record, view: View) -> frozenset[Tag]:
    """Return the tags of a record that this view shows: those of which it shows the field."""
    if view is View.NOTHING:
        return frozenset()
    bases = _bases(record.account, view)
    return frozenset(tag for tag in tagged(record.account, flagged=record.flag_id is not None) if tag.basis in bases)


def shows_every_field(account: Account, view: View) -> bool:
    """Return whether this view withholds no field that a tag may rest on."""
    return _bases(account, view) == frozenset(Basis)


def shown_tags(record: Record, view: View) -> dict[str, Any]:
    """Return the tags of a record as this view shows them, each with the fields it rests on."""
    return written_tags(visible_tags(record, view))


def written_tags(tags: Iterable[Tag]) -> dict[str, Any]:
    """Return tags as plain values: by kind, in order, with their bases; `score` counts the factors evidenced."""
    labels = tagging.rules_in_force().labels
    bases: dict[TagKind, dict[str, set[Basis]]] = {kind: defaultdict(set) for kind in TagKind}
    for tag in tags:
        bases[tag.kind][tag.code].add(tag.basis)
    sdg = [
        {"code": code, "formerly": list(goals.FORMERLY.get(code, ())), "basis": sorted(found)}
        for code, found in sorted(bases.pop(TagKind.SDG).items(), key=lambda one: goals.order(one[0]))
    ]
    others = {
        MEMBERS[kind]: [
            {"code": code, "label": labels[kind][code], "basis": sorted(found)} for code, found in sorted(of.items())
        ]
        for kind, of in bases.items()
    }
    return {"sdg": sdg, **others, "score": len(others["factors"])}


def has_tags(asked: AskedTags, shown: Mapping[str, Any]) -> bool:
    """Return whether tags, as they are shown, are what was asked for."""
    return all(
        any(goals.within(tag["code"], code) for tag in shown[MEMBERS[kind]] for code in codes)
        for kind, codes in asked.any_of.items()
    )


def askable(asked: AskedTags, caller: Caller) -> Tagged | None:
    """Return what the store is asked on behalf of this caller; None where nothing is asked for."""
    if not asked:
        return None
    of_flags = tagging.of_any_flag()
    by_flag = {
        kind
        for kind, codes in asked.any_of.items()
        if any(tag.kind is kind and goals.within(tag.code, code) for tag in of_flags for code in codes)
    }
    return Tagged(
        any_of=tuple((kind.value, codes) for kind, codes in asked.any_of.items()),
        by_flag=frozenset(by_flag),
        rules=kept_by(),
        audiences=_audiences(caller),
        organisation=caller.organisation,
    )


def kept_tags(account: Account) -> Lines:
    """Return the tags of an account as its record keeps them for filters; those of its flag are found by the flag."""
    public = _bases(account, outside_view(account))
    inside = Audience.OWN if sensitivity_of(account) is Sensitivity.CLOSED else Audience.REVIEWERS
    said = {
        (Audience.PUBLIC if tag.basis in public else inside, tag.kind.value, tag.code)
        for tag in tagged(account, flagged=False)
    }
    return lines(said, kept_by())


def kept_by() -> str:
    """Return what kept tags follow from: the policy of this module, and the rules and groups in force."""
    return f"{_POLICY}.{sensitivity.in_force().digest}.{tagging.digest()}"


def _bases(account: Account, view: View) -> frozenset[Basis]:
    """Return the fields of which this view shows what they say."""
    if view is View.NOTHING:
        return frozenset()
    named = view.inside or view is View.EXACT or sensitivity_of(account) is Sensitivity.OPEN
    return frozenset(Basis) if named else _OPEN_FIELDS


def _audiences(caller: Caller) -> tuple[Audience, ...]:
    if caller.may(Right.ADMINISTER):
        return tuple(Audience)
    return (Audience.PUBLIC, Audience.REVIEWERS) if caller.may(Right.READ) else (Audience.PUBLIC,)
