"""Keys that end: by themselves, or because another one took their place; and the day on which each was last used."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from service.callers.caller import Role
from service.errors import NOT_FOUND, Problem
from service.store import events, footing, keys
from service.store.keys import Wanted
from service.store.migrate import downgrade, upgrade

DAY = timedelta(days=1)


def made(store, ends_at):
    """Return the secret of a key with an end, and its id."""
    with store.begin() as session:
        secret = keys.issue(session, Wanted("map-kibera", Role.CONTRIBUTOR, "phone", ends_at))
    with store.read() as session:
        return secret, keys.all(session)[-1].id


def opens(store, secret):
    """Return whether a secret opens anything."""
    with store.read() as session:
        return keys.find(session, secret) is not None


def test_a_key_opens_until_its_end(store):
    """Before it the key is like any other; from then on it is like one that nobody was given."""
    now = datetime.now(UTC)
    later, (past, past_id) = made(store, now + DAY)[0], made(store, now - timedelta(seconds=1))
    assert opens(store, later)
    assert not opens(store, past)
    with store.read() as session:
        assert keys.revoked(session, [past_id]) == {past_id}
        sent = footing.Sent("map-kibera", [past_id], (), (), (), now)
        assert footing.of(session, sent, 1).revoked


def test_a_rotated_key_opens_beside_the_new_one_until_the_overlap_is_over(store):
    """Whoever holds either goes on in between; both are the same organisation, role and label."""
    secret, key_id = made(store, None)
    with store.begin() as session:
        _, fresh = keys.rotate(session, key_id, 7 * DAY)
    assert opens(store, secret)
    assert opens(store, fresh)
    with store.read() as session:
        old, new = keys.all(session)
        assert [event.kind for event in events.about(session, "key", key_id)] == ["key.created", "key.rotated"]
    assert timedelta(days=6.9) < old.expires_at - datetime.now(UTC) <= 7 * DAY
    assert (new.organisation, new.role, new.label, new.expires_at) == (old.organisation, old.role, old.label, None)


def test_rotating_without_overlap_shuts_the_old_key_at_once(store):
    """As one does when a key may have been seen."""
    secret, key_id = made(store, None)
    with store.begin() as session:
        _, fresh = keys.rotate(session, key_id, timedelta())
    assert not opens(store, secret)
    assert opens(store, fresh)


def test_an_overlap_does_not_make_a_key_live_longer(store):
    """A key with an end keeps it, and the new one lives as long as the old one was made to."""
    _, key_id = made(store, datetime.now(UTC) + 90 * DAY)
    with store.begin() as session:
        keys.rotate(session, key_id, 300 * DAY)
    with store.read() as session:
        old, new = keys.all(session)
    assert old.expires_at - old.created_at < 91 * DAY
    assert abs((new.expires_at - new.created_at) - 90 * DAY) < DAY


@pytest.mark.parametrize("how", ["unknown", "revoked", "expired"])
def test_a_key_that_opens_nothing_is_not_rotated(store, how):
    """Nobody gets a new key for one that was taken away."""
    _, key_id = made(store, datetime.now(UTC) - DAY if how == "expired" else None)
    with store.begin() as session:
        if how == "revoked":
            keys.revoke(session, key_id)
    with pytest.raises(Problem) as caught, store.begin() as session:
        keys.rotate(session, "nobody" if how == "unknown" else key_id, DAY)
    assert caught.value.kind is NOT_FOUND


def test_the_day_a_key_was_used_is_noted(store):
    """A day is enough to find keys that nobody needs any more."""
    secret, key_id = made(store, None)
    with store.begin() as session:
        keys.note_use(session, key_id, date(2026, 3, 1))
    with store.read() as session:
        assert keys.holder(session, secret).last_used_on == date(2026, 3, 1)
        assert keys.all(session)[0].last_used_on == date(2026, 3, 1)


def test_going_back_to_before_keys_had_ends_opens_none_again(database_url, store):
    """A key that was to end is revoked from its end on, not open for ever."""
    secret, _ = made(store, datetime.now(UTC) - DAY)
    kept, _ = made(store, None)
    store.close()
    downgrade(database_url, "0016")
    upgrade(database_url)
    again = type(store)(database_url)
    assert not opens(again, secret)
    assert opens(again, kept)
    again.close()
