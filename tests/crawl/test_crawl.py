"""The canary crawl: whatever the service serves, to whomever, holds nothing of a record that they may not see."""

from __future__ import annotations

from itertools import product

from tests.crawl.canaries import CLASSES, Maker, some
from tests.crawl.ground import ASKING, SPENT, crawl_of, named_in, pages_of, planted
from tests.crawl.oracle import Audience

#: One of each kind, the one who sees least first: nobody, another country's office, this country's, an office of none,
#: the own organisation, and who may do everything.
TOLD_APART = (
    Audience.ANONYMOUS,
    Audience.ELSEWHERE,
    Audience.READER,
    Audience.REVIEWER,
    Audience.OWN,
    Audience.ADMIN,
)


#: Of all identifiers, asked of one operation by one audience.
MOST = 24


def crawled(context, canaries, maker, *, breadth, asking=ASKING):
    """Return what a crawl of everything came to."""
    with planted(context, canaries, maker) as (client, world):
        document = client.app.openapi()
        crawl = crawl_of(client, world, breadth, most=MOST, asking=asking)
        return crawl.walk(document, pages_of(client.app, document, named_in(world)))


def check(told):
    """Hold what a crawl came to against what it should."""
    assert told.unfillable == []
    assert [str(leak) for leak in told.leaks] == []
    assert told.failures == []
    assert set(told.unanswered) <= SPENT, told.unanswered


def test_nothing_tells_anybody_what_they_may_not_see(listed):
    """Every operation, page, format and audience, with planted records: no leak, and no operation unseen."""
    maker = Maker()
    check(crawled(listed, some(maker), maker, breadth=3))


def test_nothing_does_on_postgresql_either(postgres_listed):
    """The same with fewer records, on the other database, asked by those whom queries tell apart in every way."""
    maker = Maker()
    states = ("published", "flagged", "quarantined")
    canaries = [maker.canary(*one, "public_masked", state) for state in states for one in product(CLASSES)]
    check(crawled(postgres_listed, canaries, maker, breadth=1, asking=TOLD_APART))
