"""The change feed: whoever follows it holds what the list shows, and learns of nothing else."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta

import pytest

from service.callers.caller import Role
from service.callers.territory import Area
from service.changes import passing
from service.store import keys
from service.store.keys import Wanted

AUDIENCES = (None, "contributor", "stranger", "reviewer", "admin", "reader")
ACTS, FEW = 40, 5
FOLLOWING = {"corroboration", "embargo_until"}  # follow from other matters and from time, as docs/changes.md says


class Follower:
    """Somebody who keeps a copy of the flags they may see, by the feed alone."""

    def __init__(self, api, who, country=None):
        """Begin with an empty copy."""
        self.api, self.who = api, who
        self.copy: dict[str, dict] = {}
        self.since: str | None = None
        self.ever: set[str] = set()
        self.narrowed = {"country": country} if country else {}

    def ask(self, limit=100):
        """Take one page, and return whether there is more."""
        since = {"since": self.since} if self.since else {}
        answer = self.api.get("/v1/changes", self.who, params={"limit": limit, **since, **self.narrowed})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        for item in body["items"]:
            if item["flag"] is None:
                assert item["type"] == "flag.gone"
                self.copy.pop(item["flag_id"], None)
            else:
                self.copy[item["flag_id"]] = item["flag"]
                self.ever.add(item["flag_id"])
        self.since = body["cursor"]
        assert (body["next"] is not None) == ("next" in answer.links)
        return body["next"] is not None

    def follow(self, limit=100):
        """Take every page."""
        while self.ask(limit):
            pass

    def listed(self):
        """Return what the list shows."""
        found, address = {}, "/v1/flags?limit=50" + "".join(f"&{name}={said}" for name, said in self.narrowed.items())
        while address:
            body = self.api.get(address, self.who).json()
            found |= {one["id"]: one for one in body["items"]}
            address = body["next"]
        return found


class Acting:
    """What may happen, each by chance to something that is there."""

    sending = ("contributor", "stranger")

    def __init__(self, api, chance: random.Random):
        """Look at what there is."""
        self.api, self.chance = api, chance
        found = api.get("/v1/flags?limit=200", "admin").json()["items"]
        self.flags = [one["id"] for one in found]
        self.waiting = [one["id"] for one in found if one["status"] == "open"]
        self.records = [one["id"] for one in api.get("/v1/records?limit=200", "admin").json()["items"]]
        self.holds = [one["id"] for one in api.get("/v1/holds", "admin").json()["items"] if not one["lifted_at"]]

    def any(self):
        """Return one of what may happen now."""
        if len(self.flags) < FEW:
            return self.send
        rarely = [self.decide, self.withdraw, self.hold, self.narrow, self.limit, self.delay]
        return self.chance.choice([*[self.send, self.publish] * 3, *rarely, *([self.lift] * 5 if self.holds else [])])

    def somebody(self):
        """Return one of those who send."""
        return self.chance.choice(self.sending)

    def send(self):
        """Send an account, new or corrected."""
        any_of = self.chance.choice
        body = {
            **self.api.absent,
            "location": {"lat": 0.536 + any_of([0, 0.0001, 1, 2, 3]), "lon": 35.0, "uncertainty_m": 100},
            "name": any_of(["Bondeni", "Kwanza", "Mpya", "Zamani"]),
            "consent": any_of(["internal", "reviewers", "partners", "public_masked", "public_exact", "public_exact"]),
            "sensitivity": any_of(["open", "open", "open", "caution", "restricted", "closed"]),
            "collection": any_of(["one", "two", "three"]),
            "id": f"own-{self.chance.randrange(9)}",
        }
        return self.api.post("/v1/records", body, self.somebody())

    def decide(self):
        """Decide anything about any flag."""
        which = self.chance.choice(["confirmed", "rejected", "published"])
        return self.api.decide(self.chance.choice(self.flags), which, self.chance.choice(["reviewer", "admin"]))

    def publish(self):
        """Confirm a flag and publish it."""
        flag = self.chance.choice(self.waiting or self.flags)
        self.api.decide(flag, "confirmed", "reviewer")
        return self.api.decide(flag, "published", "admin")

    def withdraw(self):
        """Withdraw a record, sometimes without a trace."""
        said = {"reason_code": "consent_withdrawn", "erase": self.chance.random() < 0.5}
        return self.api.post(f"/v1/records/{self.chance.choice(self.records)}/withdrawal", said, self.somebody())

    def hold(self):
        """Hold everything, sometimes for a moment only."""
        ends = self.chance.choice([{}, {"until": later(seconds=1)}])
        return self.api.post("/v1/holds", {"country": "KEN", "reason": "unrest", **ends}, "admin")

    def lift(self):
        """Lift a hold."""
        return self.api.post(f"/v1/holds/{self.chance.choice(self.holds)}/lift", {}, "admin")

    def narrow(self):
        """Let a collection agree to something else."""
        body = {"country": "KEN", "consent": self.chance.choice(["internal", "public_masked", "public_exact"])}
        address = f"/v1/collections/{self.chance.choice(['one', 'two'])}"
        return self.api.client.put(address, json=body, headers=self.api.key(self.somebody()))

    def limit(self):
        """Show less of a collection."""
        body = {"collection": "one", "consent": "internal", "reason_code": "asked"}
        return self.api.post("/v1/limits", body, self.somebody())

    def delay(self):
        """Move an embargo, sometimes by a moment only."""
        said = {"reason_code": "threats", "until": later(seconds=self.chance.choice([1, 1_000_000]))}
        return self.api.post(f"/v1/flags/{self.chance.choice(self.flags)}/embargo", said, self.somebody())


def later(seconds):
    """Return a moment to come."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def reader(api):
    """Give the application a key that reads in one country only."""
    with api.context.store.begin() as session:
        wanted = Wanted("planners", Role.READER, "test", areas=(Area("KEN", None),))
        api.keys["reader"] = keys.issue(session, wanted)


@pytest.mark.parametrize("seed", range(4))
def test_whoever_follows_holds_what_the_list_shows(api, seed, monkeypatch):
    """After anything that happens, every audience's copy is its list, whatever the size of pages and wherever begun."""
    monkeypatch.setattr(passing.note, "__defaults__", (timedelta(0),))  # what ends by itself is told at once
    reader(api)
    chance = random.Random(seed)  # noqa: S311 - which acts, no secret
    followers = [Follower(api, who) for who in AUDIENCES] + [Follower(api, "reviewer", "KEN")]
    done = []
    for _ in range(ACTS):
        act = Acting(api, chance).any()
        answer = act()
        done.append((act.__name__, answer.status_code))
        for one in followers:
            if chance.random() < 0.3:
                one.ask(chance.choice([1, 2, 100]))
    assert sum(status < 300 for _, status in done) > ACTS / 3
    time.sleep(1.1)  # until what was to end by itself has
    for one in [*followers, *(Follower(api, who) for who in AUDIENCES)]:
        one.follow(chance.choice([1, 3, 100]))
        listed = one.listed()
        assert one.copy.keys() == listed.keys(), (one.who, done)
        differ = {name for own, flag in listed.items() for name in flag if one.copy[own][name] != flag[name]}
        assert differ <= FOLLOWING, (one.who, done)


def test_nothing_new_is_the_same_answer(api):
    """Asked again with the cursor it gave, the feed says nothing, under the same cursor and with 304."""
    flag_id = api.published()
    first = api.get("/v1/changes").json()
    assert [(one["type"], one["flag_id"]) for one in first["items"]] == [("flag.published", flag_id)]
    again = api.get("/v1/changes", params={"since": first["cursor"]})
    assert (again.json()["items"], again.json()["cursor"]) == ([], first["cursor"])
    held = {"If-None-Match": again.headers["etag"]}
    assert api.get("/v1/changes", params={"since": first["cursor"]}, headers=held).status_code == 304


def test_what_goes_on_behind_a_flag_is_no_news_to_outsiders(api):
    """A claim, a second opinion and a hidden record tell nothing to who saw the flag before."""
    flag_id = api.published()
    cursor = api.get("/v1/changes").json()["cursor"]
    api.post(f"/v1/flags/{flag_id}/claim", {}, "reviewer")
    api.post("/v1/records", {**api.absent, "id": "hidden", "sensitivity": "closed"}, "stranger")
    assert api.get("/v1/changes", params={"since": cursor}).json()["items"] == []


def test_who_never_saw_a_flag_is_not_told_that_it_went(api):
    """What was withdrawn before anybody outside saw it leaves no trace outside."""
    answer = api.post("/v1/records", {**api.absent, "consent": "internal"})
    record = answer.json()["id"]
    before = api.get("/v1/changes", "stranger").json()
    api.post(f"/v1/records/{record}/withdrawal", {"reason_code": "consent_withdrawn", "erase": True})
    assert api.get("/v1/changes", "stranger").json() == before
    assert before["items"] == []


def test_who_began_with_the_list_is_told_what_goes(api):
    """A copy made from the list, followed from a moment on, loses what everybody read and nobody may any more."""
    flag_id = api.published()
    since = datetime.now(UTC).isoformat()
    record = api.get(f"/v1/flags/{flag_id}").json()["record_id"]
    api.post(f"/v1/records/{record}/withdrawal", {"reason_code": "consent_withdrawn"})
    told = api.get("/v1/changes", params={"since": since}).json()["items"]
    assert [(one["type"], one["flag_id"], one["flag"]) for one in told] == [("flag.gone", flag_id, None)]


def test_a_cursor_of_other_rights_leads_no_further(api):
    """Where organisations came to share, what was told before says nothing any more: 410 says what to do."""
    api.published()
    cursor = api.get("/v1/changes", "contributor").json()["cursor"]
    api.client.put("/v1/coalition/another-group", headers=api.key("contributor"))
    api.client.put("/v1/coalition/map-kibera", headers=api.key("stranger"))
    answer = api.get("/v1/changes", "contributor", params={"since": cursor})
    assert (answer.status_code, answer.json()["code"]) == (410, "cursor-too-old")
    assert "without `since`" in answer.json()["hint"]
    assert api.get("/v1/changes", "reviewer", params={"since": cursor}).status_code == 410


def test_a_cursor_of_another_history_leads_no_further(sqlite_api):
    """After a backup came back, a cursor of what happened since is known to be one."""
    sqlite_api.published()
    cursor = sqlite_api.get("/v1/changes").json()["cursor"]
    with sqlite_api.context.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER events_refuse_update")
        connection.exec_driver_sql("UPDATE events SET link = 'another'")
    answer = sqlite_api.get("/v1/changes", params={"since": cursor})
    assert (answer.status_code, answer.json()["code"]) == (410, "cursor-too-old")


@pytest.mark.parametrize("since", ["x" * 59, "2026-03-31", "2026-03-31T12:00:00", "2026-99-99T12:00:00Z", "soon"])
def test_what_is_no_place_to_begin_is_refused(sqlite_api, since):
    """A text that is neither a cursor of ours nor a moment with its zone is a mistake in `since`."""
    answer = sqlite_api.get("/v1/changes", params={"since": since})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
