"""Submissions of KoboToolbox: every page, or nothing; the key goes to the named server and shows nowhere."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from connectors.client import Client
from connectors.errors import AccessRefused, ConnectorError, RequestRefused, SourceChanged, SourceUnavailable
from connectors.kobo import KoboPuller
from geodata.forms.standing import standing
from geodata.forms.submissions import as_submissions

RECORDED = Path(__file__).parents[4] / "shared" / "data" / "recorded" / "kobo"
REQUEST = {"url": "https://kf.kobotoolbox.org/", "form": "aMtFRKYSnTMYBVqsR4aYLp", "token": "planted-secret-of-nobody"}


def submission(number, **more):
    """Return a submission as the API gives it."""
    return {"_id": number, "_uuid": f"u{number}", "_submission_time": f"2026-03-0{number}T10:00:00", **more}


class Server:
    """Answers pages of at most `page` submissions, whatever limit is asked for."""

    def __init__(self, rows, page=2, host="https://kf.kobotoolbox.org"):
        """Hold submissions."""
        self.rows, self.page, self.host = rows, page, host
        self.asked = []

    def __call__(self, request):
        """Answer one page."""
        self.asked.append(request)
        query = dict(request.url.params)
        start = int(query.get("start", 0))
        end = start + min(self.page, int(query["limit"]))
        following = httpx.URL(f"{self.host}{request.url.path}", params={**query, "limit": self.page, "start": end})
        more = str(following) if end < len(self.rows) else None
        return httpx.Response(200, json={"count": len(self.rows), "next": more, "results": self.rows[start:end]})


def pull(answer, since=None, **changed):
    """Pull from a server of one function."""
    with Client(transport=httpx.MockTransport(answer)) as client:
        return KoboPuller().pull(client, REQUEST | changed, since)


def test_next_is_followed_although_the_limit_is_clamped_in_silence():
    """Five submissions in pages of two are five; the key stands in the header alone (KO1)."""
    server = Server([submission(number) for number in range(1, 6)])
    pulled = pull(server)
    assert [one["_id"] for one in pulled.submissions] == [1, 2, 3, 4, 5]
    assert pulled.cursor == "2026-03-05T10:00:00+00:00"
    assert [request.url.params["limit"] for request in server.asked] == ["1000", "2", "2"]
    assert {request.headers["authorization"] for request in server.asked} == {f"Token {REQUEST['token']}"}
    assert all(REQUEST["token"] not in str(request.url) for request in server.asked)


def test_a_next_page_elsewhere_is_asked_of_the_named_server():
    """Whatever host `next` names, the key goes to the one that was named, over https."""
    server = Server([submission(number) for number in range(1, 6)], host="http://evil.example.org")
    assert len(pull(server).submissions) == 5
    assert {(request.url.scheme, request.url.host) for request in server.asked} == {("https", "kf.kobotoolbox.org")}


def test_since_a_cursor_a_little_before_it_is_asked_for():
    """What came in the minutes before is asked for again: it may have been finished later."""
    server = Server([submission(5)])
    assert pull(server, since="2026-03-05T10:00:00+00:00").cursor == "2026-03-05T10:00:00+00:00"
    assert json.loads(server.asked[0].url.params["query"]) == {"_submission_time": {"$gte": "2026-03-05T09:55:00"}}
    assert server.asked[0].url.params["sort"] == '{"_id":1}'


def test_a_time_in_the_future_does_not_stop_later_pulls():
    """A submission of the year 9999 does not carry the cursor there."""
    cursor = pull(Server([submission(1, _submission_time="9999-01-01T00:00:00")])).cursor
    assert cursor is not None
    assert cursor < "9999"


def document(**changed):
    """Return a function that answers one page, changed."""
    page = {"count": 1, "next": None, "results": [submission(1)]}
    return lambda _: httpx.Response(200, json=page | changed)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (document(count=2), SourceUnavailable),
        (document(next="https://kf.kobotoolbox.org/?start=1"), SourceChanged),
        (document(results=None), SourceChanged),
        (document(results=[{"_uuid": "a"}]), SourceChanged),
        (document(results=[submission(1, _submission_time="yesterday")]), SourceChanged),
        (document(results=[{"_id": 1, "_uuid": "a"}]), SourceChanged),
        (document(count="many"), SourceChanged),
        (document(next=5), SourceChanged),
        (lambda _: httpx.Response(200, content=b'{"count": 3, "resul'), SourceUnavailable),
        (lambda _: httpx.Response(200, json=[submission(1)]), SourceChanged),
        (lambda _: httpx.Response(200, html="<h1>Log in</h1>"), SourceChanged),
        (lambda _: httpx.Response(401, json={"detail": "Invalid token."}), AccessRefused),
        (lambda _: httpx.Response(404, json={"detail": "Not found."}), RequestRefused),
        (lambda _: httpx.Response(302, headers={"Location": "https://evil.example.org/"}), RequestRefused),
        (lambda _: httpx.Response(429), SourceUnavailable),
        (lambda _: httpx.Response(503), SourceUnavailable),
    ],
)
def test_what_is_not_whole_or_not_data_brings_nothing_and_says_why(answer, expected):
    """Missing rows, circles, pages of HTML, refusals: an error of its kind with a hint, and never a part."""
    with pytest.raises(expected) as raised:
        pull(answer)
    assert raised.value.hint


def test_everything_must_not_change_while_it_is_read():
    """A form that grew between two pages is read for what is new, and not compared with what is kept."""
    counts = iter((1, 2) * 2)

    def growing(request):
        number = 2 if "start" in request.url.params else 1
        more = "https://kf.kobotoolbox.org/?start=1&limit=1" if number == 1 else None
        return httpx.Response(200, json={"count": next(counts), "next": more, "results": [submission(number)]})

    with pytest.raises(SourceUnavailable, match="at first 1"):
        pull(growing)
    assert len(pull(growing, since="2026-03-01T00:00:00+00:00").submissions) == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"url": "http://kf.kobotoolbox.org"},
        {"url": "kf.kobotoolbox.org"},
        {"url": "https://user:pass@kf.kobotoolbox.org"},
        {"url": "https://kf.kobotoolbox.org/?token=x"},
        {"url": "https://[::1"},
        {"url": ""},
        {"form": ""},
        {"token": ""},
    ],
)
def test_an_address_that_would_give_the_key_away_is_refused(changed):
    """Nothing is asked where the address is none, holds a key, or would show it on the way."""
    with pytest.raises(ConnectorError) as raised:
        pull(lambda _: pytest.fail("somebody was asked"), **changed)
    assert raised.value.hint


@pytest.mark.skipif(not RECORDED.is_dir(), reason="recorded bodies are missing beside the checkout: shared/data")
def test_recorded_pages_are_read_latitude_first_and_under_the_id_that_survives_an_edit():
    """Real pages of two and one: Kobo's order of coordinates, and `_id` for the edited submission (KO1)."""
    bodies = {"0": "data_page_limit2_start0.json", "2": "data_page_limit2_start2.json"}

    def answer(request):
        body = (RECORDED / bodies[request.url.params.get("start", "0")]).read_bytes()
        return httpx.Response(200, content=body)

    pulled = pull(answer)
    assert pulled.cursor == "2021-11-18T17:26:02+00:00"
    assert not any("_attachments" in one for one in pulled.submissions)
    edited = next(one for one in pulled.submissions if "meta/deprecatedID" in one)
    assert edited["_id"] == 125340283
    stands = standing(list(pulled.submissions))
    assert stands is not None
    assert stands.own_ids == ("124961136", "125283733", "125340283")
    table = as_submissions(stands.table)
    lat, lon = (table.columns.column(table.known[part]).to_pylist() for part in ("lat", "lon"))
    assert (lat[0], lon[0]) == ("36.97012", "-122.0109429")
