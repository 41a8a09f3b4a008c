"""Health over HTTP, and what the outermost layer does for every request."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import structlog
from starlette.testclient import TestClient

from service.app import create_app
from service.configuration.settings import Settings
from service.errors import BUSY, Problem
from service.running import logs


@pytest.fixture
def logged():
    """Write logs as JSON for one test."""
    logs.configure("info", as_json=True)
    yield
    structlog.reset_defaults()


def test_alive_and_ready(api):
    """A working service is alive and ready, and says with how many lists."""
    assert api.get("/healthz").json() == {"status": "ok"}
    assert api.get("/readyz").json() == {
        "status": "ready",
        "checks": {
            "process": "serving",
            "database": "reachable",
            "migrations": "current",
            "writing": "possible",
            "lists": "1 loaded",
            "disk": "enough room",
        },
    }


def test_not_ready_without_its_database(sqlite_api, monkeypatch):
    """When the database is gone the service is alive but not ready, and does not say where the database is."""
    monkeypatch.setattr("service.health.readiness.require_current", _gone)
    answer = sqlite_api.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (503, "not-ready")
    assert answer.json()["checks"]["database"] == "failed"
    assert "secret-host" not in answer.text
    assert sqlite_api.get("/healthz").status_code == 200


def _gone(_store):
    message = "no route to secret-host"
    raise OSError(message)


def test_not_ready_while_it_is_being_stopped(sqlite_api):
    """From the first signal on it says that it is not ready, and still answers everything else."""
    sqlite_api.client.app.state.stopping.begin()
    answer = sqlite_api.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["process"]) == (503, "being stopped")
    assert sqlite_api.get("/v1/sources").status_code == 200


def test_not_ready_for_a_database_of_another_version(sqlite_api, monkeypatch):
    """A database that was not migrated is told apart from one that does not answer."""
    monkeypatch.setattr("service.store.migrate.head", lambda: "9999")
    answer = sqlite_api.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "of another version")


def test_reading_only_while_the_disk_is_nearly_full(sqlite_api, monkeypatch):
    """A disk on which the last room is held back for records takes nothing from readers: they are sent here still."""
    monkeypatch.setattr("service.running.disk.free", lambda _folder: 99_000_000)
    answer = sqlite_api.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "reading only")
    assert answer.json()["checks"]["disk"] == "nearly full"


def test_a_request_keeps_its_id(sqlite_api):
    """A sensible request id is kept through the answer, another one is replaced."""
    assert sqlite_api.get("/healthz", headers={"X-Request-ID": "abc-12345"}).headers["X-Request-ID"] == "abc-12345"
    replaced = sqlite_api.get("/v1/nowhere", headers={"X-Request-ID": "a b"})
    assert len(replaced.headers["X-Request-ID"]) == 16
    assert replaced.json()["request_id"] == replaced.headers["X-Request-ID"]


@pytest.mark.usefixtures("logged")
def test_a_mistake_of_ours_is_told_without_details(sqlite_api, monkeypatch, capsys):
    """An unforeseen failure is a problem with the request id; the log names the code, not the data."""
    monkeypatch.setattr("service.store.sources.all", _failing)
    answer = sqlite_api.get("/v1/sources?", headers={"X-Request-ID": "request-77"})
    assert (answer.status_code, answer.json()["code"], answer.json()["request_id"]) == (500, "internal", "request-77")
    assert "Bondeni" not in answer.text
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (failed,) = [line for line in lines if line["event"] == "failed"]
    assert (failed["error"], failed["request_id"]) == ("ZeroDivisionError", "request-77")
    assert "Bondeni" not in str(lines)


def _failing(_session):
    message = "a row with Bondeni at 0.536"
    raise ZeroDivisionError(message)


@pytest.mark.usefixtures("logged")
def test_log_lines_carry_no_place_name_query_or_key(sqlite_api, capsys):
    """What was asked and sent stays out of the log: only the route, the status and the time are written."""
    sqlite_api.post("/v1/records", sqlite_api.absent)
    sqlite_api.get("/v1/places?name=Bondeni&near=0.536,35.0")
    sqlite_api.post("/v1/records", {**sqlite_api.absent, "country": "Bondeniland"})
    written = capsys.readouterr().err
    assert written.count('"event": "request"') == 3
    assert '"route": "/v1/records"' in written
    secrets = ("Bondeni", "0.536", "near=", *sqlite_api.keys.values())
    assert [secret for secret in secrets if secret in written] == []


def test_answers_are_compressed_and_safe(sqlite_api):
    """Long answers are compressed when the reader can, and every answer forbids sniffing, framing and scripts."""
    answer = sqlite_api.get("/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    for path in ("/", "/v1/flags", "/healthz", "/static/uncounted.css"):
        headers = sqlite_api.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "script-src" not in headers["Content-Security-Policy"]
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(("origins", "allowed"), [((), None), (("https://map.example",), "https://map.example")])
def test_browsers_of_other_sites_read_only_where_allowed(sqlite_context, tmp_path, origins, allowed):
    """A dashboard elsewhere reads flags when its origin is in the settings, and not otherwise."""
    settings = Settings(data_dir=tmp_path, cors_origins=origins, _env_file=None)
    with TestClient(create_app(replace(sqlite_context, settings=settings))) as client:
        answer = client.get("/v1/flags", headers={"Origin": "https://map.example"})
    assert answer.headers.get("Access-Control-Allow-Origin") == allowed


@pytest.mark.usefixtures("logged")
def test_a_failure_of_the_database_is_logged_by_type(sqlite_api, monkeypatch, capsys):
    """A problem that is ours is told to the caller and logged with the exception behind it, not with its message."""
    monkeypatch.setattr("service.store.sources.all", _refusing)
    answer = sqlite_api.get("/v1/sources")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    (failed,) = [line for line in map(json.loads, capsys.readouterr().err.splitlines()) if line["event"] == "failed"]
    assert failed["error"] == "OSError"
    assert "Bondeni" not in str(failed)


def _refusing(_session):
    message = "no place for Bondeni"
    detail = "The database did not answer."
    raise Problem(BUSY, detail) from OSError(message)


def test_not_ready_while_a_list_is_loaded(sqlite_api):
    """A long list takes its time to be read; until then the answer is 503, at once, and requests are sent elsewhere."""
    with sqlite_api.context.lists._lock:
        answer = sqlite_api.get("/readyz")
    assert (answer.status_code, answer.json()["code"], answer.json()["checks"]["lists"]) == (
        503,
        "not-ready",
        "loading",
    )
    assert sqlite_api.get("/readyz").status_code == 200
