"""The table of published locations: where each published community is shown, drawn once."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from geodata.sensitivity import LocationMethod
from service.store.columns import Row, between, moment, one_of


class PublishedLocationRow(Row, table=True):
    """Where a community is shown to whoever does not work with its records. Nothing here tells where it is."""

    __tablename__ = "published_locations"
    __table_args__ = (one_of("method", LocationMethod), between("lat", -90, 90), between("lon", -180, 180))

    community_id: str = Field(primary_key=True, foreign_key="communities.id")
    method: str
    sensitivity: str  # the class it was drawn for
    lat: float | None
    lon: float | None
    radius_m: float | None
    cell: str | None  # of H3
    unit: str | None  # name of the district
    policy: str = Field(index=True)  # digest of the policy it was drawn by
    created_at: datetime = moment()
