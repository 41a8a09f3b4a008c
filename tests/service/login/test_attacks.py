"""What somebody would try: none of it signs anybody in, or acts in their name."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from starlette.testclient import TestClient

from service.login.errand import Errand, local

RECORD = {"name": "Bondeni", "country": "KEN", "kind": "village", "location": {"lat": 0.536, "lon": 35.0}}
HOME = "http://127.0.0.1:8000"


def refused(browser, answer):
    """Return whether nobody was signed in, and a page says so."""
    return answer.status_code in {400, 403, 502} and "uncounted" not in browser.client.cookies


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"aud": ["uncounted", "another-client"]},
        {"aud": ["uncounted", "another-client"], "azp": "another-client"},
        {"azp": "another-client"},
        {"nonce": "of another errand"},
        {"nonce": None},
        {"exp": -600},
        {"exp": None},
        {"iat": None},
        {"iat": 600},
        {"sub": ""},
        {"sub": None},
    ],
)
def test_a_token_that_says_something_else_is_refused(browser, idp, claims):
    """Issuer, audience, nonce, times (in seconds from now) and subject are all looked at."""
    now = int(time.time())
    idp.claims = {name: now + value if isinstance(value, int) else value for name, value in claims.items()}
    assert refused(browser, browser.sign_in())


@pytest.mark.parametrize(
    "kind", ["unsigned", "with our secret", "by another key", "of another key's name", "no token", "long"]
)
def test_a_token_that_is_not_the_providers_is_refused(browser, idp, kind):
    """Unsigned, signed with what both know, or by whoever."""
    query = browser.set_out()
    claims = {
        "iss": idp.url,
        "aud": "uncounted",
        "sub": "sub-1",
        "exp": int(time.time()) + 300,
        "iat": int(time.time()),
    }
    claims |= {"nonce": query["nonce"], "email": idp.email, "email_verified": True}
    if kind == "unsigned":
        idp.token = "eyJhbGciOiJub25lIn0." + idp.signed(query["nonce"]).split(".")[1] + "."
    elif kind == "with our secret":
        idp.token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("a secret between the two"))
    elif kind == "by another key":
        idp.signed_by = RSAKey.generate_key(2048, {"kid": "two"})
    elif kind == "of another key's name":
        idp.signed_by = RSAKey.generate_key(2048, {"kid": "one"})
    elif kind == "no token":
        idp.token = 7
    else:
        idp.token = "x" * 30_000
    assert refused(browser, browser.client.get(idp.authorize(query)))


def test_keys_that_the_provider_changes_are_asked_for_again(browser, idp, monkeypatch):
    """A token by a new key is taken once the new key is published, also one of elliptic curves."""
    browser.sign_in()
    browser.client.cookies.clear()
    idp.keys.append(ECKey.generate_key("P-256", {"kid": "new"}))
    assert refused(browser, browser.sign_in())  # asked a moment ago: nobody makes us ask at every try
    monkeypatch.setattr("service.login.provider.AGAIN_S", 0.0)
    assert browser.sign_in().headers["location"] == "/account"
    assert idp.asked.count("/jwks") == 2


def test_a_code_is_good_once_and_only_with_its_browser(browser, idp):
    """A stolen address that leads back is of no use to whoever has it, before or after."""
    back = idp.authorize(browser.set_out())
    thief = TestClient(browser.client.app, base_url=HOME, follow_redirects=False)
    assert thief.get(back).status_code == 400
    assert browser.client.get(back).status_code == 303
    browser.client.cookies.clear()
    assert refused(browser, browser.client.get(back))


def test_nobody_is_signed_in_as_somebody_else(browser):
    """An attacker's own answer does not fit the errand of the browser it is handed to (login CSRF)."""
    other = TestClient(browser.client.app, base_url=HOME, follow_redirects=False)
    answer = other.get("/login")
    query = dict(part.split("=", 1) for part in answer.headers["location"].split("?")[1].split("&"))
    browser.set_out()
    state = query["state"]
    assert refused(browser, browser.client.get(f"/login/callback?{urlencode({'code': 'x', 'state': state})}"))


def test_a_session_that_was_planted_is_not_the_one_signed_in_to(browser):
    """The secret of a session is new each time, whatever the browser held (session fixation)."""
    browser.client.cookies.set("uncounted", "x" * 43, domain="127.0.0.1")
    browser.sign_in()
    held = [cookie.value for cookie in browser.client.cookies.jar if cookie.name == "uncounted"]
    assert "x" * 43 not in held or len(held) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-CSRF-Token": "0" * 64},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_changes_nothing_in_somebodys_name(browser, headers):
    """Without the proof of our page, or from elsewhere even with it, a cookie changes nothing."""
    browser.sign_in()
    proof = browser.proof()
    sent = {"X-CSRF-Token": proof} | headers if headers.keys() & {"Origin", "Sec-Fetch-Site"} else headers
    answer = browser.client.post("/v1/records", json=RECORD, headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (403, "not-from-here")
    out = browser.client.post("/logout", data={"csrf": proof} if sent != headers else {}, headers=headers)
    assert out.status_code == 403
    assert browser.client.get("/account").status_code == 200


def test_a_cookie_says_how_it_is_to_be_kept(browser):
    """No script reads it, no other site sends it along."""
    set_cookie = browser.sign_in().headers["set-cookie"]
    assert "HttpOnly" in set_cookie
    assert "SameSite=lax" in set_cookie
    assert "Path=/" in set_cookie


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/ok\r\nSet-Cookie: a=b",
        "",
        "/" + "a" * 2_000,
        "/é",
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(browser, target):
    """Whatever is asked for, one lands on a page of ours."""
    assert browser.sign_in(target).headers["location"] == "/account"
    assert local(target) == "/account"


@pytest.mark.parametrize("cookie", ["", "a.b.c.d", "x" * 5_000, ".".join(["y" * 43] * 3) + ".//", "." * 3])
def test_an_errand_that_was_made_up_is_none(cookie):
    """What is not as we write it is not read."""
    assert Errand.read(cookie) is None


@pytest.mark.parametrize(
    "documents",
    [
        {"issuer": "https://elsewhere.example"},
        {"authorization_endpoint": "http://elsewhere.example/authorize"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
    ],
)
def test_a_provider_that_is_not_what_it_was_called_is_not_used(browser, idp, documents):
    """Its documents name another, or addresses that anybody could listen to."""
    idp.documents = documents
    answer = browser.client.get("/login")
    assert answer.status_code == 502
    assert "does not answer as it should" in answer.text


def test_a_provider_that_is_down_is_told_kindly(browser, idp):
    """A page says so, and nothing of addresses or secrets."""
    idp.documents = {"token_endpoint": "http://127.0.0.1:9/token"}
    answer = browser.sign_in()
    assert answer.status_code == 502
    assert "Try again shortly" in answer.text
    assert "secret" not in answer.text
