"""What the rules about personal data look like when they go out."""

from __future__ import annotations

from pydantic import Field

from service.api.answers import Shown


class PersonalRuleShown(Shown):
    """One thing that is about one person and is not kept."""

    id: str
    label: str = Field(description="what it is")
    why: str = Field(description="why it is not kept")
    headers: list[str] = Field(description="of columns that are dropped; case, accents and filling words do not count")
    cells: list[str] = Field(description="what most cells of such a column look like; empty where the header is enough")
    marks: list[str] = Field(description="what stands in a text instead of it")


class PersonalRulesShown(Shown):
    """All rules of this release."""

    items: list[PersonalRuleShown]
