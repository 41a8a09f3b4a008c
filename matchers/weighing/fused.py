"""Records weighed in one pass: what `hopeful(weigh_unread(task))` returns, without ever holding all pairs.

Compiled code finds the candidates of each record, weighs them and drops those that can matter to nobody. What is left,
some eight pairs of hundreds, is then weighed feature by feature as columns, with levels and bits.
"""

from __future__ import annotations

import numpy as np

from matchers.candidates import paired
from matchers.company.joint import hopeful
from matchers.features.compiled_names import Comparison
from matchers.features.names import evidence_of
from matchers.kernels.fusing import fuse
from matchers.kernels.sheets import Found
from matchers.kernels.tables import CANDIDATE, ENTRY, KEPT
from matchers.model import Ground, Mass, Task, Weighed, prior_in, weigh_beside, weighed_of
from matchers.shortlist import CLAIM
from matchers.weighing.accounts import accounts_of
from matchers.weighing.sites import listed_of

_ROOM, _KEPT = 512, 8  # candidates of a record, and those kept of each, that there is room for to begin with


def weigh_hopeful(task: Task) -> Weighed:
    """Return the hopeful pairs of every record of a task that no decision speaks of; names as yet unread."""
    index, ground = task.official.index, Ground.of(task)
    listed = listed_of(index, task.profile, task.parameters)
    comparison = Comparison.of(task.records, (index, task.profile.rarity), task.parameters.names)
    q = prior_in(task)
    worth = listed.worth._replace(least=CLAIM * q * max(len(index.places), 1) / max(1 - q, 2.0**-60))
    blank = np.zeros(_ROOM, CANDIDATE), np.zeros(_ROOM, ENTRY), np.zeros(_KEPT * len(task.records.places) + 1, KEPT)
    totals, kept, _ = fuse(
        accounts_of(task, ground),
        (comparison.asked, comparison.held, comparison.numbers),
        (listed.sites, worth),
        blank,
    )
    kept = kept[np.lexsort((kept["row"], kept["record"]))]
    pairs = paired(kept["record"], kept["row"], (task.records.places, index.places))
    best = comparison.told(Found(*(kept[name].copy() for name in ("level", "ratio", "similarity", "mine", "theirs"))))
    evidence = weigh_beside(task, pairs, ground, evidence_of(best, comparison.reread))
    return hopeful(weighed_of(task, ground, (pairs, evidence), Mass(*totals)))
