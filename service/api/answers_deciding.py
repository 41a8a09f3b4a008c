"""What answers about many decisions look like, declared for the OpenAPI document."""

from __future__ import annotations

from pydantic import Field

from service.api.answers import Shown
from service.deciding.asking import What
from service.store.values import FlagStatus


class RefusalShown(Shown):
    """Why one decision was refused, and how that is mended."""

    code: str = Field(description="of the problem, stable, for programs")
    status: int = Field(description="the status that the same decision would be answered with by itself")
    detail: str
    column: str | None = Field(description="the column, or member, that it lies in")
    hint: str


class DecidedShown(Shown):
    """What became of one decision; in a preview, what would."""

    flag_id: str
    name: str | None = Field(description="null where the flag may not be seen")
    outcome: What = Field(description="decided, unchanged (the same person decided just so before), or refused")
    status_before: FlagStatus | None
    version: int | None = Field(description="at which the flag stands then, or would stand")
    problem: RefusalShown | None


class RowDecidedShown(DecidedShown):
    """What became of one row of a filled sheet."""

    row: int = Field(description="as the spreadsheet numbers it; the header is row 1")
    decision: FlagStatus | None
    reason_code: str | None


class SheetDecidedShown(Shown):
    """What became of every row of a filled sheet that decides something, in their order."""

    preview: bool = Field(description="true: nothing was kept")
    rows: int = Field(description="rows read")
    undecided: int = Field(description="rows that decide nothing, passed over")
    decided: int
    unchanged: int
    refused: int
    items: list[RowDecidedShown]


class ItemDecidedShown(DecidedShown):
    """What became of one flag of many."""

    index: int = Field(description="0-based position")
    decided_on: int = Field(description="the version of the flag that the decision is about; send it with the flag")


class TogetherShown(Shown):
    """What became of a decision about many flags, each for itself, in their order."""

    preview: bool = Field(description="true: nothing was kept")
    token: str = Field(description="send it to have done what the preview showed, and nothing else")
    decided: int
    unchanged: int
    refused: int
    items: list[ItemDecidedShown]
