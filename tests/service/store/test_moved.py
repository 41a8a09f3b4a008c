"""Moved: what is told to have changed since somebody read."""

from __future__ import annotations

from service.store.moved import mark, order, since


def test_a_mark_moves_with_what_happens(context, scene):
    """Nothing moved where nothing happened; a key that is made moves the mark, and no flag."""
    with context.store.read() as session:
        before = mark(session)
        assert mark(session) == before
        assert since(session, before, 10) == frozenset()
    scene.caller(context.store)
    with context.store.read() as session:
        assert mark(session).event > before.event
        assert since(session, before, 10) == frozenset()
        assert order(session, []) == {}
