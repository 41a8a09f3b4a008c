"""How good the links with an official list are, from what people decided about flags."""

from __future__ import annotations

from matchers.coverage.linkage import LinkQuality
from service.coverage.membership import Members, State
from service.store.captures import Judged


def quality(members: Members, judged: Judged) -> LinkQuality | None:
    """Return precision and recall of the links as they stand; None where people judged none, or found none right.

    People look at two sorts of pairs, in very different shares, so each share is carried to its own sort: of pairs that
    the machine linked, how many are right; of communities that it found absent, how many are listed after all. What
    people decided stands corrected already, so only what nobody looked at is weighed down by these shares.
    """
    linked = sum(one.state is State.ON for one in members.communities)
    missed = sum(one.missed for one in members.communities)
    absent = sum(one.absent for one in members.communities)
    of_links, of_absent = judged.right + judged.wrong, missed + absent
    if not (linked and judged.right and of_absent):
        return None
    unseen = max(linked - judged.right - missed, 0)
    unseen_absent = sum(one.state is State.OFF for one in members.communities) - absent
    right = linked - unseen * judged.wrong / of_links
    return LinkQuality(
        precision=right / linked,
        recall=right / (right + unseen_absent * missed / of_absent),
        of_links=of_links,
        of_pairs=of_absent,
    )
