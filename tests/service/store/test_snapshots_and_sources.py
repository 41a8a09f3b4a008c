"""Snapshots and sources: one present state of each, all older ones as evidence."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from service.errors import INTERNAL, NOT_FOUND, Problem
from service.store import snapshots, sources
from service.store.sources import Configuration


@pytest.fixture
def catalogued(store, scene):
    """Give a function that makes a snapshot present and returns its entry."""

    def catalogue(sha256, source="ke-villages", places=10):
        made = scene.entry(sha256, scene.official((), source=source), places)
        with store.begin() as session:
            sources.configure(session, source, Configuration("register", "List", {}), made.retrieved_at)
            snapshots.make_current(session, made, made.retrieved_at)
        return made

    return catalogue


def test_the_present_snapshot_moves_and_the_old_one_stays(store, catalogued):
    """Of each source one snapshot is present; the older ones are listed behind it."""
    catalogued("one")
    newer = catalogued("two")
    with store.read() as session:
        assert snapshots.current(session, "ke-villages") == newer
        assert [(one.sha256, one.current) for one in snapshots.page(session).items] == [("two", True), ("one", False)]
        assert snapshots.get(session, "two") == newer


def test_the_database_refuses_two_present_snapshots_of_one_source(store, catalogued):
    """The rule holds even where the code forgets it."""
    catalogued("one")
    catalogued("two")
    with pytest.raises(Problem) as raised, store.begin() as session:
        session.execute(text("UPDATE snapshots SET current = TRUE"))
    assert raised.value.kind is INTERNAL


def test_lists_are_the_present_snapshots_that_hold_places(store, catalogued):
    """Figures without places are no list, and sources come in a fixed order."""
    catalogued("b", source="b")
    catalogued("a", source="a")
    catalogued("figures", source="c", places=0)
    with store.read() as session:
        assert snapshots.current_lists(session) == ("a", "b")


def test_pages_of_snapshots_go_from_the_newest_back(store, catalogued):
    """Each page continues where the one before ended; a source narrows them."""
    for name in "abcde":
        catalogued(name, source="even" if name in "bd" else "odd")
    seen, cursor = [], None
    with store.read() as session:
        while True:
            page = snapshots.page(session, cursor=cursor, limit=2)
            seen.append([one.sha256 for one in page.items])
            cursor = page.next_cursor
            if cursor is None:
                break
        assert seen == [["e", "d"], ["c", "b"], ["a"]]
        assert [one.sha256 for one in snapshots.page(session, source="even").items] == ["d", "b"]


def test_a_source_that_was_never_synced_has_no_snapshot(store, scene):
    """It is listed all the same, with what is known about it."""
    with store.begin() as session:
        at = scene.entry("x", scene.official(()), 0).retrieved_at
        sources.configure(session, "new", Configuration("register", "A new list", {"path": "/x.csv"}), at)
        sources.set_checked(session, "new", at, "it cannot be opened")
    with store.read() as session:
        (source,) = sources.all(session)
        assert sources.configuration(session, "new") == Configuration("register", "A new list", {"path": "/x.csv"})
    assert (source.id, source.title, source.current, source.last_error) == (
        "new",
        "A new list",
        None,
        "it cannot be opened",
    )


def test_unknown_sources_and_snapshots_are_not_found(store):
    """Both say what there is not."""
    for get in (sources.get, snapshots.get):
        with pytest.raises(Problem, match="There is no") as raised, store.read() as session:
            get(session, "none")
        assert raised.value.kind is NOT_FOUND
    with store.read() as session:
        assert sources.configuration(session, "none") is None
        assert snapshots.current(session, "none") is None
