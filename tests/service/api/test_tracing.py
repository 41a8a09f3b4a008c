"""Spans: sent only where somebody asked, with nothing in them that a log line may not say."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from service.running import tracing
from service.running.logs import ALLOWED


@pytest.fixture
def exported():
    """Begin to send spans to memory, and end with the test."""
    exporter = InMemorySpanExporter()
    tracing.start(exporter)
    tracing._provider.add_span_processor(SimpleSpanProcessor(exporter))
    yield exporter
    tracing.stop()


def test_nothing_is_sent_where_nobody_asked():
    """A step is worked on as if nothing stood around it."""
    with tracing.span("step", records=1) as told:
        tracing.add(count=2)
    assert told is None


def test_a_span_bears_what_a_log_line_may(exported):
    """A member that is not on the list is left out."""
    with tracing.span("step", records=3, name="Kibera"):
        tracing.add(count=2, lat=-1.31)
    span = exported.get_finished_spans()[0]
    assert dict(span.attributes) == {"uncounted.records": 3, "uncounted.count": 2}


def test_a_failure_is_told_by_its_type(exported):
    """What an exception says could be a row with its name and place."""
    with pytest.raises(ValueError, match="Kibera"), tracing.span("step"):
        float("no such place: Kibera")
    span = exported.get_finished_spans()[0]
    assert (span.status.description, span.events) == ("ValueError", ())


def test_a_posted_record_leaves_spans_without_its_words(exported, api):
    """From the request to the transaction each step is there; none says anything of the record."""
    record = {"names": [{"text": "Zyxwvale Canary"}], "country": "KEN", "location": {"lat": 0.51234, "lon": 35.04321}}
    api.post("/v1/records", record)
    api.client.get("/v1/flags?q=Zyxwvale", headers=api.key("admin"))
    tracing._provider.force_flush()
    spans = exported.get_finished_spans()
    assert {"request", "posts.kept", "database.read", "database.write"} <= {span.name for span in spans}
    members = {name.removeprefix("uncounted.") for span in spans for name in span.attributes}
    assert members <= ALLOWED
    assert "Zyxwvale" not in " ".join(span.to_json() for span in spans)
