"""A survey of the size and make-up of the founding report: in through the file, and its margins out again."""

from __future__ import annotations

import time
from io import BytesIO

import pytest
import xlsxwriter

from bench.survey import AGES, COLUMNS, COUNTRIES, GENDERS, RESPONSES, as_csv, parted, responses
from geodata.files.delimited import read_delimited
from geodata.files.tables import read_table
from service.callers.caller import ANONYMOUS, Caller, Role
from service.consultations.accepting import Post, accept
from service.consultations.margins import survey_margins
from service.consultations.reading import Defaults, read_statements
from service.consultations.summary import SummaryScope, country_summary
from service.errors import NOT_FOUND, Problem

KEY = ("civil", "Global survey")
BY = Caller("civil", None, Role.ADMIN)


def as_xlsx(content):
    """Return the file as a workbook."""
    out = BytesIO()
    table = read_delimited(content)
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, table.headers)
        for at, row in enumerate(zip(*(column.to_pylist() for column in table.columns.columns), strict=True), start=1):
            sheet.write_row(at, 0, row)
    return out.getvalue()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_survey_of_the_report_comes_in_and_its_margins_come_out(context, form):
    """4,747 responses of 102 countries, through the file as it is exported; every printed share to the percent."""
    content = as_csv(responses())
    content = as_xlsx(content) if form == "xlsx" else content
    began = time.perf_counter()
    reading = read_statements(read_table(content, f"survey.{form}"), Defaults(consent="public_aggregate"))
    receipts = accept(context, Post(KEY[1], reading.sent, BY))
    took = time.perf_counter() - began
    database = context.store.url.get_backend_name()
    print(f"\n{len(receipts):,} responses from {form} on {database}: {took:.1f} s")  # noqa: T201 - shown with -s
    assert (len(receipts), reading.problems, reading.ignored) == (RESPONSES, (), COLUMNS[-2:])
    again = accept(context, Post(KEY[1], reading.sent, BY))
    assert {receipt.outcome.value for receipt in again} == {"unchanged"}
    for caller, exact in ((BY, True), (ANONYMOUS, False)):
        told = survey_margins(context, KEY, caller)
        assert told["respondents"] == RESPONSES
        assert {one["band"]: one["share"] for one in told["ages"]} == AGES
        assert {one["gender"]: one["share"] for one in told["genders"]} == GENDERS
        assert len(told["countries"]) == COUNTRIES
        assert (told["edition"] == "exact") == exact
    inside = survey_margins(context, KEY, BY)
    assert {one["band"]: one["people"] for one in inside["ages"]} == parted(AGES, RESPONSES)
    assert {one["gender"]: one["people"] for one in inside["genders"]} == parted(GENDERS, RESPONSES)
    for name, total in (("ages", AGES), ("genders", GENDERS)):
        term = "band" if name == "ages" else "gender"
        for one in total:
            by_country = sum(row["people"] for part in inside["countries"] for row in part[name] if row[term] == one)
            assert by_country == parted(total, RESPONSES)[one]
    assert sum(one["people"] for one in inside["ages_by_gender"]) == RESPONSES


def test_the_countries_of_the_survey_read_the_same_in_their_summaries(sqlite_context):
    """For outsiders a margin by country is that of the country's summary: nothing is told twice differently."""
    reading = read_statements(read_table(as_csv(responses()), "survey.csv"), Defaults(consent="public_aggregate"))
    accept(sqlite_context, Post(KEY[1], reading.sent, BY))
    told = {one["country"]: one for one in survey_margins(sqlite_context, KEY, ANONYMOUS)["countries"]}
    for country in ("KEN", *sorted(told)[:5]):
        surveys = country_summary(sqlite_context, SummaryScope(country), ANONYMOUS)["surveys"]
        own = told[country]
        assert (own["respondents"], own["ages"], own["genders"]) == (
            surveys["people"],
            surveys["ages"],
            surveys["genders"],
        )


def test_a_survey_nobody_may_read_is_not_there(context, asked):
    """What does not exist and what has no public edition answer alike."""
    asked(context)
    for key in (("civil", "Dialogue 2017"), ("civil", "nothing"), ("nobody", "Survey 2026")):
        with pytest.raises(Problem) as refused:
            survey_margins(context, key, ANONYMOUS)
        assert refused.value.kind is NOT_FOUND
