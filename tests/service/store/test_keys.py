"""Keys: shown once, kept as a hash, and worth nothing once revoked."""

from __future__ import annotations

import re
from datetime import UTC

import pytest
from sqlalchemy import text

from service.callers.caller import Role
from service.errors import NOT_FOUND, Problem
from service.store import events, keys


@pytest.mark.parametrize("role", list(Role))
def test_a_key_opens_for_its_organisation_and_role(store, role):
    """Whoever brings the secret is the organisation, with the role it was made for."""
    with store.begin() as session:
        secret = keys.create(session, "map-kibera", role, "field team")
    with store.read() as session:
        caller, (entry,) = keys.find(session, secret), keys.all(session)
    assert (caller.acts_for, caller.role, caller.key_id) == ("map-kibera", role, entry.id)
    assert (entry.label, entry.role, entry.revoked_at, entry.created_at.tzinfo) == ("field team", role, None, UTC)


def test_a_secret_is_long_random_and_recognisable(store):
    """256 bits under a prefix that a scanner of leaked secrets can look for; no two are alike."""
    with store.begin() as session:
        made = {keys.create(session, "map-kibera", Role.ADMIN, "") for _ in range(5)}
    assert len(made) == 5
    assert all(re.fullmatch(r"unc_[0-9a-f]{64}", secret) for secret in made)


def test_the_database_never_holds_a_secret(store):
    """Neither the key's row nor its event holds what was shown once."""
    with store.begin() as session:
        secret = keys.create(session, "map-kibera", Role.ADMIN, "")
    with store.read() as session:
        (entry,) = keys.all(session)
        row = repr(session.execute(text("SELECT * FROM keys")).all())
        told = repr(events.about(session, "key", entry.id))
    for kept in (row, told):
        assert secret not in kept
        assert secret.removeprefix(keys.PREFIX) not in kept


@pytest.mark.parametrize("secret", ["", "unc_", "unc_" + "0" * 64, "nonsense", "ünc"])
def test_an_unknown_secret_opens_nothing(store, secret):
    """What nobody was given is nobody's."""
    with store.begin() as session:
        keys.create(session, "map-kibera", Role.ADMIN, "")
    with store.read() as session:
        assert keys.find(session, secret) is None


def test_a_revoked_key_opens_nothing(store):
    """Revoking takes effect at once, is told once, and can be said twice."""
    with store.begin() as session:
        secret = keys.create(session, "map-kibera", Role.ADMIN, "")
        other = keys.create(session, "map-kibera", Role.ADMIN, "")
        key_id = keys.find(session, secret).key_id
        keys.revoke(session, key_id)
        keys.revoke(session, key_id)
    with store.read() as session:
        assert keys.find(session, secret) is None
        assert keys.find(session, other) is not None
        assert [event.kind for event in events.about(session, "key", key_id)] == ["key.created", "key.revoked"]


def test_revoking_an_unknown_key_says_so(store):
    """A mistyped identifier does not look like success."""
    with pytest.raises(Problem) as raised, store.begin() as session:
        keys.revoke(session, "none")
    assert raised.value.kind is NOT_FOUND
