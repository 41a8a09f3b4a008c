"""The pages of the desk: who gets in, what they show, that they need no scripts, and what their forms do."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from service.accounts.account import Count, Name
from service.app import create_app
from service.callers.caller import Role
from service.store import flags, keys
from service.store.values import FlagStatus
from service.web.desk_map import draw

ELSEWHERE = "https://elsewhere.example"


class Form(HTMLParser):
    """The forms and fields of a page."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        """Note a tag."""
        self.tags.append((tag, dict(attributes)))

    def value(self, name):
        """Return the value of the first field of a name."""
        return next(given["value"] for tag, given in self.tags if tag == "input" and given.get("name") == name)


class Reviewer:
    """A browser at the desk."""

    def __init__(self, client: TestClient, secret: str) -> None:
        """Open the desk with a key."""
        self.client = client
        self.opened = self.post("/desk/open", key=secret, csrf=None)

    def get(self, path):
        """Read a page."""
        return self.client.get(path)

    def post(self, path, **fields):
        """Send a form, with the proof of the page it stands on unless one is given."""
        if "csrf" not in fields:
            fields["csrf"] = Form(self.get("/desk").text).value("csrf")
        sent = {name: text for name, text in fields.items() if text is not None}
        return self.client.post(path, data=sent, follow_redirects=False)


@pytest.fixture
def site(sqlite_context, scene):
    """Give the application over a list that lacks a village."""
    scene.publish(sqlite_context, scene.official(scene.without("Bondeni")))
    with TestClient(create_app(sqlite_context), base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.fixture
def key(sqlite_context):
    """Give the key of a reviewer."""
    with sqlite_context.store.begin() as session:
        return keys.create(session, "statistics-office", Role.REVIEWER, "Amina")


@pytest.fixture
def flag(sqlite_context, scene):
    """Give the flag of a village that the list lacks."""
    from service import submit, verify  # noqa: PLC0415 - what the fixture does

    account = scene.account(
        names=(Name("Bondeni"), Name("<b>Chini</b>")),
        lat=0.536,
        lon=35.0,
        counts=(Count(value=90.0, method="enumeration"),),
    )
    (receipt,) = submit.accept(sqlite_context, [account], scene.caller(sqlite_context.store))
    (record,) = verify.verify(sqlite_context, [receipt.record_id])
    return record.flag_id


@pytest.fixture
def desk(site, key, flag):  # noqa: ARG001 - there is something at the desk
    """Give a reviewer who opened the desk."""
    return Reviewer(site, key)


def status(context, flag_id):
    """Return how a flag stands."""
    with context.store.read() as session:
        return flags.get(session, flag_id).status


def test_whoever_comes_without_a_session_is_asked_for_a_key_and_told_nothing(site, flag):
    """The queue and a case answer alike, and keep where one wanted to go."""
    for path in ("/desk", f"/desk/{flag}", f"/desk/{'0' * 32}"):
        answer = site.get(path)
        assert answer.status_code == 200
        assert "Bondeni" not in answer.text
        assert Form(answer.text).value("to") == path


def test_a_key_opens_the_desk_for_this_browser_and_not_the_api(desk, flag):
    """The cookie is not for scripts and goes to the desk alone; what comes back is the page that was wanted."""
    cookie = desk.opened.headers["set-cookie"]
    assert desk.opened.status_code == 303
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}
    assert "unc_" not in cookie
    assert "Bondeni" in desk.get("/desk").text
    assert desk.get("/v1/queue").status_code == 401
    assert desk.get(f"/v1/flags/{flag}").status_code == 404


@pytest.mark.parametrize(("secret", "expected"), [("unc_wrong", 401), ("", 401), ("contributor", 403)])
def test_a_key_that_may_not_opens_nothing(site, sqlite_context, secret, expected):
    """A wrong key and a contributor's are refused in words, on the page that asked."""
    if secret == "contributor":  # noqa: S105 - the name of a role
        with sqlite_context.store.begin() as session:
            secret = keys.create(session, "map-kibera", Role.CONTRIBUTOR, "test")
    answer = site.post("/desk/open", data={"key": secret}, follow_redirects=False)
    assert answer.status_code == expected
    assert "set-cookie" not in answer.headers
    assert 'role="alert"' in answer.text


def test_a_page_of_another_site_opens_and_decides_nothing(desk, sqlite_context, key, flag):
    """What another origin sends is refused, with and without the proof; so is a form without it."""
    for headers in ({"Origin": ELSEWHERE}, {"Sec-Fetch-Site": "cross-site"}):
        assert desk.client.post("/desk/open", data={"key": key}, headers=headers).status_code == 403
    fields = {"do": "decide", "decision": "confirmed", "reason_code": "field_visit", "version": "1"}
    assert desk.post(f"/desk/{flag}", csrf=None, **fields).status_code == 403
    assert desk.post(f"/desk/{flag}", csrf="0" * 64, **fields).status_code == 403
    proof = Form(desk.get("/desk").text).value("csrf")
    sent = desk.client.post(f"/desk/{flag}", data={**fields, "csrf": proof}, headers={"Origin": ELSEWHERE})
    assert sent.status_code == 403
    assert status(sqlite_context, flag) is FlagStatus.OPEN


def test_a_revoked_key_and_a_closed_desk_are_out_at_once(site, desk, sqlite_context, flag):
    """Closing ends the session in the service, not only the cookie; revoking the key ends it too."""
    cookies = dict(site.cookies)
    assert desk.post("/desk/leave").status_code == 303
    site.cookies.update(cookies)
    assert "It begins with unc_" in site.get("/desk").text
    site.cookies.clear()
    with sqlite_context.store.begin() as session:
        secret = keys.create(session, "statistics-office", Role.REVIEWER, "Brian")
        (made,) = [one.id for one in keys.all(session) if one.label == "Brian"]
    Reviewer(site, secret)
    assert "Bondeni" in site.get("/desk").text
    with sqlite_context.store.begin() as session:
        keys.revoke(session, made)
    assert "It begins with unc_" in site.get(f"/desk/{flag}").text


def test_a_case_shows_both_sides_and_can_be_decided(desk, sqlite_context, flag):
    """The map, the differences and the evidence stand there; deciding keeps the decision and goes on."""
    html = desk.get(f"/desk/{flag}").text
    for told in (
        "Side by side",
        "What happened",
        "raised: the comparison found a gap",
        "<svg",
        "90 persons, enumeration",
    ):
        assert told in html
    assert "&lt;b&gt;Chini" in html
    sent = desk.post(
        f"/desk/{flag}", do="decide", decision="confirmed", reason_code="field_visit", version="1", note="Seen."
    )
    assert (sent.status_code, sent.headers["location"]) == (303, "/desk?done=1")
    assert status(sqlite_context, flag) is FlagStatus.CONFIRMED
    assert "Nothing is left" in desk.get("/desk?done=1").text


def test_what_is_refused_is_told_on_the_page_and_what_was_typed_stays(desk, sqlite_context, flag):
    """A decision on an old version, none at all, or an entry that was not named."""
    typed = {"do": "decide", "reason_code": "field_visit", "note": "I went there."}
    for fields, code, told in (
        ({"decision": "confirmed", "version": "7"}, 409, "You decided on version 7"),
        ({"version": "1"}, 422, "Nothing was chosen."),
        ({"decision": "matched_existing", "version": "1"}, 422, "It was not said which entry it is."),
    ):
        answer = desk.post(f"/desk/{flag}", **typed, **fields)
        assert answer.status_code == code
        assert told in answer.text
        assert "I went there." in answer.text
    assert status(sqlite_context, flag) is FlagStatus.OPEN


def test_claiming_on_the_page_and_what_a_colleague_sees_of_it(site, desk, sqlite_context, flag):
    """The next one is claimed for whoever asks; another reviewer reads who, until when, and gets no form."""
    taken = desk.post("/desk/next")
    assert taken.headers["location"] == f"/desk/{flag}"
    assert "Yours until" in desk.get(f"/desk/{flag}").text
    site.cookies.clear()
    with sqlite_context.store.begin() as session:
        other = keys.create(session, "second-office", Role.REVIEWER, "Brian")
    colleague = Reviewer(site, other)
    html = colleague.get(f"/desk/{flag}").text
    assert "statistics-office</strong> is at work on this until" in html
    assert 'name="decision"' not in html
    refused = colleague.post(f"/desk/{flag}", do="decide", decision="rejected", reason_code="field_visit", version="1")
    assert refused.status_code == 409
    assert "has been at work on this flag since" in refused.text


def test_claims_are_let_go_by_their_button(desk, flag):
    """Claim, hold longer, let go."""
    assert desk.post(f"/desk/{flag}", do="claim").headers["location"] == f"/desk/{flag}"
    assert desk.post(f"/desk/{flag}", do="claim").status_code == 303
    assert desk.post(f"/desk/{flag}", do="release", blind="1").headers["location"] == "/desk?blind=1"
    assert "Claim it" in desk.get(f"/desk/{flag}").text


def test_judging_blind_shows_no_verdict_probability_or_history(desk, flag):
    """On the queue and on the case; the way back is one link, and filters by what is hidden are not offered."""
    for path in ("/desk", f"/desk/{flag}"):
        html = desk.get(f"{path}?blind=1").text
        assert "Bondeni" in html
        for told in (
            "Not on the list",
            "What happened",
            "What the machine says</h2>",
            "that the list does not name it",
            " bits",
        ):
            assert told not in html
        assert not re.search(r"\d+ %", html)
        assert "Show what the machine says" in html
    assert 'name="min_p"' not in desk.get("/desk?blind=1").text


@pytest.mark.parametrize("blind", [True, False])
def test_a_decision_keeps_whether_the_page_was_blind(desk, sqlite_context, flag, *, blind):
    """It is kept as the page was shown; afterwards whoever reads the case is told."""
    page = Form(desk.get(f"/desk/{flag}{'?blind=1' if blind else ''}").text)
    shown = {"blind": page.value("blind")} if blind else {}
    said = {"decision": "confirmed", "reason_code": "field_visit", "version": page.value("version")}
    assert desk.post(f"/desk/{flag}", do="decide", **said, **shown).status_code == 303
    with sqlite_context.store.read() as session:
        assert [one.blind for one in flags.get(session, flag).reviews] == [blind]
    assert ("judged blind" in desk.get(f"/desk/{flag}").text) is blind


def test_filters_stand_in_the_address_and_are_kept(desk, flag):
    """What cannot be read is told; what can be narrows the queue and stays in the links."""
    html = desk.get("/desk?country=KE&q=bond").text
    assert f'href="/desk/{flag}?q=bond&amp;country=KE"' in html
    assert "Bondeni" not in desk.get("/desk?q=elsewhere").text
    html = desk.get("/desk?country=Atlantis&min_p=much&status=none&cursor=x").text
    for told in ("There is no country “Atlantis”", "“much” is no probability", "“none” is none of"):
        assert told in html


@pytest.mark.parametrize("path", ["/desk", "/desk/{flag}", "/desk/{flag}?blind=1"])
def test_a_page_of_the_desk_is_sound_and_accessible(site, desk, flag, path):
    """Labels for every field, one first heading, ids used once, nothing from elsewhere, nothing inline, not kept."""
    answer = desk.get(path.replace("{flag}", flag))
    page = Form(answer.text)
    ids = [given["id"] for _, given in page.tags if "id" in given]
    labelled = {given.get("for") for tag, given in page.tags if tag == "label"}
    fields = [
        given
        for tag, given in page.tags
        if tag in {"input", "select", "textarea"} and given.get("type") not in {"hidden", "checkbox"}
    ]
    assert len(ids) == len(set(ids))
    assert [given for given in fields if given.get("id") not in labelled] == []
    assert [tag for tag, _ in page.tags].count("h1") == 1
    assert not any("style" in given or any(name.startswith("on") for name in given) for _, given in page.tags)
    scripts = [given.get("src") for tag, given in page.tags if tag == "script"]
    assert scripts == ["/static/desk.js"]
    loaded = {given["href"] for tag, given in page.tags if tag == "link"} | set(scripts)
    assert all(site.get(one).status_code == 200 for one in loaded)
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'; style-src 'self'" in policy
    assert "form-action 'self'" in policy
    assert "no-store" in answer.headers["Cache-Control"]
    described = {
        name
        for _, given in page.tags
        for name in (given.get("aria-labelledby") or given.get("aria-describedby") or "").split()
    }
    assert described <= set(ids)


def test_a_program_reads_the_pages_with_its_key_and_sends_no_forms(site, key, flag):
    """A key in the header shows a page; a form needs a browser's session."""
    headers = {"Authorization": f"Bearer {key}"}
    assert "Bondeni" in site.get(f"/desk/{flag}", headers=headers).text
    assert site.post("/desk/next", data={}, headers=headers).status_code == 403
    assert site.get("/desk", headers={"Authorization": "Bearer nobody"}).status_code == 401


@pytest.mark.parametrize("flag_id", ["0" * 32, "x", "open"])
def test_a_case_that_is_not_there_is_not_found(desk, flag_id):
    """Whatever stands in the address."""
    assert desk.get(f"/desk/{flag_id}").status_code == 404


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"reason_code": "no_access"}, "Whoever defers a matter says until when."),
        ({"reason_code": "no_access", "until": "soon"}, "“soon” is no day."),
        ({"reason_code": "alias", "until": "2026-12-24"}, "This reason is not for deferred: alias."),
        ({"reason_code": "no_access", "message": "Call 0722 123456"}, "This holds what is about one person"),
        ({"reason_code": "no_access", "note": "x" * 4_001}, "This is longer than 4,000 signs."),
    ],
)
def test_a_deferral_that_cannot_be_kept_is_told(desk, flag, fields, told):
    """Without a day, with none, for another reason, with what is about one person, or with too much."""
    answer = desk.post(f"/desk/{flag}", do="decide", decision="deferred", version="1", **fields)
    assert answer.status_code == 422
    assert told in answer.text


def test_a_flag_is_deferred_to_a_day_and_gone_until_then(desk, sqlite_context, flag):
    """It waits for nobody before that day."""
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    sent = desk.post(f"/desk/{flag}", do="decide", decision="deferred", version="1", reason_code="no_access", until=day)
    assert sent.status_code == 303
    assert status(sqlite_context, flag) is FlagStatus.DEFERRED
    assert "Bondeni" not in desk.get("/desk").text
    assert "Bondeni" in desk.get("/desk?status=deferred").text


def case(*candidates, lon=35.0):
    """Return as much of a case as the map draws."""
    account = {"name": "Bondeni", "location": {"lat": 0.5, "lon": lon, "uncertainty_m": 100.0}, "area": None}
    shown = [
        {"official_name": name, "entry": {"lat": lat, "lon": at, "uncertainty_m": None, "area": area}}
        for name, lat, at, area in candidates
    ]
    return {"accounts": [account], "candidates": shown}


def test_the_map_draws_points_circles_outlines_and_a_scale():
    """Each candidate by its number; what lies far beyond the nearest is told in words, with the wind."""
    square = {"type": "Polygon", "coordinates": [[[35.0, 0.5], [35.01, 0.5], [35.01, 0.51], [35.0, 0.5]]]}
    drawn = draw(case(("Soy", 0.51, 35.0, square), ("Far & wide", 4.5, 39.0, None)))
    assert drawn is not None
    assert 'class="account error"' in drawn.svg
    assert 'class="outline"' in drawn.svg
    assert ">200 m<" in drawn.svg
    assert "candidate 1, Soy, 1.1 km to the north" in drawn.svg
    assert drawn.beyond == ("2 Far & wide lies beyond the map, 629 km to the north-east",)


def test_the_map_holds_across_the_antimeridian_and_is_left_out_without_a_point():
    """Two points on either side of 180° are neighbours."""
    drawn = draw(case(("Lau", 0.5, -179.999, None), lon=179.999))
    assert drawn is not None
    assert "Lau, 222 m to the east" in drawn.svg
    assert draw({"accounts": [{"location": None, "area": None, "name": "Bondeni"}], "candidates": []}) is None
