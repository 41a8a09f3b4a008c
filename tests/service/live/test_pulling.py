"""Pulling: each submission is kept once, edits revise it, what is rejected or gone is withdrawn, nothing by mistake."""

from __future__ import annotations

import pytest

from connectors.errors import AccessRefused, ConnectorError
from service.errors import INVALID, Problem
from service.importing.description import describe
from service.importing.importer import turn, work_in_turn
from service.importing.plan import Usual
from service.live import pulling as verb
from service.live.receiving import Address, Fate, receive
from service.store import import_problems


@pytest.fixture(autouse=True)
def described(request):
    """Say that the collection is in Kenya."""
    for name in {"pulling", "sqlite_pulling"} & set(request.fixturenames):
        one = request.getfixturevalue(name)
        describe(one.context, "live", Usual(country="KEN"), one.caller)


def counts(brought):
    """Return what became of the submissions."""
    job = brought.job
    return brought.came, brought.left_out, job and (job.created, job.revised, job.unchanged, job.withdrawn)


def test_a_second_pull_asks_for_what_is_new_only(pulling):
    """Three in two pages; then the cursor stands, and one more is asked for with what came minutes before it."""
    one = pulling
    one.server.rows = [one.kobo(1, "Lindi", 0.518), one.kobo(2, "Turbo", 0.527), one.kobo(3, "Soi", 0.554)]
    first = one.pull()
    assert (counts(first), first.until) == ((3, 0, (3, 0, 0, 0)), "2026-03-03T10:00:00+00:00")
    one.server.asked.clear()
    one.server.rows.append(one.kobo(4, "Ziwa", 0.563))
    assert counts(one.pull()) == (2, 0, (1, 0, 1, 0))
    assert "2026-03-03T09%3A55%3A00" in one.server.asked[0]
    assert len(one.records()) == 4


def test_everything_brings_edits_and_withdraws_what_is_gone(pulling):
    """KoboToolbox tells neither; a pull of everything finds both by comparing, and a pull of news finds none."""
    one = pulling
    one.server.rows = [one.kobo(1, "Lindi", 0.518), one.kobo(2, "Turbo", 0.527), one.kobo(3, "Soi", 0.554)]
    one.pull()
    one.server.rows = [one.kobo(1, "Lindi", 0.518, _uuid="other", population="95"), one.kobo(3, "Soi", 0.554)]
    assert counts(one.pull()) == (1, 0, (0, 0, 1, 0))
    assert counts(one.pull(everything=True)) == (2, 0, (0, 1, 1, 1))
    assert one.states()["1"][1] == 2
    assert one.states()["2"][0] == "withdrawn"


def test_odk_tells_edits_reviews_and_deletions_by_itself(pulling):
    """An edit revises, a rejection and a deletion withdraw what was kept; what was never kept stays out."""
    one, later = pulling, "2026-03-20T10:00:00.000Z"
    one.server.rows = [one.odk(1, "Lindi", 0.518), one.odk(2, "Turbo", 0.527), one.odk(3, "Soi", 0.554)]
    one.server.rows.append(one.odk(4, "Ziwa", 0.563, reviewState="rejected"))
    assert counts(one.pull("odk")) == (4, 1, (3, 0, 0, 0))
    lindi = one.odk(1, "Lindi", 0.518, updatedAt=later, reviewState="edited") | {"population": 95}
    turbo = one.odk(2, "Turbo", 0.527, updatedAt=later, reviewState="rejected")
    one.server.rows, one.server.deleted = [lindi, turbo], [one.odk(3, "Soi", 0.554, deletedAt=later)]
    brought = one.pull("odk")
    assert (counts(brought), brought.withdrawn) == ((3, 2, (0, 1, 0, 0)), 2)
    states = one.states()
    assert states["uuid:1"][1] == 2
    assert (states["uuid:2"][0], states["uuid:3"][0], "uuid:4" in states) == ("withdrawn", "withdrawn", False)
    one.server.rows[1] = one.odk(2, "Turbo", 0.527, updatedAt="2026-03-21T10:00:00.000Z", reviewState="approved")
    one.server.deleted = []
    one.pull("odk")
    assert one.states()["uuid:2"][0] != "withdrawn"


def test_a_process_that_dies_before_the_cursor_moved_asks_again_and_keeps_nothing_twice(pulling, monkeypatch):
    """Kept, and then killed: the next pull asks from the old cursor, and finds everything unchanged."""
    one = pulling
    one.server.rows = [one.kobo(1, "Lindi", 0.518), one.kobo(2, "Turbo", 0.527)]

    def die(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(verb.pulls, "move", die)
        with pytest.raises(KeyboardInterrupt):
            one.pull()
    assert len(one.records()) == 2
    one.server.asked.clear()
    assert counts(one.pull()) == (2, 0, (0, 0, 2, 0))
    assert "query" not in one.server.asked[0]
    assert {revision for _, revision in one.states().values()} == {1}


@pytest.mark.parametrize(
    "trouble", [(401, b"{}"), (404, b"{}"), (429, b""), (503, b""), (200, b'{"count": 9, "next": null, "results": []}')]
)
def test_an_answer_that_is_not_whole_keeps_and_withdraws_nothing(sqlite_pulling, trouble):
    """Refusals, a busy server and missing rows leave everything as it was, the cursor too."""
    one = sqlite_pulling
    one.server.rows = [one.kobo(1, "Lindi", 0.518), one.kobo(2, "Turbo", 0.527)]
    one.pull()
    before = one.states()
    one.server.trouble = trouble
    for everything in (True, False):
        with pytest.raises(ConnectorError):
            one.pull(everything=everything)
    assert one.states() == before
    one.server.trouble = None
    assert counts(one.pull()) == (1, 0, (0, 0, 1, 0))


def test_an_empty_form_withdraws_nothing(sqlite_pulling):
    """A form that answers that it holds nothing is rather the wrong one; that is told."""
    one = sqlite_pulling
    one.server.rows = [one.kobo(1, "Lindi", 0.518)]
    one.pull()
    before = one.states()
    one.server.rows = []
    brought = one.pull(everything=True)
    assert (one.states(), brought.job) == (before, None)
    assert "nothing was compared" in brought.notes[0]


def test_a_form_with_a_rejected_submission_is_still_compared_as_a_whole(sqlite_pulling):
    """The rejected one does not stand in the way of withdrawing what is gone."""
    one = sqlite_pulling
    one.server.rows = [one.kobo(1, "Lindi", 0.518), one.kobo(2, "Turbo", 0.527), one.kobo(3, "Soi", 0.554)]
    one.pull()
    rejected = {"_validation_status": {"uid": "validation_status_not_approved"}}
    one.server.rows = [one.kobo(1, "Lindi", 0.518), one.kobo(2, "Turbo", 0.527, **rejected)]
    one.pull(everything=True)
    assert {own_id: state for own_id, (state, _) in one.states().items() if state == "withdrawn"} == {
        "2": "withdrawn",
        "3": "withdrawn",
    }


def test_a_good_submission_is_kept_beside_broken_ones(sqlite_pulling):
    """One without a name and one with an impossible latitude are told by row; the third is kept."""
    one = sqlite_pulling
    one.server.rows = [one.odk(1, "", 0.5), one.odk(2, "Turbo", 152.02), one.odk(3, "Soi", 0.554)]
    job = one.pull("odk").job
    assert (job.created, job.set_aside) == (1, 2)
    with one.context.store.read() as session:
        told = [fault.message for fault in import_problems.of(session, job.id) if not fault.kept]
    assert len(told) == 2
    assert list(one.records()) == ["uuid:3"]


def test_what_was_posted_is_unchanged_when_it_is_pulled(sqlite_pulling):
    """The same submission from a REST service and from a pull is one record that says one thing."""
    one = sqlite_pulling
    row = one.kobo(1, "Lindi", 0.518)
    assert receive(one.context, row, Address("live"), one.caller).fate is Fate.CREATED
    one.server.rows = [row, one.kobo(2, "Turbo", 0.527)]
    assert counts(one.pull(everything=True)) == (2, 0, (1, 0, 1, 0))


def test_while_another_import_is_at_work_the_cursor_waits(sqlite_pulling):
    """What was brought lies here and is kept in its turn; the next pull asks from where the last one did."""
    one = sqlite_pulling
    one.server.rows = [one.kobo(1, "Lindi", 0.518)]
    with turn(one.context, one.caller.organisation):
        brought = one.pull()
        assert (brought.until, brought.job.open, one.records()) == (None, True, {})
    work_in_turn(one.context, brought.job)
    one.server.asked.clear()
    assert counts(one.pull()) == (1, 0, (0, 0, 1, 0))
    assert "query" not in one.server.asked[0]


@pytest.mark.parametrize(
    ("tool", "options", "said"),
    [
        ("enketo", {}, "kobo and odk"),
        ("kobo", {"url": "https://kf.example.org"}, "form"),
        ("kobo", {"url": "https://kf.example.org", "form": "a", "project": "7"}, "project"),
        ("kobo", {"url": "https://kf.example.org", "form": "a", "token": "x"}, "UNCOUNTED_KOBO_TOKEN"),
        ("odk", {"password": "x"}, "UNCOUNTED_ODK_PASSWORD"),
    ],
)
def test_options_are_named_and_secrets_refused_among_them(sqlite_pulling, tool, options, said):
    """What is missing, unknown or secret is told before anybody is asked."""
    with pytest.raises(Problem, match=said) as raised:
        sqlite_pulling.pull(tool, options=options)
    assert raised.value.kind is INVALID
    assert sqlite_pulling.server.asked == []


def test_without_a_key_it_is_said_which_setting_is_missing(sqlite_pulling):
    """The hint names the variable."""
    one = sqlite_pulling
    settings = one.context.settings.model_copy(update={"kobo_token": None})
    one.context = type(one.context)(settings, one.context.store, one.context.archive, one.context.lists)
    with pytest.raises(AccessRefused) as raised:
        one.pull()
    assert "UNCOUNTED_KOBO_TOKEN" in raised.value.hint
