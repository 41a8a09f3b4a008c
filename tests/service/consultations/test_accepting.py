"""Accepting: all of a batch or none, the same again changes nothing, and no text, name or moment is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, text

from service.accounts.statement import Answers, Form, Question, Statement
from service.callers.caller import ANONYMOUS, Role
from service.consultations.accepting import Post, Sent, accept
from service.errors import CONFLICT, KEY_NEEDED, Problem
from service.store import events, statements


def sent(own_id="1", words=(), **parts):
    """Return a response as it comes in."""
    given = {"country": "KEN", "groups": Answers(("women",)), "ages": (("20-40", 1),), **parts}
    return Sent(Statement(Form.RESPONSE, **given), own_id, tuple(words))


def outcomes(receipts):
    """Return what became of each."""
    return [(receipt.outcome.value, receipt.revision) for receipt in receipts]


def test_sent_again_nothing_changes_and_a_correction_supersedes(context, scene):
    """The same content is known; other content is the next version, and the one before stays readable as it was."""
    by = scene.caller(context.store)
    first = accept(context, Post("survey", [sent("1"), sent("2")], by))
    again = accept(context, Post("survey", [sent("1"), sent("2", groups=Answers(("children",)))], by))
    assert outcomes(first) == [("created", 1), ("created", 1)]
    assert outcomes(again) == [("unchanged", 1), ("revised", 2)]
    with context.store.read() as session:
        kept = statements.of_country(session, "KEN")
    assert [(one.revision, one.arrival, one.superseded, one.statement.groups.known) for one in kept] == [
        (1, 1, None, ("women",)),
        (1, 1, 2, ("women",)),
        (2, 2, None, ("children",)),
    ]


def test_an_id_twice_in_one_batch_is_what_was_said_last(context, scene):
    """One version is kept, the later one."""
    by = scene.caller(context.store)
    told = accept(context, Post("survey", [sent("1"), sent("1", groups=Answers(("men",)))], by))
    assert outcomes(told) == [("created", 1), ("revised", 1)]
    with context.store.read() as session:
        (kept,) = statements.of_country(session, "KEN")
    assert kept.statement.groups.known == ("men",)


def test_one_id_in_two_collections_forms_or_organisations_is_several_people(context, scene):
    """An identifier is the organisation's own, within one collection and form."""
    one, other = scene.caller(context.store), scene.caller(context.store, "another")
    posts = [Post("survey", [sent()], one), Post("survey 2", [sent()], one), Post("survey", [sent()], other)]
    posts.append(Post("survey", [Sent(Statement(Form.MEETING, "KEN"), "1")], one))
    assert [accept(context, post)[0].outcome.value for post in posts] == ["created"] * 4


def test_an_idempotency_key_answers_alike_and_refuses_other_content(context, scene):
    """A retry under the key is kept once even without identifiers."""
    by = scene.caller(context.store)
    first = accept(context, Post("survey", [sent(None)], by, "k"))
    assert accept(context, Post("survey", [sent(None)], by, "k")) == first
    with pytest.raises(Problem) as refused:
        accept(context, Post("survey", [sent(None), sent(None)], by, "k"))
    assert refused.value.kind is CONFLICT


def test_nobody_in_particular_sends_nothing(context):
    """Responses are kept under the name of an organisation."""
    with pytest.raises(Problem) as refused:
        accept(context, Post("survey", [sent()], ANONYMOUS))
    assert refused.value.kind is KEY_NEEDED


def test_no_identifier_text_or_moment_is_kept(context, scene):
    """What tells who answered, and when, is in no column: of the own identifier there is a digest."""
    by = scene.caller(context.store)
    accept(context, Post("survey", [sent("achieng-0700", words=[(Question.GROUPS, "people of the bank")])], by))
    with context.store.read() as session:
        row = session.execute(text("SELECT * FROM statements")).mappings().one()
        columns = {column["name"] for column in inspect(session).get_columns("statements")}
    assert "achieng" not in repr(row)
    assert "bank" not in repr(row)
    assert not {column for column in columns if "at" in column.split("_") or "time" in column}


def test_words_nobody_could_group_are_counted_for_their_organisation(context, scene):
    """They stand apart from who said them, and sent again unchanged they count no further."""
    by = scene.caller(context.store)
    words = [(Question.GROUPS, "people of the bank")]
    batch = [sent("1", words), sent("2", words), sent("3", [(Question.DRIVERS, "habit")])]
    accept(context, Post("survey", batch, by))
    accept(context, Post("survey", batch, by))
    with context.store.read() as session:
        told = statements.words(session, "map-kibera", "survey", 10)
        assert statements.words(session, "another", "survey", 10) == []
    assert told == [
        {"question": "groups", "word": "people of the bank", "times": 2},
        {"question": "drivers", "word": "habit", "times": 1},
    ]


def test_what_was_received_is_an_event_in_numbers(context, scene):
    """The journal says how many came, and nothing of what they said."""
    by = scene.caller(context.store)
    accept(context, Post("survey", [sent("1"), sent("2")], by))
    accept(context, Post("survey", [sent("1"), sent("2")], by))
    with context.store.read() as session:
        found = events.about(session, "consultation", "map-kibera")
    assert [(event.kind, event.data) for event in found] == [("consultation.received", {"created": 2})]


def test_a_caller_of_any_role_may_send(context, scene):
    """A reviewer's organisation may ask people too."""
    by = scene.caller(context.store, "office", Role.REVIEWER)
    assert outcomes(accept(context, Post("survey", [sent()], by))) == [("created", 1)]
