"""Where the chain ends stands in the log once a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from structlog.testing import capture_logs

from service.auditing.heads import Heads
from service.running import logs
from service.store import events


def test_the_head_is_logged_once_a_day(store):
    """Number and link, which the log lets through, and the next day again."""
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with store.begin() as session:
        events.add(session, [events.Event("key.created", "k", noon)])
    heads = Heads(store)
    with capture_logs() as lines:
        for hours in (0, 1, 11, 12, 13):
            heads.tell(noon + timedelta(hours=hours))
    assert [(line["event"], line["count"], len(line["link"])) for line in lines] == [("audit.head", 1, 64)] * 2
    line = {name: said for name, said in lines[0].items() if name != "log_level"}  # of capturing alone
    assert "withheld" not in logs.without_personal_data(None, "info", line)
