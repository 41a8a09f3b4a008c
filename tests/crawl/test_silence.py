"""Hidden records change nothing: whoever may not see them gets, word for word, what they got before there were any.

No search for planted words can be as strict: totals, pages, cursors, order and pictures are all compared.
"""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.callers.caller import Role
from service.context import open_context
from service.store import keys
from tests.crawl.canaries import Maker
from tests.crawl.comparing import nameless, timeless
from tests.crawl.filling import operations
from tests.crawl.ground import crawl_of, pages_of, planted, settings_of
from tests.crawl.lists import publish
from tests.crawl.oracle import Audience
from tests.crawl.planting import plant

#: Enough of each that a total which may be told from ten on would be told.
MANY = 12
HIDDEN = {
    Audience.REVIEWER: [("closed", "public_exact", state) for state in ("published", "flagged", "pending")],
    Audience.STRANGER: [
        ("closed", "public_exact", "published"),
        ("restricted", "public_masked", "published"),
        ("open", "internal", "published"),
        ("open", "reviewers", "published"),
        ("open", "internal", "confirmed"),
        ("open", "partners", "quarantined"),
        ("closed", "public_exact", "pending"),
    ],
}
HIDDEN[Audience.ANONYMOUS] = HIDDEN[Audience.STRANGER]


def questions(client, world):
    """Return (address, query, headers) of every operation and page that reads, but the numbers of operators."""
    document = client.app.openapi()
    crawl = crawl_of(client, world, breadth=2)
    reads = [ask for one in operations(document) if one.method == "GET" for ask in crawl.filler.asks(one)]
    pages = [(page, (), ()) for page in pages_of(client.app, document)]
    asked = [(ask.path, ask.query, ask.headers) for ask in reads] + pages
    return [one for one in asked if one[0] != "/metrics"]


def answers(client, asked, key):
    """Return what is answered to all that is asked."""
    client.app.state.overviews.__init__()  # the first page keeps what it read for some seconds
    return {
        (path, query, headers): timeless(client.get(path, params=list(query), headers=key | dict(headers)))
        for path, query, headers in asked
    }


@pytest.mark.parametrize("audience", list(HIDDEN))
def test_further_hidden_records_change_no_answer(listed, audience):
    """Lists, reports, totals, summaries, pages and pictures are what they were before a dozen of each kind came."""
    maker = Maker()
    shown = [maker.canary("open", "public_masked", "published") for _ in range(3)]
    with planted(listed, shown, maker) as (client, world):
        asked, key = questions(client, world), world.key(audience)
        before = answers(client, asked, key)
        plant(world, [maker.canary(*one) for one in HIDDEN[audience] for _ in range(MANY)])
        after = answers(client, asked, key)
    assert len(before) > 200
    assert [asked for asked, told in before.items() if after[asked] != told] == []


@pytest.mark.parametrize("sent_again", [False, True])
def test_a_record_at_a_hidden_place_is_answered_as_if_it_stood_alone(sqlite_databases, tmp_path, sent_again):
    """Sending a guess, under the same name, place, count and own id, tells nothing of a closed record that is there."""
    told = []
    for there in (False, True):
        maker = Maker()
        hidden = maker.canary("closed", "public_exact", "published")
        directory = tmp_path / str(there)
        directory.mkdir()
        settings = settings_of(directory, sqlite_databases.fresh(directory))
        context = open_context(settings)
        publish(context)
        if there:
            with planted(context, [hidden], maker):
                pass
            context = open_context(settings)
        told.append(guessed(context, hidden, sent_again=sent_again))
    assert told[0] == told[1]


def guessed(context, hidden, *, sent_again):
    """Return what a stranger is answered who sends what a hidden record says, and reads it back."""
    body = {**hidden.body(), "sensitivity": "open"}
    with TestClient(create_app(context)) as client:
        with context.store.begin() as session:
            secret = keys.create(session, "gamma-group", Role.CONTRIBUTOR, "crawl")
        headers = {"Authorization": f"Bearer {secret}"}
        sent = [client.post("/v1/records", json=body, headers=headers)]
        if sent_again:
            sent.append(client.post("/v1/records", json={**body, "kind": "hamlet"}, headers=headers))
        record, flag = (sent[-1].json()[name] for name in ("id", "flag_id"))
        paths = (f"/v1/records/{record}", f"/v1/flags/{flag}", f"/v1/flags/{flag}/counts", "/v1/flags", "/v1/records")
        return [nameless(one) for one in (*sent, *(client.get(path, headers=headers) for path in paths))]


def test_records_closed_by_their_groups_change_no_total(listed):
    """Of a record without a flag that only its groups make closed, a reviewer's report does not count the verdict."""
    maker = Maker()
    hidden = [maker.canary("open", "public_exact", "pending") for _ in range(2)]
    for one in hidden:
        one.words["group"] = "LGBTQI+ people"
    with planted(listed, [maker.canary("open", "public_masked", "published")], maker) as (client, world):
        key = world.key(Audience.REVIEWER)
        before = timeless(client.get("/v1/gap-reports", headers=key))
        plant(world, hidden)
        assert client.get(f"/v1/records/{hidden[0].ids['record_id']}", headers=key).status_code == 404
        assert timeless(client.get("/v1/gap-reports", headers=key)) == before
