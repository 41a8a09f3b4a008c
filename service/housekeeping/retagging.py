"""Retagging: bring the tags that filters look at up to the rules in force.

What is shown of a record is always worked out from its fields by the rules in force. Only what lists are narrowed by
is kept, and it is kept anew here: of records from before there were tags, or after rules or groups were changed.
"""

from __future__ import annotations

from functools import partial

from service.context import Context
from service.disclosure.tags import kept_by, kept_tags
from service.store import retagging

BATCH = 500  # records read and written at a time


def retag(context: Context) -> int:
    """Tag every record whose tags follow from other rules, and return how many; a crash loses nothing."""
    done = after = 0
    while True:
        with context.store.read() as session:
            found = retagging.untagged(session, kept_by(), after, BATCH)
        if not found:
            return done
        tagged = [(one, kept_tags(one.account)) for one in found]
        context.store.write(partial(retagging.write, tagged=tagged))
        done, after = done + len(found), found[-1].seq
