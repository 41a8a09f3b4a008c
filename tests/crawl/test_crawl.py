"""The canary crawl: whatever the service serves, to whomever, holds nothing of a record that they may not see."""

from __future__ import annotations

from tests.crawl.canaries import Maker, some
from tests.crawl.ground import crawl_of, pages_of, planted


def test_nothing_tells_anybody_what_they_may_not_see(listed):
    """Every operation, page, format and audience, with planted records: no leak, and no operation unseen."""
    maker = Maker()
    with planted(listed, some(maker), maker) as (client, world):
        document = client.app.openapi()
        told = crawl_of(client, world).walk(document, pages_of(client.app, document))
    assert told.unfillable == []
    assert [str(leak) for leak in told.leaks] == []
    assert told.failures == []
    assert told.unanswered == []
