"""Keys of survey servers show nowhere, whatever the server repeats of them; nor does who collected what."""

from __future__ import annotations

import io
import logging
from traceback import format_exception
from urllib.parse import quote, quote_plus

import pytest
from structlog.testing import capture_logs

from connectors.errors import ConnectorError
from service.importing.description import describe
from service.importing.plan import Usual


def shown(text, planted):
    """Return the forms of the planted key that can be read in a text."""
    forms = {planted, quote(planted, safe=""), quote_plus(planted), planted[:12]}
    return [form for form in forms if form in text]


@pytest.mark.parametrize("tool", ["kobo", "odk"])
@pytest.mark.parametrize(
    "trouble",
    [
        None,
        (400, b"bad request: ECHO"),
        (401, b'{"detail": "ECHO"}'),
        (200, b"<title>ECHO</title>"),
        (200, b'{"error": "ECHO"}'),
        (200, b'{"count": 1, "results": [{"_id": "ECHO"}], "value": [{"__id": "ECHO"}], "@odata.count": 1}'),
        (500, b"ECHO"),
    ],
)
def test_a_server_that_repeats_the_key_is_not_repeated(sqlite_pulling, tool, trouble):
    """Not in results, errors, tracebacks, log lines, the database or any file of the installation."""
    one = sqlite_pulling
    describe(one.context, "live", Usual(country="KEN"), one.caller)
    one.server.rows = [one.kobo(1, "Lindi", 0.518) if tool == "kobo" else one.odk(1, "Lindi", 0.518)]
    one.server.trouble = trouble
    written = io.StringIO()
    handler, before = logging.StreamHandler(written), logging.root.level
    logging.root.addHandler(handler)
    logging.root.setLevel(logging.DEBUG)
    try:
        with capture_logs() as events:
            try:
                told = repr(one.pull(tool))
            except ConnectorError as error:
                told = "".join(format_exception(error)) + repr(error) + error.hint
    finally:
        logging.root.removeHandler(handler)
        logging.root.setLevel(before)
    assert one.server.asked
    told += repr(events) + written.getvalue() + repr(one.context.settings)
    files = [path for path in one.context.settings.data_dir.rglob("*") if path.is_file()]
    assert shown(told, one.planted) == []
    assert [path for path in files if shown(path.read_bytes().decode("latin-1"), one.planted)] == []
    kept = "".join(path.read_bytes().decode("latin-1") for path in files)
    assert "collector_a" not in kept
