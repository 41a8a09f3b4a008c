"""Nouns: every event says of its noun how many flags may look different after it."""

from __future__ import annotations

import re
from pathlib import Path

import service
from service.store import moved, touches
from service.store.nouns import BREADTHS, SILENT, Breadth, nouns


def test_every_noun_of_an_event_is_thought_about():
    """Whoever adds events of a noun says what they touch: else nobody is told, and all is read after each."""
    texts = [path.read_text(encoding="utf-8") for path in Path(service.__file__).parent.rglob("*.py")]
    added = {noun for text in texts for noun in re.findall(r'Event\(\s*f?"([a-z_]+)\.', text)}
    assert added <= set(BREADTHS)
    assert "record" in added
    assert {kind.partition(".")[0] for kind in SILENT} <= set(nouns(Breadth.OWN))


def test_who_tells_and_who_keeps_agree():
    """Whatever is told as a change is read anew by whoever keeps flags, except a passport, which no layer shows."""
    assert set(touches._TOUCHING) & set(moved._APART) == {"passport"}
    assert set(touches._TOUCHING) | set(moved._APART) == set(BREADTHS)
