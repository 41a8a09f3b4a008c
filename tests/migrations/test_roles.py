"""Roles over the migration that made more of them: up and down, with keys of each."""

from __future__ import annotations

from sqlalchemy import text

from service.callers.caller import Charge, Role
from service.callers.territory import Area
from service.store import keys
from service.store.engine import Store
from service.store.keys import Wanted
from service.store.migrate import downgrade, upgrade

ISSUED = (
    Wanted("office", Role.CONTRIBUTOR, "contributor"),
    Wanted("office", Role.REVIEWER, "reviewer"),
    Wanted("office", Role.PUBLISHER, "publisher"),
    Wanted("office", Role.ADMIN, "admin"),
    Wanted("office", Role.READER, "reader"),
    Wanted("office", Role.STEWARD, "steward", charges=(Charge("office", "villages"),)),
    Wanted("office", Role.REVIEWER, "scoped", areas=(Area("KEN"),)),
)


def told(url):
    """Return (role, whether it opens anything) of each key, by its label."""
    store = Store(url)
    with store.begin() as session:
        found = session.execute(text("SELECT label, role, revoked_at IS NULL FROM keys"))
        rows = {label: (role, bool(opens)) for label, role, opens in found}
    store.close()
    return rows


def test_keys_keep_what_the_other_side_can_hold_them_to(database_url):
    """Down, what cannot be held to its place opens nothing; up, who published goes on publishing."""
    store = Store(database_url)
    with store.begin() as session:
        for wanted in ISSUED:
            keys.issue(session, wanted)
    store.close()
    downgrade(database_url, "0022")
    assert told(database_url) == {
        "contributor": ("contributor", True),
        "reviewer": ("reviewer", True),
        "publisher": ("reviewer", True),
        "admin": ("admin", True),
        "reader": ("contributor", False),
        "steward": ("contributor", False),
        "scoped": ("reviewer", False),
    }
    upgrade(database_url)
    after = told(database_url)
    assert (after["reviewer"], after["publisher"]) == (("publisher", True), ("publisher", True))
    assert (after["reader"], after["scoped"]) == (("contributor", False), ("publisher", False))
