"""Submissions of ODK Central: pages, repeats, deletions; sessions and their secrets show nowhere."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from connectors.client import Client
from connectors.errors import AccessRefused, ConnectorError, RequestRefused, SourceChanged, SourceUnavailable
from connectors.odk import OdkPuller
from geodata.files.columns import read_places
from geodata.forms.standing import standing
from geodata.forms.submissions import as_submissions

RECORDED = Path(__file__).parents[4] / "shared" / "data" / "recorded" / "odk" / "odata_submissions.json"
PLACE = {"url": "https://odk.example.org", "project": "7", "form": "villages"}
USER = {"email": "desk@example.org", "password": "planted-password"}
GIVEN = {"token": "given-token"}
WHERE = "/v1/projects/7/forms/villages.svc/Submissions"


def submission(number, **system):
    """Return a submission as OData gives it."""
    said = {"submissionDate": f"2026-03-0{number}T10:00:00.000Z", "updatedAt": None, "deletedAt": None, **system}
    return {"__id": f"uuid:{number}", "__system": said, "name": f"Village {number}"}


class Server:
    """A server with sessions, pages of two, and deletions that are told when they are asked for."""

    def __init__(self, rows, deleted=(), *, knows_deletions=True):
        """Hold submissions, and those that were deleted."""
        self.rows, self.deleted, self.knows_deletions = list(rows), list(deleted), knows_deletions
        self.asked = []

    def __call__(self, request):
        """Answer one page, or open a session."""
        self.asked.append(request)
        if request.url.path == "/v1/sessions":
            good = json.loads(request.content) == USER
            refused = httpx.Response(401, json={"message": "no", "code": 401.2})
            return httpx.Response(200, json={"token": "session-token", "expiresAt": "2026-12-01"}) if good else refused
        if request.headers.get("authorization") not in {"Bearer session-token", "Bearer given-token"}:
            return httpx.Response(401, json={"message": "no", "code": 401.2})
        query = request.url.params
        about_deleted = "deletedAt" in query.get("$filter", "")
        if about_deleted and not self.knows_deletions:
            return httpx.Response(501, json={"message": "The given OData filter expression uses a feature"})
        rows = self.deleted if about_deleted else self.rows
        start = int(query.get("$skiptoken", 0))
        page = {"value": rows[start : start + 2], "@odata.count": len(rows)}
        if start + 2 < len(rows):
            page["@odata.nextLink"] = str(request.url.copy_set_param("$skiptoken", start + 2))
        return httpx.Response(200, json=page)


def pull(answer, since=None, **changed):
    """Pull from a server of one function."""
    with Client(transport=httpx.MockTransport(answer)) as client:
        return OdkPuller().pull(client, PLACE | USER | changed, since)


def test_every_page_is_read_with_a_session_and_repeats_in_place():
    """Login, three pages of two at most, `$expand=*`; no secret stands in an address."""
    server = Server([submission(number) for number in range(1, 6)])
    pulled = pull(server)
    assert [one["__id"] for one in pulled.submissions] == [f"uuid:{number}" for number in range(1, 6)]
    assert pulled.cursor == "2026-03-05T10:00:00+00:00"
    assert [request.url.path for request in server.asked] == ["/v1/sessions", *[WHERE] * 3]
    assert server.asked[1].url.params["$expand"] == "*"
    assert "$filter" not in server.asked[1].url.params
    for secret in (*USER.values(), "session-token"):
        assert not any(secret in str(request.url) for request in server.asked)


def test_since_a_cursor_what_came_changed_or_was_deleted_is_asked_for():
    """The filter names submission and update; deletions are a question of their own, and the later news."""
    server = Server([submission(4), submission(5)], [submission(5, deletedAt="2026-03-06T08:00:00.000Z")])
    pulled = pull(server, since="2026-03-04T10:00:00+00:00", **GIVEN)
    first, *_, last = server.asked
    at = "2026-03-04T09:55:00.000Z"
    assert first.url.params["$filter"] == f"__system/submissionDate ge {at} or __system/updatedAt ge {at}"
    assert last.url.params["$filter"] == f"__system/deletedAt ge {at}"
    assert pulled.cursor == "2026-03-06T08:00:00+00:00"
    stands = standing(list(pulled.submissions))
    assert stands is not None
    assert stands.gone_ids == ["uuid:5"]


def test_an_older_server_that_does_not_know_deletions_says_so():
    """The pull is not refused for it; the note says what finds out."""
    pulled = pull(Server([submission(4)], knows_deletions=False), since="2026-03-04T10:00:00+00:00")
    assert len(pulled.submissions) == 1
    assert "--all" in pulled.notes[0]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda _: httpx.Response(401, json={"message": "no", "code": 401.2}), AccessRefused),
        (lambda _: httpx.Response(403, json={"message": "no", "code": 403.1}), AccessRefused),
        (lambda _: httpx.Response(404, json={"message": "no", "code": 404.1}), RequestRefused),
        (lambda _: httpx.Response(409, json={"message": "no", "code": 409.1}), RequestRefused),
        (lambda _: httpx.Response(429), SourceUnavailable),
        (lambda _: httpx.Response(503), SourceUnavailable),
        (lambda _: httpx.Response(200, json={"value": [submission(1)]}), SourceChanged),
        (lambda _: httpx.Response(200, json={"value": [submission(1)], "@odata.count": 2}), SourceUnavailable),
        (lambda _: httpx.Response(200, json={"value": [{"__id": "a"}], "@odata.count": 1}), SourceChanged),
        (lambda _: httpx.Response(200, content=b'{"value": [{"__id"'), SourceUnavailable),
    ],
)
def test_what_is_not_whole_or_not_data_brings_nothing(answer, expected):
    """Each failure is an error of its kind, with a hint and without the token."""
    with pytest.raises(expected) as raised:
        pull(answer, **GIVEN)
    assert raised.value.hint
    assert "given-token" not in str(raised.value)


@pytest.mark.parametrize(
    "changed",
    [{"password": "wrong"}, {"password": ""}, {"project": "x"}, {"form": ""}, {"url": "http://odk.example.org"}],
)
def test_a_wrong_user_or_address_is_refused_with_a_hint(changed):
    """Who may not see the form is told which settings to check."""
    with pytest.raises(ConnectorError) as raised:
        pull(Server([submission(1)]), **changed)
    assert raised.value.hint
    assert USER["password"] not in str(raised.value) + raised.value.hint


@pytest.mark.skipif(not RECORDED.is_file(), reason="recorded bodies are missing beside the checkout: shared/data")
def test_recorded_points_are_read_longitude_first_and_an_impossible_latitude_is_told():
    """Null and absent answers are alike, 152 degrees of latitude are nowhere, the other point is right (OD1)."""
    recorded = json.loads(RECORDED.read_bytes())
    pulled = pull(lambda _: httpx.Response(200, json=recorded | {"@odata.count": 3}), **GIVEN)
    stands = standing(list(pulled.submissions))
    assert stands is not None
    read = read_places(as_submissions(stands.table), mapping={"name": "community"})
    at = dict(zip(read.places.primary_names, zip(read.places.lat, read.places.lon, strict=True), strict=True))
    assert at["iriva"] == (40.322394, -77.9867385)
    assert [at[name][0] != at[name][0] for name in ("minura", "klanda")] == [True, True]
    assert any("152.0195872" in repr(problem) for problem in read.problems), read.problems
