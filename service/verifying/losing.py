"""Losing: which records were found on a list whose new release holds their entry no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matchers.memory.decisions import rows_of
from service.official.longlists import Listed, places_near
from service.store.values import Finding
from service.verifying.raising import Judged


def lost_of(
    judged: Sequence[Judged], before: Mapping[str, Sequence[Finding]], lists: Sequence[Listed]
) -> frozenset[str]:
    """Return the records that were one of a list's entries, are none of its new release, and whose entry is gone.

    `before` are the findings that held so far, by record. Told by the list that the verdict comes from, about the same
    revision: whoever corrects an account has not lost anything.
    """
    by_snapshot = {official.snapshot: official for official in lists}
    lost = set()
    for one in judged:
        now = one.primary
        if now is None or "matched" in now.attributes or now.snapshot not in by_snapshot:
            continue
        for old in before.get(one.record.id, ()):
            same = old.source == now.source and old.revision == now.revision and old.snapshot != now.snapshot
            if same and old.official_id and "matched" in old.attributes:
                places = places_near(by_snapshot[now.snapshot], [one.record.account])
                lost |= set() if rows_of(places, [old.official_id]) else {one.record.id}
    return frozenset(lost)
