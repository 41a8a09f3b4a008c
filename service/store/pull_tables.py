"""The table of pulls: until when the submissions of a form are known."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from service.store.columns import Row, moment


class PullRow(Row, table=True):
    """Until when one form of one server was pulled into a collection."""

    __tablename__ = "pulls"

    organisation: str = Field(primary_key=True, foreign_key="organisations.id")
    collection: str = Field(primary_key=True)
    origin: str = Field(primary_key=True)  # address of the form, without secrets
    cursor: str  # as `connectors.pulling` gave it
    updated_at: datetime = moment()
