"""The queue as a sheet over HTTP: downloaded, filled, looked at, decided; each row told for itself."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from python_calamine import CalamineWorkbook

from service.api import answers_deciding
from service.callers.caller import Role
from service.callers.territory import Area
from service.store import keys

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AT = "/v1/queue/sheet"


def send(api, content, who="reviewer", kind="text/csv", **query):
    """Send a filled sheet."""
    return api.client.post(AT, content=content, headers=api.key(who) | {"Content-Type": kind}, params=query)


def flagged(api, number=1):
    """Send absent communities of as many organisations, and return the ids of their flags."""
    places = [
        ("Bondeni", 0.536, 35.0),
        ("=cmd|' /C calc'!A0 Ñandú", -0.45, 35.4),
        ("Mbará", -0.7, 35.8),
        ("Kijiji", 0.9, 36.2),
    ]
    flags = []
    for name, lat, lon in places[:number]:
        body = api.absent | {"name": name, "location": {"lat": lat, "lon": lon, "uncertainty_m": 100}}
        answer = api.post("/v1/records", body | {"counts": [{"value": 120, "unit": "persons"}]})
        assert answer.status_code == 201, answer.text
        flags.append(answer.json()["flag_id"])
    return flags


def table(api, **query):
    """Return the rows of the sheet as CSV."""
    text = api.get(AT, "reviewer", params={"f": "csv", **query}).content.decode()
    return sorted(csv.DictReader(io.StringIO(text, newline="")), key=lambda row: row["flag_id"])


def written(rows):
    """Return rows as a CSV file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def decided(row, decision="confirmed", reason_code="field_visit", **parts):
    """Return a row filled."""
    return row | {"decision": decision, "reason_code": reason_code, **parts}


def test_the_sheet_holds_a_row_for_each_flag_that_waits(sqlite_api):
    """Text, numbers and what is to be filled; a name that looks like a formula is a text, a negative latitude none."""
    flags = flagged(sqlite_api, 2)
    answer = sqlite_api.get(AT, "reviewer")
    assert (answer.status_code, answer.headers["content-type"]) == (200, XLSX)
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names == ["queue", "README", "codes"]
    header, *rows = book.get_sheet_by_name("queue").to_python()
    shown = [dict(zip(header, row, strict=True)) for row in rows]
    shown = sorted(shown, key=lambda row: flags.index(row["flag_id"]))
    assert [row["version"] for row in shown] == [1.0, 1.0]
    assert [(row["lat"], row["lon"]) for row in shown] == [(0.536, 35.0), (-0.45, 35.4)]
    assert shown[1]["name"] == "'=cmd|' /C calc'!A0 Ñandú"
    assert shown[0]["persons"] == 120
    assert shown[0]["candidate_id"].startswith("V")
    assert header.index("lon") == header.index("lat") + 1
    assert {row[name] for row in shown for name in ("decision", "reason_code", "note", "official_id")} == {""}
    assert b"<f>" not in answer.content


def test_a_blind_sheet_says_nothing_of_what_others_think(sqlite_api):
    """No verdict, no probability, no status; the facts stay."""
    flagged(sqlite_api)
    (row,) = table(sqlite_api, blind="true")
    assert not {"verdict", "probability", "reason", "status", "candidate_probability"} & set(row)
    assert row["name"] == "Bondeni"
    assert row["candidate_distance_m"] == "1000.8"


def test_filters_are_those_of_flags(sqlite_api):
    """By status and by country; without any, what waits."""
    (flag,) = flagged(sqlite_api)
    sqlite_api.decide(flag, "confirmed")
    assert table(sqlite_api) == []
    assert [row["flag_id"] for row in table(sqlite_api, status="confirmed", country="Kenya")] == [flag]
    assert table(sqlite_api, status="confirmed", country="UGA") == []


def test_a_csv_for_excel_speaks_its_language(sqlite_api):
    """A mark, semicolons and decimal commas where the browser or the caller says so."""
    flagged(sqlite_api)
    french = sqlite_api.get(AT, "reviewer", params={"f": "csv", "for": "excel", "locale": "fr"})
    assert french.text.startswith("\ufeffname;")
    assert ";0,536;35,0;" in french.text
    asked = {"Accept-Language": "de-DE,de;q=0.9", "Accept": "text/csv"}
    assert sqlite_api.get(AT, "reviewer", params={"for": "excel"}, headers=asked).text == french.text
    refused = sqlite_api.get(AT, "reviewer", params={"f": "csv", "locale": "fr"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "?locale")


def test_only_reviewers_get_and_send_sheets(sqlite_api):
    """What waits is not public."""
    assert [sqlite_api.get(AT, who).status_code for who in (None, "contributor")] == [401, 403]
    assert send(sqlite_api, b"x", "contributor").status_code == 403


def test_a_preview_tells_each_row_and_keeps_nothing(sqlite_api):
    """What would change, what is passed over, what is refused, why and how it is mended."""
    flagged(sqlite_api, 4)
    rows = table(sqlite_api)
    filled = [
        decided(rows[0]),
        rows[1],
        decided(rows[2], "certainly"),
        decided(rows[3], "Rejected", "because"),
    ]
    answer = send(sqlite_api, written(filled))
    assert answer.status_code == 200, answer.text
    told = answers_deciding.SheetDecidedShown.model_validate_json(answer.content)
    assert (told.preview, told.rows, told.undecided, told.decided, told.refused) == (True, 4, 1, 1, 2)
    assert [(one.row, one.outcome) for one in told.items] == [(2, "decided"), (4, "refused"), (5, "refused")]
    first, unknown, unlisted = told.items
    assert (first.name, first.status_before, first.decision, first.version) == ("Bondeni", "open", "confirmed", 2)
    assert (unknown.problem.column, unknown.problem.detail) == ("decision", "'certainly' is no decision.")
    assert (unlisted.problem.column, unlisted.problem.code) == ("reason_code", "invalid")
    assert "not_a_community" in unlisted.problem.hint
    assert {row["status"] for row in table(sqlite_api)} == {"open"}


def test_rows_are_decided_each_for_itself_and_once(api):
    """Good rows go through whatever is refused; the same file again, or what was mended of it, doubles nothing."""
    flags = flagged(api, 2)
    rows = table(api)
    filled = written([decided(rows[0], note="Seen; on 3 March"), decided(rows[1], "rejected", "because")])
    answer = send(api, filled, preview="false")
    assert answer.status_code == 207, answer.text
    told = answer.json()
    assert [(one["flag_id"], one["outcome"], one["version"]) for one in told["items"]] == [
        (flags[0], "decided", 2),
        (flags[1], "refused", 1),
    ]
    assert told["items"][1]["problem"]["detail"] == "There is no such reason: because."
    again = send(api, filled, preview="false").json()
    assert [one["outcome"] for one in again["items"]] == ["unchanged", "refused"]
    (review,) = api.get(f"/v1/flags/{flags[0]}", "reviewer").json()["reviews"]
    assert (review["decision"], review["reason_code"], review["note"]) == (
        "confirmed",
        "field_visit",
        "Seen; on 3 March",
    )


def test_who_was_quicker_is_told_in_the_row(sqlite_api):
    """A row about an older version is refused, with who changed the flag and when; another person's is not theirs."""
    (flag,) = flagged(sqlite_api)
    filled = written([decided(row) for row in table(sqlite_api)])
    sqlite_api.decide(flag, "needs_field_check", "admin")
    for preview, status in (("true", 200), ("false", 207)):
        answer = send(sqlite_api, filled, preview=preview)
        (item,) = answer.json()["items"]
        assert (answer.status_code, item["outcome"], item["problem"]["status"]) == (status, "refused", 409)
        assert "desk brought the flag to version 2 (needs_field_check) at 20" in item["problem"]["detail"]


def test_whoever_confirmed_does_not_publish_by_a_sheet_either(sqlite_api):
    """Four eyes hold; another publisher may."""
    (flag,) = flagged(sqlite_api)
    with sqlite_api.context.store.begin() as session:
        sqlite_api.keys["publisher"] = keys.create(session, "statistics-office", Role.PUBLISHER, "test")
    sqlite_api.decide(flag, "confirmed", "publisher")
    filled = written([decided(row, "published", "release") for row in table(sqlite_api, status="confirmed")])
    refused = send(sqlite_api, filled, "publisher", preview="false").json()["items"][0]
    assert (refused["outcome"], refused["problem"]["code"]) == ("refused", "not-permitted")
    assert "ask another publisher" in refused["problem"]["detail"]
    assert send(sqlite_api, filled, "admin", preview="false").json()["items"][0]["outcome"] == "decided"


def test_an_entry_is_looked_up_on_the_list(sqlite_api):
    """One that is there goes through; one whose zeros a spreadsheet took is refused, and guessed."""
    flagged(sqlite_api, 2)
    rows = table(sqlite_api)
    filled = [
        decided(rows[0], "matched_existing", "alias", official_id=rows[0]["candidate_id"]),
        decided(rows[1], "matched_existing", "alias", official_id="V9"),
    ]
    told = send(sqlite_api, written(filled)).json()["items"]
    assert [one["outcome"] for one in told] == ["decided", "refused"]
    assert told[1]["problem"]["column"] == "official_id"
    assert "has no entry V9" in told[1]["problem"]["detail"]
    done = send(sqlite_api, written(filled), preview="false").json()["items"]
    assert [one["outcome"] for one in done] == ["decided", "refused"]
    shown = sqlite_api.get(f"/v1/flags/{rows[0]['flag_id']}", "reviewer").json()
    assert (shown["status"], shown["official"]["id"]) == ("matched_existing", rows[0]["candidate_id"])
    assert done[0]["version"] == shown["version"]


def test_a_flag_that_stands_twice_is_decided_once(sqlite_api):
    """The second row says where the first stands."""
    flagged(sqlite_api)
    (row,) = table(sqlite_api)
    told = send(sqlite_api, written([decided(row), decided(row, "rejected", "duplicate")]), preview="false").json()
    assert [one["outcome"] for one in told["items"]] == ["decided", "refused"]
    assert told["items"][1]["problem"]["detail"] == "This flag stands in row 2 too."


def test_results_come_as_a_table_with_rows_of_the_file(sqlite_api):
    """CSV and XLSX, all of it or what was refused."""
    flagged(sqlite_api, 2)
    rows = table(sqlite_api)
    filled = written([decided(rows[0]), decided(rows[1], "nothing")])
    text = send(sqlite_api, filled, f="csv", only="refused").content.decode()
    (refused,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (refused["row"], refused["outcome"], refused["column"]) == ("3", "refused", "decision")
    answer = send(sqlite_api, filled, f="xlsx")
    assert answer.headers["content-disposition"] == 'attachment; filename="results.xlsx"'
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_name("results").to_python()
    assert [row[0] for row in sheet] == ["row", 2.0, 3.0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"name,decision\nLindi,confirmed\n", "The file has no column flag_id and no column version"),
        (b"%PDF-1.4", "The file cannot be read: the file is a PDF"),
        (b"PK\x03\x04 broken", "The file cannot be read"),
    ],
)
def test_a_file_that_is_no_sheet_is_refused_with_a_hint(sqlite_api, content, told):
    """What it is and what to do, not a failure of the service."""
    answer = send(sqlite_api, content)
    assert answer.status_code == 422, answer.text
    assert answer.json()["detail"].startswith(told)
    assert answer.json()["errors"][0]["hint"]


def test_a_hidden_flag_does_not_exist_for_a_reviewer(sqlite_api):
    """A closed community is in no sheet, and a row about it is answered as one about nothing."""
    answer = sqlite_api.post("/v1/records", sqlite_api.absent | {"sensitivity": "closed"})
    flag = answer.json()["flag_id"]
    assert table(sqlite_api) == []
    body = f"flag_id,version,decision,reason_code\n{flag},1,confirmed,field_visit\n{'0' * 32},1,confirmed,field_visit\n"
    hidden, unknown = send(sqlite_api, body.encode(), preview="false").json()["items"]
    assert (hidden["outcome"], hidden["problem"]["status"], hidden["name"]) == ("refused", 404, None)
    assert hidden["problem"] | {"detail": ""} == unknown["problem"] | {"detail": ""}


def test_a_deferral_says_until_when(sqlite_api):
    """With a day that is ahead it goes through; without one it is refused, and told what to write."""
    flagged(sqlite_api, 3)
    rows = table(sqlite_api)
    ahead = datetime.now(UTC).date() + timedelta(days=60)
    filled = [
        decided(rows[0], "deferred", "nobody_free", until=f"{ahead:%d %b %Y}"),
        decided(rows[1], "deferred", "nobody_free"),
        decided(rows[2], "deferred", "nobody_free", until="soon"),
    ]
    told = send(sqlite_api, written(filled), preview="false").json()["items"]
    assert [one["outcome"] for one in told] == ["decided", "refused", "refused"]
    assert {one["problem"]["column"] for one in told[1:]} == {"until"}
    assert sqlite_api.get(f"/v1/flags/{rows[0]['flag_id']}", "reviewer").json()["deferred_until"] == ahead.isoformat()


def test_a_key_sees_and_decides_within_its_territory(sqlite_api):
    """What lies elsewhere is in no sheet; a row about it is refused, saying where the key works."""
    (flag,) = flagged(sqlite_api)
    with sqlite_api.context.store.begin() as session:
        wanted = keys.Wanted("ubos", Role.REVIEWER, "test", areas=(Area("UGA"),))
        sqlite_api.keys["away"] = keys.issue(session, wanted)
    assert sqlite_api.get(AT, "away", params={"f": "csv"}).text.count("\r\n") == 1
    body = f"flag_id,version,decision,reason_code\n{flag},1,confirmed,field_visit\n"
    (item,) = send(sqlite_api, body.encode(), "away", preview="false").json()["items"]
    assert (item["outcome"], item["name"]) == ("refused", None)


def test_a_row_speaks_of_what_was_refused_as_the_flag_itself_does(sqlite_api):
    """The same decision about the same flag is refused with the same words, by the sheet and by itself."""
    flagged(sqlite_api)
    (row,) = table(sqlite_api)
    for decision, reason in (("published", "release"), ("confirmed", "duplicate"), ("matched_existing", "alias")):
        (item,) = send(sqlite_api, written([decided(row, decision, reason)])).json()["items"]
        alone = sqlite_api.decide(row["flag_id"], decision, reason_code=reason, expected_version=1).json()
        assert (item["problem"]["detail"], item["problem"]["code"]) == (alone["detail"], alone["code"])


def test_the_most_urgent_comes_first_with_who_is_at_work(sqlite_api):
    """In the order of the queue; what somebody else claimed is said, and refused in a row about it."""
    flagged(sqlite_api, 3)
    queued = [one["flag_id"] for one in sqlite_api.get("/v1/queue", "reviewer").json()["items"]]
    taken = sqlite_api.post(f"/v1/flags/{queued[0]}/claims", {}, "admin")
    assert taken.status_code in {200, 201}, taken.text
    text = sqlite_api.get(AT, "reviewer", params={"f": "csv"}).content.decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["flag_id"] for row in rows] == queued
    assert rows[0]["claimed_by"].startswith("desk, until 20")
    assert {row["claimed_by"] for row in rows[1:]} == {""}
    (item,) = send(sqlite_api, written([decided(rows[0])])).json()["items"]
    assert (item["outcome"], item["problem"]["code"]) == ("refused", "claimed")
