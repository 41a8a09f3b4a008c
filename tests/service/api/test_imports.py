"""Imports over HTTP: a file as it is, answered with what became of its rows, or with a job."""

from __future__ import annotations

import io
import time
from dataclasses import replace

import pytest
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient

from service.api import answers_import, answers_quality
from service.app import create_app
from service.callers.caller import Role
from service.store import keys

VILLAGES = (
    b"id,name,country,latitude,longitude,population,phone\n"
    b"k1,Lindi,Kenya,0.518,35.0,120,0722123456\n"
    b"k2,,Kenya,0.509,35.0,340,0722123457\n"
    b"k3,Bondeni,Kenya,0.536,35.0,=2+3,0722123458\n"
    b"k4,Turbo,Kenya,35.0,0.527,90,0722123459\n"
)


def send(api, content=VILLAGES, where="imports", who="contributor", **query):
    """Send a file."""
    headers = api.key(who) | {"Content-Type": "text/csv", "Content-Disposition": 'attachment; filename="our list.csv"'}
    return api.client.post(f"/v1/collections/villages/{where}", content=content, headers=headers, params=query)


def ended(api, address):
    """Wait for a job to end, and return it."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        job = api.get(address, "contributor").json()
        if job["state"] not in {"waiting", "running"}:
            return job
        time.sleep(0.05)
    raise AssertionError(job)


def test_a_small_file_is_answered_with_what_became_of_its_rows(api):
    """201 with counts, columns and the first problems; the records are there, with flags."""
    answer = send(api)
    assert answer.status_code == 201, answer.text
    job = answers_import.ImportedShown.model_validate_json(answer.content)
    assert (job.file, job.state, job.rows_read, job.created, job.set_aside, job.verified) == (
        "our list.csv",
        "done",
        4,
        2,
        2,
        2,
    )
    assert job.columns["latitude"] == "lat"
    assert [one.header for one in job.dropped] == ["phone"]
    assert answer.headers["location"] == f"/v1/imports/{job.id}"
    shown = api.get("/v1/records", "contributor", params={"collection": "villages"}).json()["items"]
    assert {one["own_id"]: one["verdict"] for one in shown} == {"k1": "consistent", "k3": "needs_review"}
    assert len(api.get("/v1/flags", "contributor").json()["items"]) == 1


def test_the_same_file_again_is_unchanged(api):
    """A retry keeps nothing twice."""
    send(api)
    again = send(api).json()
    assert (again["created"], again["revised"], again["unchanged"]) == (0, 0, 2)


@pytest.mark.parametrize(("f", "accept"), [("csv", None), (None, "text/csv")])
def test_errors_come_as_csv_with_row_and_column(api, f, accept):
    """The file opens in a spreadsheet, and what it runs as a formula is defused."""
    address = send(api).json()["errors"]
    answer = api.get(address, "contributor", params={"f": f} if f else {}, headers={"Accept": accept} if accept else {})
    lines = answer.text.split("\r\n")
    assert lines[0] == "row,column,value,problem,hint,proposal,kept"
    assert any(line.startswith("3,name,") and line.endswith(",no") for line in lines)
    assert any(line.startswith("4,population,'=2+3,") and line.endswith(",without this value") for line in lines)
    assert "lat=0.527; lon=35" in answer.text
    assert "07221234" not in answer.text


def test_errors_come_as_a_workbook(api):
    """XLSX with numbers as numbers, a header, and no formula."""
    address = send(api).json()["errors"]
    answer = api.get(address, "contributor", params={"f": "xlsx"})
    assert answer.headers["content-disposition"] == 'attachment; filename="errors.xlsx"'
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_name("errors").to_python()
    assert rows[0][:3] == ["row", "column", "value"]
    assert {row[0] for row in rows[1:]} == {1.0, 3.0, 4.0, 5.0}
    assert "'=2+3" in {row[2] for row in rows}
    assert api.get(address, "contributor", params={"f": "xlsx"}).content == answer.content


def test_a_dry_run_says_the_verdicts_and_keeps_nothing(api):
    """The would-be verdict of each row, and no record, no import, no file afterwards."""
    answer = send(api, dry_run="true")
    assert answer.status_code == 200, answer.text
    found = answers_import.PreviewShown.model_validate_json(answer.content)
    assert [(row.row, row.id, row.verdict) for row in found.rows] == [
        (2, "k1", "consistent"),
        (4, "k3", "needs_review"),
    ]
    assert (found.created, found.set_aside, found.whole_file) == (2, 2, True)
    assert api.get("/v1/records", "contributor").json()["items"] == []
    assert api.get("/v1/imports", "contributor").json()["items"] == []
    assert list((api.context.settings.data_dir / "imports").iterdir()) == []
    kept = send(api)
    assert kept.json()["created"] == 2
    assert send(api, dry_run="true").json()["unchanged"] == 2


def test_a_large_file_is_a_job(context):
    """202 with the address of a job, which ends by itself; its progress is told on the way."""
    few = replace(context, settings=context.settings.model_copy(update={"import_inline_rows": 1}))
    with TestClient(create_app(few)) as client:
        api = Small(client, few)
        answer = send(api)
        assert answer.status_code == 202, answer.text
        assert answer.json()["state"] == "waiting"
        job = ended(api, answer.headers["location"])
        assert (job["state"], job["created"], job["set_aside"]) == ("done", 2, 2)


class Small:
    """A client with one key."""

    def __init__(self, client, context):
        """Make the key."""
        self.client, self.context = client, context
        with context.store.begin() as session:
            self._key = keys.create(session, "map-kibera", Role.CONTRIBUTOR, "test")

    def key(self, _who):
        """Return the header that says who calls."""
        return {"Authorization": f"Bearer {self._key}"}

    def get(self, path, who):
        """Read something."""
        return self.client.get(path, headers=self.key(who))


def test_an_import_is_seen_by_its_organisation_and_admins_only(api):
    """To strangers, reviewers among them, it does not exist; without a key nothing is told."""
    job = send(api).json()["id"]
    for address in (f"/v1/imports/{job}", f"/v1/imports/{job}/errors"):
        seen = {
            who: api.get(address, who).status_code for who in ("contributor", "admin", "stranger", "reviewer", None)
        }
        assert seen == {"contributor": 200, "admin": 200, "stranger": 404, "reviewer": 404, None: 401}
    listed = {who: len(api.get("/v1/imports", who).json()["items"]) for who in ("contributor", "admin", "stranger")}
    assert listed == {"contributor": 1, "admin": 1, "stranger": 0}
    answers_import.ImportPage.model_validate_json(api.get("/v1/imports", "admin").content)
    answers_import.ImportShown.model_validate_json(api.get(f"/v1/imports/{job}", "admin").content)
    answers_import.FaultsShown.model_validate_json(api.get(f"/v1/imports/{job}/errors", "admin").content)


def test_what_is_done_is_not_cancelled(api):
    """409, and for a stranger 404."""
    job = send(api).json()["id"]
    for who, status in (("contributor", 409), ("stranger", 404)):
        assert api.client.post(f"/v1/imports/{job}/cancel", headers=api.key(who)).status_code == status


@pytest.mark.parametrize(
    ("content", "query", "expected"),
    [
        (b"", {}, (400, "There is no body")),
        (b"%PDF-1.7 what", {}, (422, "PDF")),
        (VILLAGES, {"map": "name=Nom"}, (422, "Nom")),
        (VILLAGES, {"map": "name"}, (422, "field=HEADER")),
        (VILLAGES, {"profile": "none"}, (404, "none")),
        (VILLAGES, {"mode": "overwrite"}, (422, "append")),
        (VILLAGES, {"dryrun": "true"}, (422, "dry_run")),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_left(sqlite_api, content, query, expected):
    """A problem that says how to mend it; no import and no file stay behind."""
    status, told = expected
    answer = send(sqlite_api, content, **query)
    assert answer.status_code == status, answer.text
    assert told in answer.text
    assert sqlite_api.get("/v1/imports", "contributor").json()["items"] == []
    room = sqlite_api.context.settings.data_dir / "imports"
    assert not room.exists() or list(room.iterdir()) == []


def test_a_form_is_refused_with_how_to_send_a_file(sqlite_api):
    """Multipart is not read, and the answer says what is."""
    answer = sqlite_api.client.post(
        "/v1/collections/villages/imports", files={"file": VILLAGES}, headers=sqlite_api.key("contributor")
    )
    assert answer.status_code == 415
    assert "--data-binary" in answer.json()["detail"]


def test_nobody_unknown_fills_the_disk(sqlite_api):
    """Without a key, or with one that is none, the body is not even taken in."""
    for headers, status in (({}, 401), ({"Authorization": "Bearer nonsense"}, 401)):
        answer = sqlite_api.client.post("/v1/collections/villages/imports", content=VILLAGES, headers=headers)
        assert answer.status_code == status
    room = sqlite_api.context.settings.data_dir / "imports"
    assert not room.exists() or list(room.iterdir()) == []


def test_a_file_that_is_too_large_is_given_up(sqlite_context):
    """413, also where the size was not announced."""
    tiny = replace(sqlite_context, settings=sqlite_context.settings.model_copy(update={"import_max_bytes": 100}))
    with TestClient(create_app(tiny)) as client:
        api = Small(client, tiny)
        for content in (VILLAGES, iter([VILLAGES])):
            assert send(api, content).status_code == 413
        assert list((tiny.settings.data_dir / "imports").iterdir()) == []


def test_a_mapping_is_proposed_corrected_saved_and_used_by_the_next_file(api):
    """The proposal shows parts and examples, none of people; the saved profile reads the next file of its shape."""
    content = VILLAGES.replace(b"id,name", b"id,mtaa wetu").replace(b"population", b"idadi")
    answer = send(api, content, "mapping/proposal")
    proposal = answers_import.ProposalShown.model_validate_json(answer.content)
    parts = {column.header: column.part for column in proposal.columns}
    assert parts["mtaa wetu"] != "name"
    assert parts["latitude"] == "lat"
    assert next(column.examples for column in proposal.columns if column.header == "mtaa wetu")[0] == "Lindi"
    assert "07221234" not in answer.text
    assert [one.header for one in proposal.dropped] == ["phone"]
    profile = answer.json()["profile"] | {
        "name": "our form",
        "columns": {"name": "mtaa wetu", "count.persons": "idadi"},
        "left_out": ["country"],
    }
    profile.pop("updated_at")
    usual = {"country": "Kenya", "kind": "village"}
    described = api.client.put("/v1/collections/villages", json=usual, headers=api.key("contributor"))
    assert described.json()["country"] == "KEN"
    shown = answers_quality.CollectionShown.model_validate_json(
        api.get("/v1/collections/villages", "contributor").content
    )
    assert shown.usual == answers_quality.UsualShown.model_validate_json(described.content)
    saved = api.client.put("/v1/collections/villages/mapping", json=profile, headers=api.key("contributor"))
    assert answers_import.ProfileShown.model_validate_json(saved.content).name == "our form"
    listed = api.get("/v1/collections/villages/mapping", "contributor")
    assert [one.name for one in answers_import.ProfilesShown.model_validate_json(listed.content).items] == ["our form"]
    job = send(api, content).json()
    assert (job["profile"], job["created"]) == ("our form", 2)
    record = api.get("/v1/records", "contributor", params={"id": "k1"}).json()["items"][0]
    assert (record["name"], record["counts"][0]["value"], record["country"]) == ("Lindi", 120, "KEN")


def test_a_profile_that_names_what_is_not_there_is_refused(sqlite_api):
    """A field or a header that does not exist is told before the profile is saved."""
    for columns, left_out, told in (({"nome": "x"}, [], "/columns"), ({}, ["y"], "/left_out")):
        body = {"headers": ["name"], "columns": columns, "left_out": left_out}
        answer = sqlite_api.client.put(
            "/v1/collections/villages/mapping", json=body, headers=sqlite_api.key("contributor")
        )
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == told
