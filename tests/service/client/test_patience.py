"""When the client asks again: scripted answers, sent and read by the real client."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import orjson
import pytest

from service.client import AsyncClient, Client, Gone, Invalid, Patience, Refused, TooOften, Unavailable, Unreachable
from service.client.patience import seconds_of

PATIENCE = Patience(attempts=3, longest_wait=0.2, connect=1.0, answer=1.0)
FLAG = {
    **dict.fromkeys(("id", "status", "verdict", "reason", "updated_at"), "x"),
    "version": 1,
    "probability": None,
    "community": {"name": None, "country": "KEN", "location": None},
}


class Script:
    """Answers in turn; an exception is raised in the place of an answer. The last one is repeated."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        """Take what is answered."""
        self.answers = answers
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        self.asked.append(request)
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    def client(self) -> Client:
        """Return a client that meets these answers."""
        return Client("http://uncounted.example", "key", patience=PATIENCE, transport=httpx.MockTransport(self))


def problem(status: int, code: str, **headers: str) -> httpx.Response:
    """Return a problem as the service writes it."""
    told = {"status": status, "code": code, "title": code, "detail": "It is so.", "hint": "Wait.", "request_id": "r1"}
    return httpx.Response(status, json=told, headers={name.replace("_", "-"): value for name, value in headers.items()})


GOOD = httpx.Response(200, json=FLAG)


@pytest.mark.parametrize(
    "first",
    [
        problem(429, "rate-limited", retry_after="0"),
        problem(503, "busy", retry_after="0"),
        httpx.Response(502, text="<html>a proxy</html>"),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("cut"),
    ],
)
def test_what_passes_is_asked_again(first):
    """Too often, busy, a proxy's failure, a lost connection: the second answer counts."""
    script = Script(first, GOOD)
    with script.client() as client:
        assert client.flag("x").version == 1
    assert len(script.asked) == 2


def test_what_is_posted_again_carries_the_same_key():
    """The service keeps a record once, however often its answer is lost."""
    script = Script(httpx.ReadError("lost"), problem(422, "invalid"))
    with script.client() as client, pytest.raises(Refused):
        client.submit({"name": "Lindi"})
    first, second = (request.headers["idempotency-key"] for request in script.asked)
    assert first == second
    with script.client() as client, pytest.raises(Refused):
        client.submit({"name": "Lindi"})
    assert script.asked[-1].headers["idempotency-key"] != first


def test_what_stays_so_is_told_in_the_end():
    """After all tries the last answer is raised, with what it said; without any answer the client says that."""
    script = Script(problem(503, "read-only", retry_after="0"))
    with script.client() as client, pytest.raises(Unavailable, match=r"It is so\. Wait\.") as told:
        client.flag("x")
    assert (told.value.code, told.value.request_id, len(script.asked)) == ("read-only", "r1", 3)
    silent = Script(httpx.ConnectError("refused"))
    with silent.client() as client, pytest.raises(Unreachable, match=r"uncounted\.example gave no answer"):
        client.flag("x")
    assert len(silent.asked) == 3


def test_a_longer_wait_than_wanted_is_not_waited_for():
    """Who asks for an hour gets no second request; the error says how long."""
    script = Script(problem(429, "rate-limited", retry_after="3600"))
    with script.client() as client, pytest.raises(TooOften) as told:
        client.flag("x")
    assert told.value.retry_after == 3600
    assert len(script.asked) == 1


def test_retry_after_is_waited_for():
    """The service says when; before that it is not asked."""
    script = Script(problem(429, "rate-limited", retry_after="1"), GOOD)
    patient = Patience(attempts=2, longest_wait=5.0)
    began = time.monotonic()
    with Client("http://u.example", patience=patient, transport=httpx.MockTransport(script)) as client:
        client.flag("x")
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize(
    "answer", [problem(422, "invalid"), problem(410, "cursor-too-old"), problem(507, "storage-full")]
)
def test_what_does_not_pass_is_asked_once(answer):
    """A mistake, something gone, a full disk: asking again changes nothing."""
    script = Script(answer)
    with script.client() as client, pytest.raises(Refused):
        client.flag("x")
    assert len(script.asked) == 1


def test_an_answer_of_something_else_is_no_flag():
    """A login page of a network, or another service, is told as such."""
    for told in (
        b"<html>sign in</html>",
        b'{"hello": "world"}',
        b"[" * 100_000,
        orjson.dumps(FLAG | {"community": "x"}),
    ):
        with (
            Script(httpx.Response(200, content=told)).client() as client,
            pytest.raises(Unavailable, match="check the address"),
        ):
            client.flag("x")


@pytest.mark.parametrize("errors", [7, "no", ["no", 7], {"name": "no"}, None])
def test_a_refusal_of_something_between_is_told_whatever_it_calls_its_errors(errors):
    """A proxy has problems of its own: its status and title are told, and what is no place is left out."""
    answer = httpx.Response(422, json={"title": "Not here", "errors": errors})
    with Script(answer).client() as client, pytest.raises(Invalid, match="422: Not here") as told:
        client.flag("x")
    assert told.value.errors == []


def test_changes_go_on_from_the_last_cursor():
    """Pages are followed, what is seen no longer has no flag, and what is too old to go on from says so."""
    gone = {"type": "flag.gone", "flag_id": "b", "at": "2026-03-01T00:00:00Z", "flag": None}
    seen = {"type": "flag.changed", "flag_id": "a", "at": "2026-03-01T00:00:00Z", "flag": FLAG}
    script = Script(
        httpx.Response(200, json={"items": [seen], "next": "/v1/changes?since=c1", "cursor": "c1"}),
        httpx.Response(200, json={"items": [gone], "next": None, "cursor": "c2"}),
    )
    with script.client() as client:
        pages = list(client.change_pages(country="KE"))
    assert [page.cursor for page in pages] == ["c1", "c2"]
    assert [change.flag and change.flag.version for page in pages for change in page.items] == [1, None]
    assert [request.url.params.get("since") for request in script.asked] == [None, "c1"]
    assert all(request.url.params["country"] == "KE" for request in script.asked)
    with Script(problem(410, "cursor-too-old")).client() as client, pytest.raises(Gone):
        list(client.changes("c0"))


def test_the_asynchronous_client_is_as_patient():
    """It waits and gives up as the other one does."""

    async def ask(script: Script) -> int:
        transport = httpx.MockTransport(script)
        async with AsyncClient("http://u.example", patience=PATIENCE, transport=transport) as client:
            return (await client.flag("x")).version

    assert asyncio.run(ask(Script(problem(503, "busy", retry_after="0"), GOOD))) == 1
    with pytest.raises(Unreachable):
        asyncio.run(ask(Script(httpx.ConnectError("refused"))))


def test_a_time_is_read_as_seconds_or_a_date():
    """Both forms of Retry-After; anything else says nothing."""
    later = datetime.now(UTC) + timedelta(minutes=5)
    assert seconds_of("7") == 7
    assert 290 < (seconds_of(format_datetime(later, usegmt=True)) or 0) <= 300
    for other in ("soon", None, "²", "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"):
        assert seconds_of(other) is None
