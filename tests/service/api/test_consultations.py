"""Consultations over HTTP: batches answered item by item, summaries as each caller may read them."""

from __future__ import annotations

import csv
import io
import time
from xml.etree import ElementTree as ET

import orjson
import pytest
from sqlalchemy import text

from bench.survey import AGES, COUNTRIES, GENDERS, RESPONSES, responses
from service.api import answers_consultations as answers
from service.api import examples_consultations as examples

HERE = "/v1/collections/Survey%202026"


def survey(number, **parts):
    """Return so many responses of people in Kenya who name the Maasai, and as many who name women."""
    groups = ("Maasai", "women")
    return [
        {"id": f"r{at}", "country": "KEN", "groups": groups[at % 2], "consent": "public_aggregate", **parts}
        for at in range(number)
    ]


@pytest.mark.parametrize(("path", "given"), [("responses", examples.RESPONSES), ("meetings", examples.MEETINGS)])
def test_every_example_works_as_json_and_as_lines(api, path, given):
    """Each example is kept, and sent again as NDJSON it is known word for word."""
    values = given["one"]["value"]
    answer = api.post(f"{HERE}/{path}", values)
    assert answer.status_code == 200, answer.text
    told = answers.StatementBatchShown.model_validate_json(answer.content)
    assert [(item.status, item.statement.outcome.value) for item in told.items] == [(201, "created")]
    lines = b"\n".join(map(orjson.dumps, values))
    again = api.raw(f"{HERE}/{path}", lines, "application/x-ndjson").json()
    assert [(item["line"], item["status"]) for item in again["items"]] == [(1, 200)]


def test_good_items_are_kept_whatever_is_wrong_with_others(sqlite_api):
    """Each mistake has a pointer and a hint; what would tell who answered has no field to be sent in."""
    good, bad = survey(1)[0], {"country": "KEN"}
    batch = [
        good,
        {**bad, "age": "soon"},
        {**bad, "gender": "?"},
        {**bad, "name": "Achieng", "telephone": "+254"},
        {**bad, "submitted_at": "2026-03-31T12:00:00Z"},
        {"country": "Atlantis"},
    ]
    answer = sqlite_api.post(f"{HERE}/responses", batch)
    told = answer.json()
    assert (answer.status_code, told["accepted"], told["refused"]) == (207, 1, 5)
    pointers = [item["problem"]["errors"][0]["pointer"] for item in told["items"][1:]]
    assert pointers == ["/1/age", "/2/gender", "/3/name", "/4/submitted_at", "/5/country"]


def test_meetings_have_to_add_up(sqlite_api):
    """More people of an age than took part is a mistake; without a total the bands are added."""
    meeting = {"country": "KEN", "participants": {"total": 10, "by_age": {"20-40": 11}}}
    bands = {"country": "KEN", "participants": {"by_age": {"20-40": 11, "40-60": 4}, "by_gender": {"F": 9}}}
    told = sqlite_api.post(f"{HERE}/meetings", [meeting, bands]).json()
    assert [item["status"] for item in told["items"]] == [422, 201]
    assert told["items"][0]["problem"]["errors"][0]["pointer"] == "/0/participants/by_age"
    shown = sqlite_api.get("/v1/countries/KEN/summary", "admin").json()["dialogues"]
    assert (shown["people"], [one["people"] for one in shown["ages"]]) == (15, [11, 4])


def test_a_retried_batch_is_kept_once(api):
    """Under an Idempotency-Key, responses without identifiers are kept once and answered alike."""
    batch = [{"country": "KEN", "groups": "women"}] * 3
    first = api.post(f"{HERE}/responses", batch, **{"Idempotency-Key": "k"}).json()
    again = api.post(f"{HERE}/responses", batch, **{"Idempotency-Key": "k"}).json()
    ids = [[item["statement"]["id"] for item in told["items"]] for told in (first, again)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 3


@pytest.mark.parametrize("body", [{}, [], "women"])
def test_what_is_no_batch_is_refused(sqlite_api, body):
    """An object, an empty array and a text are refused as a whole."""
    assert sqlite_api.post(f"{HERE}/responses", body).status_code == 422


def test_without_a_key_nothing_is_sent_or_looked_at(sqlite_api):
    """Responses and the words that nobody could group belong to an organisation."""
    assert sqlite_api.post(f"{HERE}/responses", survey(1), None).status_code == 401
    assert sqlite_api.get(f"{HERE}/ungrouped").status_code == 401


def test_words_nobody_could_group_are_for_their_own_organisation(api):
    """They are suggestions for a taxonomy; another organisation, even a reviewer, is shown none of them."""
    api.post(f"{HERE}/responses", [{"country": "KEN", "groups": "people of the far bank"}] * 12)
    own = api.get(f"{HERE}/ungrouped", "contributor")
    assert answers.UngroupedShown.model_validate_json(own.content).items[0].times == 12
    for who in ("stranger", "reviewer"):
        assert api.get(f"{HERE}/ungrouped", who).json() == {"items": []}
    assert "far bank" not in api.get("/v1/countries/KEN/summary", "admin").text


@pytest.mark.parametrize("who", [None, "stranger", "contributor", "reviewer", "admin"])
def test_every_answer_has_the_declared_shape(api, who):
    """Summary and margins are what the document declares, for every audience."""
    api.post(f"{HERE}/responses", survey(30, province="Turkana", age="20-40", gender="F"))
    api.post(f"{HERE}/meetings", examples.MEETINGS["one"]["value"])
    for path, shape in (
        ("/v1/countries/KEN/summary", answers.SummaryShown),
        ("/v1/surveys/map-kibera/Survey%202026/margins", answers.MarginsShown),
    ):
        answer = api.get(path, who)
        assert answer.status_code == 200, answer.text
        shape.model_validate_json(answer.content)


def test_a_summary_comes_as_table_and_as_picture(sqlite_api):
    """CSV opens in a spreadsheet; SVG says in words what it shows."""
    sqlite_api.post(f"{HERE}/responses", survey(30))
    table = sqlite_api.get("/v1/countries/KEN/summary", params={"f": "csv"})
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert {row["label"]: row["respondents"] for row in rows} == {"Maasai": "15", "Women": "15"}
    picture = sqlite_api.get("/v1/countries/KEN/summary", headers={"Accept": "image/svg+xml"})
    assert picture.headers["content-type"] == "image/svg+xml"
    assert ET.fromstring(picture.content)[0].text.startswith("Named as left behind in Kenya")  # noqa: S314 - our own


def test_one_answer_more_changes_no_public_number(api):
    """Read before and after one respondent, the public summary is the same to the byte; who asked sees the new one."""
    api.post(f"{HERE}/responses", survey(30, province="Turkana"))
    before = api.get("/v1/countries/KEN/summary")
    api.post(f"{HERE}/responses", [{"id": "x", "country": "KEN", "groups": "Maasai", "consent": "public_aggregate"}])
    assert api.get("/v1/countries/KEN/summary").content == before.content
    own = api.get("/v1/countries/KEN/summary", "contributor", params={"organisation": "map-kibera"}).json()
    assert own["surveys"]["people"] == 31


def test_outsiders_cannot_narrow_a_summary(sqlite_api):
    """Parts could be subtracted: to ask for one organisation needs its key, or a reviewer's."""
    sqlite_api.post(f"{HERE}/responses", survey(30))
    narrowed = {"organisation": "map-kibera"}
    callers = (None, "stranger", "contributor", "reviewer")
    asked = {who: sqlite_api.get("/v1/countries/KEN/summary", who, params=narrowed) for who in callers}
    assert [answer.status_code for answer in asked.values()] == [401, 403, 200, 200]


def test_without_consent_nothing_is_public(sqlite_api):
    """The default keeps responses inside, and a survey without a public edition answers like none."""
    sqlite_api.post(f"{HERE}/responses", survey(30, consent="internal"))
    assert sqlite_api.get("/v1/countries/KEN/summary").json()["groups"] == []
    hidden = sqlite_api.get("/v1/surveys/map-kibera/Survey%202026/margins")
    never = sqlite_api.get("/v1/surveys/map-kibera/never/margins")
    assert (hidden.status_code, never.status_code) == (404, 404)
    assert hidden.json()["detail"].replace("Survey 2026", "never") == never.json()["detail"]


def test_no_country_of_that_name_is_not_found(sqlite_api):
    """The answer says how to write one."""
    answer = sqlite_api.get("/v1/countries/Atlantis/summary")
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert "ISO 3166" in answer.json()["detail"]


def test_the_survey_of_the_report_comes_in_over_http(api):
    """4,747 responses in batches of a thousand; the public margins are the printed shares to the percent."""
    given = responses()
    began = time.perf_counter()
    for start in range(0, len(given), 1_000):
        answer = api.post("/v1/collections/Global/responses", given[start : start + 1_000])
        assert (answer.status_code, answer.json()["refused"]) == (200, 0)
    print(f"\n{RESPONSES:,} responses over HTTP: {time.perf_counter() - began:.1f} s")  # noqa: T201 - told to whoever runs it with -s
    with api.context.store.read() as session:
        assert session.execute(text("SELECT count(*) FROM statements")).scalar_one() == RESPONSES
    inside = api.get("/v1/surveys/map-kibera/Global/margins", "contributor").json()
    assert {one["band"]: one["share"] for one in inside["ages"]} == AGES
    assert {one["gender"]: one["share"] for one in inside["genders"]} == GENDERS
    assert (inside["respondents"], len(inside["countries"])) == (RESPONSES, COUNTRIES)
    outside = api.get("/v1/surveys/map-kibera/Global/margins").json()
    assert {one["band"]: one["share"] for one in outside["ages"]} == AGES
    assert {one["gender"]: one["share"] for one in outside["genders"]} == GENDERS
