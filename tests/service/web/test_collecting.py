"""The pages by which files are sent: who gets in, what a preview shows and keeps, and what becomes of the file."""

from __future__ import annotations

import asyncio
import re

import pytest
from fastapi import Request
from starlette.testclient import TestClient

from service.app import create_app
from service.callers.caller import Role
from service.errors import Problem
from service.http.forms import Begun, FormWithFile, Multipart
from service.importing import uploads
from service.store import import_problems, imports, keys

CSV = (
    b"id,name,country,lat,lon,VILLAGE_NM,phone\n"
    b"1,Bondeni,KE,0.536,35.0,x,+254700000001\n"
    b"2,Lost,KE,99,35.0,y,+254700000002\n"
)
ELSEWHERE = {"Origin": "https://elsewhere.example"}


def field(html, name):
    """Return what a hidden field of a page holds."""
    return re.search(rf'name="{name}" value="([^"]*)"', html)[1]


def secret(context, organisation, role):
    """Return a new key."""
    with context.store.begin() as session:
        return keys.create(session, organisation, role, "a laptop")


@pytest.fixture
def site(sqlite_context, scene):
    """Give the application over a list that lacks a village."""
    scene.publish(sqlite_context, scene.official(scene.without("Bondeni")))
    with TestClient(create_app(sqlite_context), base_url="http://127.0.0.1:8000") as client:
        yield client


@pytest.fixture
def sender(site, sqlite_context):
    """Give a browser of a contributor."""
    answer = site.post("/collections/open", data={"key": secret(sqlite_context, "mappers", Role.CONTRIBUTOR)})
    assert answer.url.path == "/collections"
    return site


def send(site, content=CSV, name="vijiji.csv", **parts):
    """Send a file through the form of the page, and return the preview."""
    proof = field(site.get("/collections/villages/imports").text, "csrf")
    files = {"file": (name, content, "text/csv")}
    return site.post("/collections/villages/imports", data={"csrf": proof, "mode": "append", **parts}, files=files)


def sealed(html, **parts):
    """Return the fields of the second form."""
    return {name: field(html, name) for name in ("csrf", "upload", "name", "seal")} | {"mode": "append"} | parts


def waiting(context):
    """Return the files that lie here."""
    return [path.name for path in uploads.room(context).iterdir()]


def test_whoever_is_unknown_is_asked_for_a_key_and_sends_nothing(site, sqlite_context):
    """The list is there for everybody; the form and the file are for contributors, and nothing reaches the disk."""
    assert 'name="key"' in site.get("/collections").text
    assert site.get("/collections/villages/imports").status_code == 401
    assert site.post("/collections/villages/imports", files={"file": ("a.csv", CSV)}).status_code == 401
    assert site.post("/collections/villages/imports/begin", data={"upload": "0" * 32}).status_code == 401
    assert waiting(sqlite_context) == []


def test_pages_with_forms_let_browsers_say_where_these_come_from(site):
    """Without a referrer a browser sends `Origin: null`, and its own form would be refused."""
    headers = site.get("/collections").headers
    assert headers["Referrer-Policy"] == "same-origin"
    assert "form-action 'self'" in headers["Content-Security-Policy"]


def test_a_key_opens_the_pages_and_not_the_api(site, sqlite_context):
    """The key is in no cookie; what is, opens no address of the API; leaving ends it."""
    key = secret(sqlite_context, "mappers", Role.CONTRIBUTOR)
    answer = site.post("/collections/open", data={"key": key}, follow_redirects=False)
    assert key not in answer.headers["Set-Cookie"]
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert site.get("/v1/imports").status_code == 401
    html = site.get("/collections").text
    assert "You are here for <strong>mappers</strong>" in html
    site.post("/collections/leave", data={"csrf": field(html, "csrf")})
    assert 'name="key"' in site.get("/collections").text


def test_only_keys_that_may_send_open_the_pages(site, sqlite_context):
    """A reader's key, one that is none and a form of another site are refused, and say why on the page."""
    for key, status in ((secret(sqlite_context, "office", Role.READER), 403), ("unc_none", 401)):
        answer = site.post("/collections/open", data={"key": key})
        assert answer.status_code == status
        assert 'role="alert"' in answer.text
    key = secret(sqlite_context, "mappers", Role.CONTRIBUTOR)
    assert site.post("/collections/open", data={"key": key}, headers=ELSEWHERE).status_code == 403


def test_a_preview_shows_how_a_file_would_be_read_and_keeps_nothing(sender, sqlite_context):
    """Columns, rows that could not be kept, columns about people, and what would be found; no import, no record."""
    html = send(sender).text
    for said in ("vijiji.csv", "VILLAGE_NM", "latitude 99", "Bondeni", 'class="verdict ', "phone"):
        assert said in html
    assert "+254700000001" not in html
    with sqlite_context.store.read() as session:
        assert imports.page(session, "mappers", None, 10).items == ()
    assert len(waiting(sqlite_context)) == 1


def test_a_column_is_read_otherwise_where_its_sender_says_so(sender):
    """What the second form says of a column goes before what its header says, and is kept for the import."""
    html = send(sender).text
    again = sender.post("/collections/villages/imports/again", data=sealed(html, **{"column.VILLAGE_NM": "alt_names"}))
    assert again.status_code == 200
    assert re.search(r"VILLAGE_NM</bdi></th><td[^>]*><code>alt_names", again.text)
    assert 'name="column.VILLAGE_NM" value="alt_names"' in again.text
    wrong = sender.post("/collections/villages/imports/again", data=sealed(html, **{"column.VILLAGE_NM": "nonsense"}))
    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.text


def test_a_file_is_imported_once_and_its_errors_come_back(sender, sqlite_context):
    """Rows that can be kept are kept, the page says what became of them, and sending the form twice changes nothing."""
    fields = sealed(send(sender).text)
    first = sender.post("/collections/villages/imports/begin", data=fields)
    assert first.url.path.startswith("/imports/")
    assert "vijiji.csv" in first.text
    assert "refresh" not in first.text
    assert sender.post("/collections/villages/imports/begin", data=fields).url.path == first.url.path
    with sqlite_context.store.read() as session:
        (job,) = imports.page(session, "mappers", None, 10).items
        faults = len(list(import_problems.of(session, job.id)))
    assert (job.created, job.set_aside, job.problems) == (1, 1, faults)
    table = sender.get(f"{first.url.path}/errors?f=csv")
    assert table.headers["Content-Disposition"] == 'attachment; filename="errors.csv"'
    assert "latitude 99" in table.text
    assert waiting(sqlite_context) == []


def test_a_file_under_way_has_a_meter_that_needs_no_script(sender, monkeypatch):
    """While an import waits its page loads itself again and offers to stop it; stopped, it says so."""
    monkeypatch.setattr("service.web.collecting.importing.work_in_turn", lambda _context, job: job)
    monkeypatch.setattr("service.importing.importer.next_in_turn", lambda *_args: iter(()))
    answer = sender.post("/collections/villages/imports/begin", data=sealed(send(sender).text))
    assert '<meta http-equiv="refresh"' in answer.text
    assert "<progress" in answer.text
    stopped = sender.post(f"{answer.url.path}/cancel", data={"csrf": field(answer.text, "csrf")})
    assert "Stopped" in stopped.text
    assert '<meta http-equiv="refresh"' not in stopped.text


def test_files_are_their_senders_alone(sender, sqlite_context):
    """A seal of another browser, another name or collection opens nothing; jobs of others are not there."""
    fields = sealed(send(sender).text)
    begin = "/collections/villages/imports/begin"
    assert sender.post(begin, data=fields | {"name": "other.csv"}).status_code == 403
    assert sender.post("/collections/other/imports/begin", data=fields).status_code == 403
    assert sender.post(begin, data=fields | {"csrf": "0" * 64}).status_code == 403
    assert sender.post(begin, data=fields | {"upload": "../../etc"}).status_code == 403
    assert sender.post(begin, data=fields, headers=ELSEWHERE).status_code == 403
    job = sender.post(begin, data=fields).url.path
    other = {"Authorization": f"Bearer {secret(sqlite_context, 'others', Role.CONTRIBUTOR)}"}
    sender.cookies.clear()
    assert sender.get(job).status_code == 401
    assert sender.get(job, headers=other).status_code == 404
    assert sender.get(f"{job}/errors", headers=other).status_code == 404


def test_a_form_of_another_site_leaves_nothing_on_the_disk(sender, sqlite_context):
    """The proof comes before the file, and without it nothing of the file is taken in."""
    answer = sender.post("/collections/villages/imports", data={"csrf": "no"}, files={"file": ("a.csv", CSV)})
    assert answer.status_code == 403
    assert waiting(sqlite_context) == []


@pytest.mark.parametrize(
    "case",
    [("", CSV, "No file was chosen"), ("empty.csv", b"", "empty"), ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(40), "")],
)
def test_what_is_no_table_is_told_beside_the_form(sender, sqlite_context, case):
    """A file that cannot be read brings back the form with what is wrong, and nothing is left of it."""
    name, content, said = case
    proof = field(sender.get("/collections/villages/imports").text, "csrf")
    head = f'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{proof}\r\n--b\r\n'
    head += f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    answer = sender.post(
        "/collections/villages/imports",
        content=head.encode() + content + b"\r\n--b--\r\n",
        headers={"Content-Type": "multipart/form-data; boundary=b"},
    )
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert said in answer.text
    assert waiting(sqlite_context) == []


def test_a_form_that_breaks_off_is_told_and_removed(sender, sqlite_context):
    """Half a file is no file."""
    proof = field(sender.get("/collections/villages/imports").text, "csrf")
    head = f'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{proof}\r\n--b\r\n'
    head += 'Content-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nid,name'
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    assert sender.post("/collections/villages/imports", content=head.encode(), headers=kind).status_code == 400
    assert (
        sender.post("/collections/villages/imports", content=b"x", headers={"Content-Type": "text/csv"}).status_code
        == 415
    )
    assert waiting(sqlite_context) == []


@pytest.mark.parametrize("step", [1, 2, 3, 7, 64, 10_000])
def test_a_form_reads_the_same_in_whatever_pieces_it_comes(step):
    """Boundaries, headers and content that looks like a boundary may be cut anywhere."""
    content = b"a\r\n--bound\r\n--boundary-not\r\n" * 3 + b"\r\n-"
    body = (
        b'preamble\r\n--boundary9\r\ncontent-disposition: form-data; name="csrf"\r\n\r\nproof\r\n'
        b'--boundary9\r\nContent-Disposition: form-data; name="file"; filename="v%22\xc3\xa9.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\n" + content + b"\r\n--boundary9--\r\nafter"
    )
    reading, told = Multipart("boundary9"), []
    for at in range(0, len(body), step):
        told += reading.feed(body[at : at + step])
    assert reading.ended
    heads = [one for one in told if isinstance(one, Begun)]
    assert heads == [Begun("csrf", None), Begun("file", 'v"é.csv')]
    file = told.index(heads[1])
    assert b"".join(told[1:file]) == b"proof"
    assert b"".join(told[file + 1 :]) == content


def test_a_part_without_end_or_name_is_refused():
    """Headers that never end are not held, and a part has to say which field it is."""
    with pytest.raises(Problem, match="without end"):
        list(Multipart("b").feed(b"--b\r\nX: " + bytes(9_000)))
    with pytest.raises(Problem, match="no name"):
        list(Multipart("b").feed(b"--b\r\nContent-Type: text/csv\r\n\r\nx"))


def test_what_comes_after_the_end_of_a_form_is_not_read():
    """A form that was read is not held up, nor memory filled, by whatever its sender goes on to send."""
    pieces = [b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nid\r\n--b--', b"after"]

    async def receive():
        return {"type": "http.request", "body": pieces.pop(0), "more_body": True}

    async def read():
        head = [(b"content-type", b"multipart/form-data; boundary=b")]
        form = FormWithFile(Request({"type": "http", "method": "POST", "path": "/", "headers": head}, receive))
        return await form.fields(), b"".join([some async for some in form.file()])

    assert asyncio.run(read()) == (({}, "a.csv"), b"id")
    assert pieces == [b"after"]
