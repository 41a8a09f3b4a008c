"""The queue: its order, its pages under inserts, its filters, and what keeps it in order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from service import review
from service.callers.caller import Role
from service.desk.queue import Asked, page
from service.desk.ranking import rank
from service.errors import INVALID, Problem
from service.review import Decision
from service.running import clock
from service.store import queue
from service.store.filters import FlagFilter
from service.store.flags import FLAGS
from service.store.values import FlagStatus

EVERYTHING = Asked(FlagFilter())


def ids(shown):
    """Return the flags of a page."""
    return [item["flag_id"] for item in shown.items]


def test_the_queue_goes_from_the_most_urgent_down(desk):
    """Items are in order of their expected loss, and say who lives there, where, and what was found."""
    flags = desk.many(3)
    shown = page(desk.context, EVERYTHING, desk.reviewer())
    losses = [item["expected_loss"] for item in shown.items]
    assert set(ids(shown)) == set(flags)
    assert losses == sorted(losses, reverse=True)
    assert [item["people"]["estimate"] for item in shown.items] == [150, 100, 50]
    assert shown.next_cursor is None


def test_a_walk_sees_every_flag_once_whatever_is_raised_meanwhile(desk):
    """Pages follow one another without a flag twice or left out, though a more urgent one came in between."""
    flags, reviewer = desk.many(5), desk.reviewer()
    first = page(desk.context, replace(EVERYTHING, limit=2), reviewer)
    (late,) = desk.send([desk.account("Mji Mkubwa", 90_000.0, lat=3.0)])
    seen = ids(first)
    cursor = first.next_cursor
    while cursor is not None:
        following = page(desk.context, replace(EVERYTHING, limit=2, cursor=cursor), reviewer)
        seen += ids(following)
        cursor = following.next_cursor
    assert sorted(seen) == sorted(flags)
    assert ids(page(desk.context, replace(EVERYTHING, limit=1), reviewer)) == [late.flag_id]


def test_what_is_decided_leaves_the_queue_and_what_is_taken_up_again_comes_back(desk):
    """A flag that is rejected waits for nobody; taken up again it stands where it stood."""
    (flag,), reviewer = desk.many(1), desk.reviewer()
    review.decide(desk.context, flag, Decision(FlagStatus.REJECTED, "field_visit"), reviewer)
    assert ids(page(desk.context, EVERYTHING, reviewer)) == []
    review.decide(desk.context, flag, Decision(FlagStatus.IN_REVIEW, "new_evidence"), reviewer)
    assert ids(page(desk.context, EVERYTHING, reviewer)) == [flag]


def test_what_waits_to_be_published_is_asked_for_by_its_status(desk):
    """A confirmed flag is not in the queue of what waits, and in that of what is confirmed."""
    (flag,), reviewer = desk.many(1), desk.reviewer()
    review.decide(desk.context, flag, Decision(FlagStatus.CONFIRMED, "field_visit"), reviewer)
    assert ids(page(desk.context, EVERYTHING, reviewer)) == []
    confirmed = Asked(FlagFilter(statuses=(FlagStatus.CONFIRMED,)))
    assert ids(page(desk.context, confirmed, reviewer)) == [flag]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (FlagFilter(collection="survey-2"), ["Pili"]),
        (FlagFilter(organisation="other-group"), ["Tatu"]),
        (FlagFilter(q="kwanza"), ["Kwanza"]),
        (FlagFilter(max_probability=0.0), []),
        (FlagFilter(country="TZA"), []),
        (FlagFilter(source="ke-villages"), ["Kwanza", "Pili", "Tatu"]),
    ],
)
def test_filters_narrow_the_queue(sqlite_desk, wanted, found):
    """By collection, sender, name, probability, country and list."""
    sqlite_desk.send(
        [sqlite_desk.account("Kwanza", lat=1.0), sqlite_desk.account("Pili", lat=1.5, collection="survey-2")]
    )
    sqlite_desk.send([sqlite_desk.account("Tatu", lat=2.0)], "other-group")
    shown = page(sqlite_desk.context, Asked(wanted), sqlite_desk.reviewer())
    assert sorted(item["name"] for item in shown.items) == found


def test_a_reviewer_is_not_told_of_what_is_closed_to_them(desk):
    """A closed record of another organisation is in nobody's queue but its own and an admin's."""
    desk.send([desk.account("Siri", lat=1.0, sensitivity="closed")])
    assert page(desk.context, EVERYTHING, desk.reviewer()).items == []
    assert len(page(desk.context, EVERYTHING, desk.reviewer("desk", Role.ADMIN)).items) == 1


@pytest.mark.parametrize("cursor", ["YWZ0ZXI6MQ", "f_gAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "-" * 31, "no cursor"])
def test_a_cursor_that_is_none_of_ours_is_refused(sqlite_desk, cursor):
    """One of another list, one that is no number, one of another length, one that is no cursor at all."""
    with pytest.raises(Problem) as raised:
        page(sqlite_desk.context, replace(EVERYTHING, cursor=cursor), sqlite_desk.reviewer())
    assert raised.value.kind is INVALID


def test_flags_of_before_there_was_a_queue_are_ranked_when_the_service_starts(desk):
    """Ranking anew gives each flag the urgency and the people that raising it would have given, and then rests."""
    desk.many(4)
    with desk.context.store.read() as session:
        before = session.execute(select(FLAGS.c.id, FLAGS.c.urgency, FLAGS.c.people).order_by(FLAGS.c.id)).all()
    with desk.context.store.begin() as session:
        session.execute(update(FLAGS).values(urgency=None, people=None, ranked_by=""))
    assert rank(desk.context) == 4
    with desk.context.store.read() as session:
        after = session.execute(select(FLAGS.c.id, FLAGS.c.urgency, FLAGS.c.people).order_by(FLAGS.c.id)).all()
    assert after == before
    assert rank(desk.context) == 0


def test_a_page_of_the_queue_costs_no_more_queries_for_more_flags(desk):
    """As many statements are sent for twelve flags as for two."""
    from sqlalchemy import event  # noqa: PLC0415 - a test of the store's own statements

    desk.many(12)
    reviewer, sent = desk.reviewer(), []
    event.listen(desk.context.store.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
    counted = []
    for limit in (2, 12):
        page(desk.context, replace(EVERYTHING, limit=limit), reviewer)
        counted.append(len(sent))
        sent.clear()
    assert counted[1] <= counted[0] + 1  # the longer page asks once more whether there is another


def test_the_index_answers_the_order_of_the_queue(sqlite_desk):
    """SQLite reads the queue along the index of what waits, without sorting."""
    sqlite_desk.many(1)
    wanted = queue.QueueFilter(FlagFilter(), clock.now())
    query = queue._ordered(wanted, None).limit(10)
    with sqlite_desk.context.store.read() as session:
        text = str(query.compile(session, compile_kwargs={"literal_binds": True}))
        plan = " ".join(row[-1] for row in session.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}"))
    assert "ix_flags_urgency_id" in plan
    assert "TEMP B-TREE FOR ORDER BY" not in plan
