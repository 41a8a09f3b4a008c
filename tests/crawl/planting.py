"""Planting: canaries in every state, and beside them files, passports, surveys and receipts that concern one group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from service import review, submit, verify
from service.api.submission import RecordGiven
from service.callers.caller import Caller, Charge, Role
from service.callers.territory import Area
from service.context import Context
from service.importing.importer import turn
from service.store import coalition, flags, keys, records, withdrawals
from service.store.filters import FlagFilter
from service.store.keys import Wanted
from service.store.values import FlagStatus
from tests.crawl.canaries import ORGANISATIONS, Canary, Maker
from tests.crawl.oracle import Audience, Secret, stewarded

OWN, OTHER = ORGANISATIONS
PARTNER = "delta-group"
NOBODY_LISTENS = "http://127.0.0.1:9/"  # the port of the protocol that discards
_KEYS = {
    Audience.STRANGER: Wanted("gamma-group", Role.CONTRIBUTOR, "crawl"),
    Audience.REVIEWER: Wanted("statistics-office", Role.REVIEWER, "crawl"),
    Audience.READER: Wanted("statistics-office", Role.READER, "crawl", areas=(Area("KEN"),)),
    Audience.ELSEWHERE: Wanted("another-office", Role.PUBLISHER, "crawl", areas=(Area("TZA"), Area("KEN", "nowhere"))),
    Audience.PARTNER: Wanted(PARTNER, Role.CONTRIBUTOR, "crawl"),
    Audience.OWN: Wanted(OWN, Role.CONTRIBUTOR, "crawl"),
    Audience.ADMIN: Wanted("desk", Role.ADMIN, "crawl"),
}
_BEFORE = {  # decisions that lead to one
    "in_review": ("in_review",),
    "confirmed": ("confirmed",),
    "rejected": ("rejected",),
    "withdrawn": ("withdrawn",),
    "published": ("confirmed", "published"),
}


@dataclass
class World:
    """What was planted, and who may ask."""

    context: Context
    canaries: list[Canary]
    secrets: list[Secret] = field(default_factory=list)
    keys: dict[Audience, str] = field(default_factory=dict)
    callers: list[Caller] = field(default_factory=list)  # two admins: publishing needs two people
    imports: list[str] = field(default_factory=list)
    own_imports: list[str] = field(default_factory=list)
    collections: dict[str, str] = field(default_factory=dict)  # with a passport -> organisation
    surveys: dict[str, str] = field(default_factory=dict)
    holds: list[str] = field(default_factory=list)
    spare_keys: list[str] = field(default_factory=list)  # to be revoked
    invitations: list[str] = field(default_factory=list)
    token: str = ""  # of an invitation
    limits: list[str] = field(default_factory=list)
    webhooks: list[tuple[str, str]] = field(default_factory=list)  # each with one of its messages
    editions: list[str] = field(default_factory=list)  # of gap reports

    def key(self, audience: Audience) -> dict[str, str]:
        """Return the header that says who calls."""
        if audience is Audience.WRONG_KEY:
            return {"Authorization": "Bearer nobody-gave-this-out"}
        return {"Authorization": f"Bearer {self.keys[audience]}"} if audience in self.keys else {}


def settle(context: Context, canaries: Sequence[Canary]) -> World:
    """Make the callers and plant the canaries."""
    world = World(context, list(canaries))
    with context.store.begin() as session:
        world.keys = {who: keys.issue(session, wanted) for who, wanted in _KEYS.items()}
        charges = tuple(Charge(OWN, canary.words["collection"]) for canary in canaries if stewarded(canary))
        world.keys[Audience.STEWARD] = keys.issue(session, Wanted(OWN, Role.STEWARD, "crawl", charges=charges))
        twice = [keys.create(session, "desk", Role.ADMIN, "crawl") for _ in range(2)]
        for organisation in ORGANISATIONS:
            keys.add_organisation(session, organisation, datetime.now(UTC))
        for one, other in ((OWN, PARTNER), (PARTNER, OWN)):
            coalition.agree(session, other, Caller(one, None, Role.CONTRIBUTOR), datetime.now(UTC))
    with context.store.read() as session:
        world.callers = [found for secret in twice if (found := keys.find(session, secret))]
    plant(world, canaries)
    return world


def plant(world: World, canaries: Sequence[Canary]) -> None:
    """Keep canaries, bring each to its state, and learn what it is called now."""
    context = world.context
    for organisation in {canary.organisation for canary in canaries}:
        own = [canary for canary in canaries if canary.organisation == organisation]
        accounts = [RecordGiven.model_validate(canary.body()).account() for canary in own]
        receipts = submit.accept(context, accounts, Caller(organisation, None, Role.ADMIN))
        for canary, receipt in zip(own, receipts, strict=True):
            canary.ids["record_id"] = receipt.record_id
    compared = [canary for canary in canaries if canary.state not in {"pending", "quarantined"}]
    verify.verify(context, [canary.ids["record_id"] for canary in compared])
    _take_back(context, [canary.ids["record_id"] for canary in canaries if canary.state == "taken_back"])
    _learn(world, canaries)
    for canary in canaries:
        for at, decision in enumerate(_BEFORE.get(canary.state, ())):
            words = {name: canary.words[name] for name in ("note", "message")}
            said = review.Decision(FlagStatus(decision), "field_visit", **words)
            review.decide(context, canary.ids["flag_id"], said, world.callers[at])
    _learn(world, canaries)


def _take_back(context: Context, ids: Sequence[str]) -> None:
    with context.store.begin() as session:
        withdrawals.withdraw(session, ids, datetime.now(UTC))


def _learn(world: World, canaries: Iterable[Canary]) -> None:
    """Note the identifiers of a canary's flag, findings and reviews, and that it stands where it should."""
    by_id = {canary.ids["record_id"]: canary for canary in canaries}
    with world.context.store.read() as session:
        held = {flag.record.id: flag for flag in flags.iterate(session, FlagFilter())}
        for record in records.many(session, list(by_id)):
            ids, flag = by_id[record.id].ids, held.get(record.id)
            ids |= {"community_id": record.community_id} if record.community_id else {}
            ids |= {"finding_id": record.findings[0].id} if record.findings else {}
            ids |= {"flag_id": flag.id} if flag else {}
            ids |= {"review_id": flag.reviews[-1].id} if flag and flag.reviews else {}


def furnish(world: World, client: Any, maker: Maker) -> None:
    """Send through the API what is no record: passports, files with broken rows, surveys, idempotency keys."""
    with world.context.store.begin() as session:
        secrets = {each: keys.create(session, each, Role.CONTRIBUTOR, "crawl") for each in ORGANISATIONS}
    for organisation, secret in secrets.items():
        asks = _Asks(client, {"Authorization": f"Bearer {secret}"}, world, organisation)
        _passport(asks, maker)
        _file(asks, maker)
        _survey(asks, maker)
        _receipt(asks, maker)
    desk = _Asks(client, world.key(Audience.ADMIN), world, "desk")
    _appealed(world, client)
    _editions(desk)
    _hold(desk, maker)
    _let_in(desk)


def _appealed(world: World, client: Any) -> None:
    """Reject a flag that no other office sees, where any was planted, and appeal against that."""
    said = review.Decision(FlagStatus.REJECTED, "not_a_community")
    own = [
        one for one in world.canaries if (one.state, one.sensitivity, one.organisation) == ("flagged", "closed", OWN)
    ]
    for flagged in own[:1]:
        flag_id = flagged.ids["flag_id"]
        review.decide(world.context, flag_id, said, world.callers[0])
        asks = _Asks(client, world.key(Audience.OWN), world, OWN)
        asks.send("POST", f"/v1/flags/{flag_id}/appeals", json={"grounds": "People live there."})


def _editions(desk: _Asks) -> None:
    """Freeze a report that everybody may read, and one that only those inside may."""
    for public in (True, False):
        made = desk.send("POST", "/v1/gap-reports", json={"country": "KEN", "public": public})
        desk.world.editions.append(made.json()["id"])


@dataclass(frozen=True)
class _Asks:
    client: Any
    headers: dict[str, str]
    world: World
    organisation: str

    def secret(self, name: str, word: str) -> str:
        """Note what concerns this organisation alone."""
        self.world.secrets.append(Secret(self.organisation, name, word))
        return word

    def send(self, method: str, path: str, **options: Any) -> Any:
        headers = self.headers | options.pop("headers", {})
        answer = self.client.request(method, path, headers=headers, **options)
        assert answer.status_code < 300, answer.text
        return answer


def _passport(asks: _Asks, maker: Maker) -> None:
    name = f"roster of {asks.organisation}"
    body = {
        "title": "Household roster",
        "organisation": {"contact": f"{asks.secret('contact', maker.word())}@example.org"},
        "reference": {"start": "2025"},
        "method": {"code": "full_enumeration"},
        "ethics": {"consent_basis": "spoken consent of each household"},
    }
    asks.send("PUT", f"/v1/collections/{name}/passport", json=body)
    asks.world.collections[name] = asks.organisation


def _file(asks: _Asks, maker: Maker) -> None:
    words = {name: asks.secret(name, maker.word()) for name in ("file", "file column", "broken cell", "file record")}
    rows = (
        f"id,name,country,latitude,longitude,population,{words['file column']}",
        f"k1,{words['broken cell']},Kenya,95.5,35.0,120,x",
        f"k2,{words['file record']},Kenya,0.7713,37.5517,90,y",
    )
    headers = {"Content-Type": "text/csv", "Content-Disposition": f'attachment; filename="{words["file"]}.csv"'}
    collection = asks.secret("file collection", maker.word())
    path = f"/v1/collections/{collection}/imports"
    answer = asks.send("POST", path, content="\n".join(rows).encode(), headers=headers)
    import_id = answer.json()["id"]
    asks.secret("import", import_id)
    (asks.world.own_imports if asks.organisation == OWN else asks.world.imports).append(import_id)
    profile = {"name": asks.secret("profile", maker.word()), "headers": [asks.secret("header", maker.word()), "name"]}
    asks.send("PUT", f"/v1/collections/{collection}/mapping", json=profile)


def _survey(asks: _Asks, maker: Maker) -> None:
    name = f"survey of {asks.organisation}"
    given = {"country": "KEN", "consent": "internal", "groups": [asks.secret("word of a respondent", maker.word())]}
    given |= {"province": asks.secret("province of a respondent", maker.word()), "age": "20-40"}
    asks.send("POST", f"/v1/collections/{name}/responses", json=[given])
    asks.world.surveys[name] = asks.organisation


def _receipt(asks: _Asks, maker: Maker) -> None:
    word = asks.secret("receipt", maker.word())
    body = {"name": word, "country": "KEN", "pcode": "KE047"}
    asks.send("POST", "/v1/records", json=body, headers={"Idempotency-Key": f"key-of-{asks.organisation}"})


def _hold(asks: _Asks, maker: Maker) -> None:
    """Hold a country in which nothing was planted, for a reason that admins alone read."""
    body = {"country": "TUV", "reason": asks.secret("reason of a hold", maker.word())}
    answer = asks.send("POST", "/v1/holds", json=body)
    asks.world.holds.append(asks.secret("hold", answer.json()["id"]))


def _let_in(asks: _Asks) -> None:
    """Make what can be taken back: a key, invitations, a limit."""
    body = {"role": "contributor", "label": "desk", "organisation": "epsilon-group"}
    made = [asks.send("POST", "/v1/invitations", json=body).json() for _ in range(3)]
    headers = {"Authorization": f"Bearer {made[0]['token']}"}
    asks.world.spare_keys.append(asks.send("POST", "/v1/invitations/accept", headers=headers).json()["id"])
    asks.world.token = made[1]["token"]
    asks.world.invitations.append(made[2]["id"])
    for who in (Audience.OWN, Audience.OWN, Audience.ADMIN):
        key = asks.world.key(who)
        hook = asks.send("POST", "/v1/webhooks", json={"url": NOBODY_LISTENS}, headers=key).json()
        ping = asks.send("POST", f"/v1/webhooks/{hook['id']}/ping", headers=key).json()
        asks.world.webhooks.append((hook["id"], ping["id"]))
    limit = {"collection": "nothing yet", "sensitivity": "closed", "reason_code": "asked"}
    asks.world.limits.append(asks.send("POST", "/v1/limits", json=limit).json()["id"])


@contextmanager
def waiting_file(world: World, client: Any) -> Iterator[None]:
    """Send a file that waits, because another process seems to be at work meanwhile, so that it can be stopped."""
    with turn(world.context, OWN):
        asks = _Asks(client, world.key(Audience.OWN), world, OWN)
        _wait(world, asks)
        yield


def _wait(world: World, asks: _Asks) -> None:
    body = b"id,name,country,latitude,longitude\nw1,Kwanza,Kenya,0.7,37.5\n"
    headers = {"Content-Type": "text/csv"}
    answer = asks.send("POST", "/v1/collections/waiting/imports?name=w.csv", content=body, headers=headers)
    world.own_imports.append(answer.json()["id"])
    asks.secret("import", answer.json()["id"])
