"""Moved: what is told to have changed since somebody read."""

from __future__ import annotations

import re
from pathlib import Path

import service
from service.store import moved
from service.store.moved import mark, order, since

#: After which any flag may look different.
WIDE = {"coalition", "collection", "hold", "limit"}


def test_every_noun_of_an_event_is_thought_about():
    """Whoever adds events of a noun says whether flags look different after them: else all is read after each."""
    texts = [path.read_text(encoding="utf-8") for path in Path(service.__file__).parent.rglob("*.py")]
    nouns = {noun for text in texts for noun in re.findall(r'Event\(\s*f?"([a-z_]+)\.', text)}
    assert nouns <= moved._APART | moved._NARROW | WIDE
    assert "record" in nouns
    assert not (moved._APART | moved._NARROW) & WIDE


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
