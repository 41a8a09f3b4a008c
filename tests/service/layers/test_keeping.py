"""Layers that are kept: never older than the question, and what moved is read again exactly."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from service.callers.caller import ANONYMOUS
from service.errors import BUSY, INTERNAL, Problem
from service.layers import keeping
from service.layers.keeping import Layers
from service.layers.reading import brought_up, read
from service.store import keys
from tests.service.api.conftest import api, sqlite_api

__all__ = ["api", "sqlite_api"]

EVERYBODY = ("contributor", "stranger", "reviewer", "admin")


def callers(api):
    """Return everybody who may ask."""
    with api.context.store.read() as session:
        return [ANONYMOUS, *(keys.find(session, api.keys[who]) for who in EVERYBODY)]


def settled(layers, caller):
    """Return the layer of a caller once it is read."""
    asked = layers.now()
    while (found := layers.of(caller, asked)) is None:
        time.sleep(0.005)
    return found


def happenings(api):
    """Yield after each of some things that happen to flags."""
    flag_id = api.post("/v1/records", {**api.absent, "consent": "public_exact", "id": "r1"}).json()["flag_id"]
    yield "raised"
    api.decide(flag_id, "confirmed")
    yield "confirmed"
    api.decide(flag_id, "published", "admin")
    yield "published and placed"
    api.post("/v1/records", {**api.absent, "consent": "public_masked", "id": "r1", "name": "Bondeni Mpya"})
    yield "corrected"
    api.post("/v1/records", {**api.absent, "id": "x1", "consent": "public_masked"}, "stranger")
    yield "told by another"
    api.post("/v1/records", {**api.absent, "location": {"lat": 0.9, "lon": 36.5, "uncertainty_m": 50}, "name": "Kando"})
    yield "another"
    record_id = api.get(f"/v1/flags/{flag_id}", "admin").json()["record_id"]
    api.post(f"/v1/records/{record_id}/withdrawal", {"reason_code": "no_longer_agreed"})
    yield "withdrawn"


def test_what_moved_is_read_again_as_if_all_were(api):
    """After whatever happens, a layer that was brought up to date is, for everybody, what reading all of it gives."""
    store = api.context.store
    kept = {caller: read(store, caller) for caller in callers(api)}
    for what in happenings(api):
        for caller, before in kept.items():
            found = brought_up(store, caller, before)
            assert found is not None, what
            whole = read(store, caller)
            assert list(found.layer.spots) == list(whole.layer.spots), (what, caller.role)
            assert found.mark == whole.mark
            kept[caller] = found
    assert len(kept[ANONYMOUS].layer) < len(kept[callers(api)[-1]].layer)


def test_what_does_not_concern_an_audience_costs_it_nothing(sqlite_api):
    """A record that nobody outside is shown leaves the layer of everybody as it is, with all worked out of it."""
    sqlite_api.published()
    before = read(sqlite_api.context.store, ANONYMOUS)
    sqlite_api.post("/v1/records", {**sqlite_api.absent, "name": "Kando", "consent": "internal"})
    found = brought_up(sqlite_api.context.store, ANONYMOUS, before)
    assert found is not None
    assert found.layer is before.layer
    assert found.mark.event > before.mark.event


def test_what_may_concern_any_flag_is_not_brought_up(sqlite_api):
    """After a hold, or what a collection agrees to, all is read anew; after too many things, too."""
    sqlite_api.published()
    store = sqlite_api.context.store
    before = read(store, ANONYMOUS)
    sqlite_api.post("/v1/holds", {"country": "KEN", "reason": "a raid"}, "admin")
    assert brought_up(store, ANONYMOUS, before) is None
    before = read(store, ANONYMOUS)
    sqlite_api.client.put("/v1/collections/survey", json={"country": "KEN"}, headers=sqlite_api.key("contributor"))
    assert brought_up(store, ANONYMOUS, before) is None


def test_too_much_at_once_is_read_anew(sqlite_api, monkeypatch):
    """Where more happened than is worth looking at one by one, all is read."""
    monkeypatch.setattr("service.layers.reading.MOST_MOVED", 2)
    before = read(sqlite_api.context.store, ANONYMOUS)
    sqlite_api.published()
    assert brought_up(sqlite_api.context.store, ANONYMOUS, before) is None


def test_a_layer_is_never_older_than_the_question(sqlite_api):
    """Whoever asks after something happened is given what holds all of it, read once for all who ask."""
    layers = Layers(sqlite_api.context.store)
    reviewer = callers(sqlite_api)[3]
    found = [settled(layers, reviewer)]
    for number in range(3):
        place = {"lat": 0.9 + number, "lon": 36.5, "uncertainty_m": 50}
        sqlite_api.post("/v1/records", {**sqlite_api.absent, "name": f"Kando {number}", "location": place})
        found.append(settled(layers, reviewer))
    assert [len(layer) for layer in found] == [0, 1, 2, 3]
    assert settled(layers, reviewer) is found[-1]
    assert all(one is not other for one, other in pairwise(found))


def test_few_audiences_are_kept(sqlite_api):
    """The layers of those who asked longest ago are let go of, that of everybody never."""
    layers = Layers(sqlite_api.context.store)
    everybody = settled(layers, ANONYMOUS)
    reviewer = callers(sqlite_api)[3]
    first = settled(layers, reviewer)
    for caller in callers(sqlite_api) * 2:
        settled(layers, caller)
    with sqlite_api.context.store.begin() as session:
        more = [keys.create(session, f"group-{one}", caller.role, "test") for one, caller in enumerate([reviewer] * 4)]
    with sqlite_api.context.store.read() as session:
        for secret in more:
            settled(layers, keys.find(session, secret))
    assert len(layers._held) == keeping._AUDIENCES + 1
    assert settled(layers, ANONYMOUS) is everybody or len(settled(layers, ANONYMOUS)) == len(everybody)
    assert settled(layers, reviewer) is not first


def test_a_failure_is_told_to_who_waits_and_the_next_tries_again(sqlite_api, monkeypatch):
    """Where reading fails, whoever waits for it is told, and the next question reads again."""
    layers = Layers(sqlite_api.context.store)

    def fail(*_):
        raise Problem(INTERNAL, "the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(keeping, "read", fail)
        with pytest.raises(Problem, match="the disk is gone"):
            settled(layers, ANONYMOUS)
    assert len(settled(layers, ANONYMOUS)) == 0


def test_who_waits_too_long_is_told_to_come_again(sqlite_api, monkeypatch):
    """While a layer is being read for longer than anybody waits, tiles answer 503 with when to ask again."""
    monkeypatch.setattr("service.api.layered.PATIENCE_S", 0.05)
    monkeypatch.setattr(Layers, "of", lambda *_: None)
    answer = sqlite_api.get("/v1/tiles/flags/0/0/0.mvt")
    assert (answer.status_code, answer.json()["code"]) == (503, BUSY.code)
    assert int(answer.headers["Retry-After"]) > 0


def test_other_rules_are_read_by(sqlite_api, monkeypatch):
    """When flags are shown by other rules than a layer was read by, it is read anew."""
    layers = Layers(sqlite_api.context.store)
    before = settled(layers, ANONYMOUS)
    monkeypatch.setattr(keeping, "_rules", lambda: "others")
    assert settled(layers, ANONYMOUS) is not before
