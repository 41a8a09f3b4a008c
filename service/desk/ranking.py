"""Ranking anew: of flags from before there was a queue, or after its policy was changed."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from service.context import Context
from service.figures.people import usable
from service.store import ranking
from service.store.ranking import Unranked
from service.urgency.loss import Stakes

BATCH = 500  # flags read and written at a time


def rank(context: Context) -> int:
    """Rank every flag that another policy ranked, or none, and return how many; a crash loses nothing."""
    done = after = 0
    while True:
        with context.store.read() as session:
            found = ranking.unranked(session, after, BATCH)
        if not found:
            return done
        context.store.write(partial(ranking.write, found=[(one, _stakes(one)) for one in found]))
        done, after = done + len(found), found[-1].seq


def _stakes(one: Unranked) -> Stakes:
    heads = usable(one.account.counts)
    return replace(one.stakes, people=None if heads is None else heads.estimate)
