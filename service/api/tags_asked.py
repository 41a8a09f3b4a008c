"""Tags as they are asked for: one set of filters for every list, map and report, so that none of them lacks one."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from geodata.tags import tagging
from geodata.tags.tag import Factor, TagKind
from geodata.taxonomy import in_force
from service.api.fields import Sdg, mistake, seen
from service.disclosure.tags import AskedTags

_SUGGESTED = 3  # groups that a name may mean, told to whoever wrote one that is not certain


def group_id(text: str) -> str:
    """Return the id of the group that an id or a name means. Raises `LookupError`, saying what to write instead."""
    known = in_force()
    if text in known:
        return text
    group = known.group_of(text)
    if group is None:
        near = [found.group.id for found in known.recognise(text)[:_SUGGESTED]]
        hint = f"It may mean {' or '.join(near)}: write which." if near else "Write its id or its name, such as deaf."
        raise LookupError(hint)
    return group.id


def _group(text: str) -> str:
    try:
        return group_id(text)
    except LookupError as unknown:
        message = f"No one group is called {text!r}."
        raise mistake(message, str(unknown)) from unknown


def _theme(text: str) -> str:
    themes = tagging.rules_in_force().labels[TagKind.THEME]
    if text not in themes:
        message = f"There is no theme {text!r}."
        raise mistake(message, f"Write one of {', '.join(sorted(themes))}.")
    return text


Theme = Annotated[
    str,
    Field(min_length=1, max_length=40, json_schema_extra={"format": "theme"}),
    AfterValidator(seen),
    AfterValidator(_theme),
]
GroupAsked = Annotated[
    str,
    Field(min_length=1, max_length=120, json_schema_extra={"format": "group"}),
    AfterValidator(seen),
    AfterValidator(_group),
]


class TagsAsked(BaseModel):
    """Filters by tag: of each kind one of the codes is enough, and all kinds that are asked for have to hold."""

    sdg: list[Sdg] = Field(default=[], max_length=50, description="goal, target or indicator; may be repeated")
    factor: list[Factor] = Field(
        default=[], max_length=5, description="by which people are left behind; may be repeated"
    )
    theme: list[Theme] = Field(default=[], max_length=50, description="such as disability; may be repeated")
    group: list[GroupAsked] = Field(
        default=[], max_length=50, description="of people, by its id or name, such as deaf; may be repeated"
    )

    @property
    def tags(self) -> AskedTags:
        """The tags asked for."""
        return AskedTags(tuple(self.sdg), tuple(self.factor), tuple(self.theme), tuple(self.group))
