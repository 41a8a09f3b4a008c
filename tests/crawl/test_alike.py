"""What is hidden answers like what does not exist: byte for byte, whatever is asked about it and by whomever."""

from __future__ import annotations

from service.store.identifiers import new_id
from tests.crawl.canaries import CLASSES, Maker
from tests.crawl.comparing import bare
from tests.crawl.filling import Ask
from tests.crawl.ground import planted
from tests.crawl.oracle import Audience, may_read, may_see

OUTSIDERS = (Audience.ANONYMOUS, Audience.WRONG_KEY, Audience.STRANGER, Audience.REVIEWER)
STATES = ("pending", "quarantined", "taken_back", "flagged", "published")

REVIEW = {"decision": "confirmed", "reason_code": "field_visit"}
RELEASE = {"reason_code": "checked_with_sender"}
#: Every operation that takes an identifier of something, with the kind of identifier.
READS = (
    ("record_id", "/v1/records/{}"),
    ("flag_id", "/v1/flags/{}"),
    ("flag_id", "/v1/flags/{}/counts"),
    ("flag_id", "/v1/flags/{}/counts?f=svg"),
    ("finding_id", "/v1/findings/{}/certificate"),
    ("record_id", "/v1/records?cursor={}"),
    ("record_id", "/v1/records?cursor={}&limit=1"),
    ("flag_id", "/v1/flags?cursor={}"),
    ("import", "/v1/imports/{}"),
    ("import", "/v1/imports/{}/errors"),
    ("import", "/v1/imports/{}/errors?f=csv"),
    ("import", "/v1/imports?cursor={}"),
    ("collection", "/v1/collections/{}"),
    ("collection", "/v1/collections/{}?organisation=alpha-group"),
    ("collection", "/v1/collections/{}/mapping"),
    ("collection", "/v1/collections/{}/ungrouped"),
    ("collection", "/v1/surveys/alpha-group/{}/margins"),
)
WRITES = (
    ("record_id", "POST", "/v1/records/{}/release", RELEASE),
    ("record_id", "POST", "/v1/records/{}/release", {}),
    ("flag_id", "POST", "/v1/flags/{}/reviews", REVIEW),
    ("flag_id", "POST", "/v1/flags/{}/reviews", {**REVIEW, "decision": "published"}),
    ("flag_id", "POST", "/v1/flags/{}/reviews", {**REVIEW, "expected_version": 1}),
    ("flag_id", "POST", "/v1/flags/{}/reviews", {**REVIEW, "official_id": "V001", "decision": "matched_existing"}),
    ("import", "POST", "/v1/imports/{}/cancel", None),
    ("collection", "PUT", "/v1/collections/{}", {"country": "KEN"}),
    ("collection", "PUT", "/v1/collections/{}/mapping", {"headers": ["id", "name"]}),
)
METHODS = ("HEAD", "OPTIONS", "DELETE", "PATCH")


def hidden_from(world, audience):
    """Yield (kind, name) of everything of which this audience may not know that it exists."""
    for canary in world.canaries:
        if not may_see(audience, canary, "record_id"):
            yield from ((kind, name) for kind, name in canary.ids.items())
            yield "collection", canary.words["collection"]
    yield from (("import", name) for name in world.imports)
    for secret in world.secrets:
        if secret.field == "file collection" and not may_read(audience, secret):
            yield "collection", secret.word


def unknown_like(name):
    """Return a name of the same form that nothing bears."""
    return Maker().word() if name.startswith("zq") else new_id()


def asked(name, template, method="GET", body=None):
    """Return the request about one thing."""
    return Ask(method, template, template.format(name), body=body)


def asks():
    """Return (kind, method, template, body) of everything that is asked."""
    reads = [(kind, "GET", template, None) for kind, template in READS]
    others = [(kind, method, template, None) for kind, template in READS[:3] for method in METHODS]
    return [*reads, *others, *WRITES]


def check(listed, canaries, maker):
    """Compare what is answered about hidden things with what is answered about unknown ones; return how many."""
    with planted(listed, canaries, maker) as (client, world):

        def told(ask, audience, name, conditional):
            options = {} if ask.body is None else {"json": ask.body}
            answer = client.request(ask.method, ask.path, headers={**world.key(audience), **conditional}, **options)
            assert answer.status_code != 500
            return bare(answer, name)

        pairs = [
            (audience, other_way, ask, name)
            for ask in asks()
            for audience in OUTSIDERS
            for name in names_of(world, audience, ask[0])
            for other_way in ({}, {"If-None-Match": "*"})
        ]
        assert {audience for audience, *_ in pairs} == set(OUTSIDERS)
        for audience, headers, (_, method, template, body), name in pairs:
            other = unknown_like(name)
            one = told(asked(name, template, method, body), audience, name, headers)
            two = told(asked(other, template, method, body), audience, other, headers)
            assert one == two, (audience, method, template)
    return len(pairs)


def names_of(world, audience, kind):
    """Return the names of one kind of what is hidden from an audience."""
    return list(dict.fromkeys(name for its_kind, name in hidden_from(world, audience) if its_kind == kind))


def test_a_closed_record_is_answered_for_like_an_unknown_one(listed):
    """Status, headers and body are the same, for reading, deciding, releasing, stopping and paging, in every state."""
    maker = Maker()
    canaries = [maker.canary("closed", "public_exact", state) for state in STATES]
    assert check(listed, canaries, maker) > 500


def test_what_is_not_published_is_answered_for_like_an_unknown_one(listed_on_both):
    """To outsiders all that is open work does not exist, on both databases."""
    maker = Maker()
    canaries = [maker.canary(sensitivity, "public_exact", "confirmed") for sensitivity in CLASSES]
    assert check(listed_on_both, canaries, maker) > 200
