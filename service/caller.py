"""Who is asking: an organisation's key with a role, or nobody in particular."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a key may do. Each role may do what the ones before it may."""

    CONTRIBUTOR = "contributor"
    REVIEWER = "reviewer"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Caller:
    """The organisation and key behind a call. `ANONYMOUS` has neither."""

    organisation: str | None  # short name, e.g. "map-kibera"
    key_id: str | None
    role: Role | None

    def may(self, role: Role) -> bool:
        """Return whether the caller holds this role or a stronger one."""
        order = list(Role)
        return self.role is not None and order.index(self.role) >= order.index(role)


ANONYMOUS = Caller(organisation=None, key_id=None, role=None)
