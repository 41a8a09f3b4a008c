"""Open: whether everybody reads about a flag now. The one place that says so; the store narrows lists by the same.

Open is a flag that people published and whose embargo is over. Its organisation and community have until then to be
heard, to correct or to withdraw. A record that is held or withdrawn is open to nobody, published or not
(`service.disclosure.policy.view_of`).
"""

from __future__ import annotations

from datetime import UTC, datetime

from service.accounts.embargo import lasting
from service.disclosure.policy import sensitivity_of
from service.store.values import Flag, FlagStatus


def opens_at(flag: Flag) -> datetime:
    """Return when the embargo of a flag ends: when its organisation said, else so long after it was raised."""
    return flag.embargo_until or flag.created_at + lasting(sensitivity_of(flag.record.account).value)


def open_now(flag: Flag) -> bool:
    """Return whether people published a flag and its embargo is over."""
    return flag.status is FlagStatus.PUBLISHED and opens_at(flag) <= datetime.now(UTC)
