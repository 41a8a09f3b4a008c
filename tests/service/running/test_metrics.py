"""Metrics name nobody, and add up over processes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from service.health.vitals import Pulse, VitalSigns
from service.running import metrics


def test_no_metric_bears_a_label_that_could_name_anybody(context):
    """Every label of every metric is on the short list of labels, whatever has been counted so far."""
    metrics.request_answered("/v1/records/{record_id}", "GET", 404, 0.01)
    found = [*metrics.REGISTRY.collect(), *VitalSigns(context).collect()]
    labels = {label for one in found for sample in one.samples for label in sample.labels}
    assert len(found) > 15
    assert {"route", "state"} <= labels
    assert labels <= metrics.LABELS


@pytest.mark.parametrize(("status", "said"), [(200, "2xx"), (404, "4xx"), (None, "5xx")])
def test_a_request_is_counted_by_the_class_of_its_status(status, said):
    """An answer that never began counts as a mistake of ours."""
    route = f"/test/{said}"
    metrics.request_answered(route, "GET", status, 0.02)
    line = f'uncounted_request_seconds_count{{method="GET",route="{route}",status="{said}"}} 1.0'
    assert line in metrics.exposition().decode()


def test_a_database_that_does_not_answer_is_told(sqlite_context, monkeypatch):
    """The rest is still told: an operator needs it most then."""
    broken = type(sqlite_context.store)("sqlite:////nonexistent/folder/none.sqlite")
    monkeypatch.setattr(type(sqlite_context.store), "read", broken.read)
    told = metrics.exposition([VitalSigns(sqlite_context)]).decode()
    assert "uncounted_database_up 0.0" in told
    assert "uncounted_disk_free_bytes" in told
    assert "uncounted_records_pending" not in told


def test_a_pulse_tells_memory_and_files(sqlite_context):
    """A process writes down what it holds when it begins."""
    pulse = Pulse(sqlite_context, every_s=0.01)
    pulse.start()
    pulse.end()
    pulse.thread.join(5)
    assert metrics.RESIDENT._value.get() > 10_000_000
    assert metrics.OPEN_FILES._value.get() > 3


COUNTING = """
from service.running import metrics
metrics.POSTS_TOGETHER.observe(2)
metrics.UNDER_WAY.inc()
"""

ADDING = """
import os
from service.running import metrics
print(metrics.exposition().decode())
"""


def test_processes_that_share_a_folder_are_added_up(tmp_path):
    """Two processes count; a third one tells the sum."""
    said = ""
    for script in (COUNTING, COUNTING, ADDING):
        environment = os.environ | {metrics.FOLDER_VARIABLE: str(tmp_path)}
        done = subprocess.run(  # noqa: S603 - our own interpreter and script
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True, timeout=60
        )
        said = done.stdout
    assert "uncounted_posts_together_count 2.0" in said
    assert "uncounted_posts_together_sum 4.0" in said
