"""People sign in, act for their organisation, and are signed out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.errors import Problem
from service.login.desk import desk_of
from service.login.sessions import digest_of
from service.store import events, sessions, users
from service.store.sessions import ABSOLUTE, IDLE

RECORD = {"name": "Bondeni", "country": "KEN", "kind": "village", "location": {"lat": 0.536, "lon": 35.0}}


def test_somebody_who_was_invited_signs_in_and_sees_who_they_are(browser):
    """From the account page to the provider and back, the page says whom they act for."""
    assert browser.client.get("/account").headers["location"] == "/login?next=/account"
    answer = browser.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    page = browser.client.get("/account")
    assert page.status_code == 200
    assert "amina@example.org" in page.text
    assert "statistics-office" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    assert "form-action 'self'" in page.headers["content-security-policy"]


def test_a_session_reads_what_its_role_may(browser):
    """The API takes the cookie where it takes a key, and a reviewer reads what reviewers read."""
    assert browser.client.get("/v1/records").json()["items"] == []
    browser.sign_in()
    answer = browser.client.get("/v1/records")
    assert answer.status_code == 200
    assert answer.headers["cache-control"].startswith("private")
    assert "Cookie" in answer.headers["vary"]


def test_what_a_session_does_is_attributed_to_a_key_that_nobody_holds(browser):
    """An event names the key of the person; no secret opens it."""
    browser.sign_in()
    proof = browser.proof()
    answer = browser.client.post("/v1/records", json=RECORD, headers={"X-CSRF-Token": proof})
    assert answer.status_code == 201, answer.text
    with browser.context.store.read() as session:
        user = users.named(session, "amina@example.org")
        told = events.about(session, "record", answer.json()["id"])
    assert {event.by.key_id for event in told if event.kind == "record.created"} == {user.key_id}
    for guess in (user.key_id, f"unheld:{user.key_id}"):
        assert browser.client.get("/v1/records", headers={"Authorization": f"Bearer {guess}"}).status_code == 401


def test_a_session_of_one_browser_is_nobody_elses(browser):
    """Another browser, and the fast way of posts, know nothing of it."""
    browser.sign_in()
    browser.client.post("/v1/records", json=RECORD, headers={"X-CSRF-Token": browser.proof()})
    other = TestClient(browser.client.app, base_url="http://127.0.0.1:8000", follow_redirects=False)
    assert other.get("/account").status_code == 303
    assert other.post("/v1/records", json=RECORD).json()["code"] == "key-needed"


def test_signing_out_ends_the_session_here_and_sends_there_too(browser, idp):
    """A copy of the cookie opens nothing any more."""
    browser.sign_in()
    copy, proof = browser.client.cookies["uncounted"], browser.proof()
    answer = browser.client.post("/logout", data={"csrf": proof})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{idp.url}/logout?client_id=")
    assert "uncounted" not in browser.client.cookies
    thief = TestClient(browser.client.app, base_url="http://127.0.0.1:8000", cookies={"uncounted": copy})
    assert thief.get("/account", follow_redirects=False).status_code == 303


def test_signing_out_everywhere_ends_the_other_browsers(browser):
    """The page lists both, and one button ends both."""
    browser.sign_in()
    first = browser.client.cookies["uncounted"]
    browser.client.cookies.clear()
    browser.sign_in()
    assert browser.client.get("/account").text.count("last used") == 2
    browser.client.post("/logout", data={"csrf": browser.proof(), "everywhere": "yes"})
    with browser.context.store.read() as session:
        assert sessions.find(session, digest_of(first), datetime.now(UTC)) is None


def test_somebody_who_is_removed_is_out_at_once(browser):
    """Their session ends with their right to one, and their address goes."""
    browser.sign_in()
    assert browser.context.store.write(lambda session: users.remove(session, "amina@example.org")) == 1
    assert browser.client.get("/account").status_code == 303
    assert "nobody has let you in" in browser.sign_in().text
    with browser.context.store.read() as session:
        assert users.all(session) == ()


@pytest.mark.parametrize("after", [IDLE, ABSOLUTE])
def test_a_session_ends_by_itself(browser, after):
    """After half an hour without a request, and after twelve hours with any number of them."""
    browser.sign_in()
    digest = digest_of(browser.client.cookies["uncounted"])
    now = datetime.now(UTC)
    with browser.context.store.begin() as session:
        if after is ABSOLUTE:
            sessions.seen(session, digest, now + after - timedelta(minutes=1))
        assert sessions.find(session, digest, now + after - timedelta(minutes=2)) is not None
        assert sessions.find(session, digest, now + after + timedelta(minutes=2)) is None


def test_who_comes_back_under_another_address_is_still_the_same(browser, idp):
    """The subject is what does not change; the address counts once."""
    browser.sign_in()
    browser.client.cookies.clear()
    idp.email = "amina.married@example.org"
    assert browser.sign_in().status_code == 303


def test_an_address_that_was_taken_over_lets_nobody_in(browser, idp):
    """Whoever gets the address later is another subject."""
    browser.sign_in()
    browser.client.cookies.clear()
    idp.subject = "sub-2"
    answer = browser.sign_in()
    assert answer.status_code == 403
    assert "uncounted" not in browser.client.cookies


@pytest.mark.parametrize("claims", [{"email_verified": False}, {"email_verified": None}, {"email": "x@example.org"}])
def test_an_address_nobody_made_sure_of_lets_nobody_in(browser, idp, claims):
    """Anybody can type an address; a stranger is told politely whom to ask."""
    idp.claims = claims
    answer = browser.sign_in()
    assert answer.status_code == 403
    assert "Ask the people who run this service" in answer.text


def test_without_a_provider_there_are_no_such_addresses(sqlite_context):
    """Keys are all there is, and a cookie means nothing."""
    with TestClient(create_app(sqlite_context), cookies={"uncounted": "x" * 43}) as client:
        for path in ("/login", "/login/callback", "/account"):
            assert client.get(path).status_code == 404
        assert client.post("/logout").status_code == 404
        assert "/account" not in client.get("/").text
        assert client.get("/v1/records").status_code == 200


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"oidc_client_secret": None}, "UNCOUNTED_OIDC_CLIENT_SECRET"),
        ({"public_url": ""}, "UNCOUNTED_PUBLIC_URL"),
        ({"public_url": "http://uncounted.example"}, "https://"),
        ({"public_url": "https://uncounted.example/path"}, "bare address"),
    ],
)
def test_half_a_registration_is_said_at_the_start(served, settings, said):
    """The service does not start with a sign-in that could not work, or not safely."""
    with pytest.raises(Problem, match=said):
        desk_of(served.settings.model_copy(update=settings))
