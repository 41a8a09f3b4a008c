"""Communities that are people, not places: which official categories hold them, and whether they are counted at all."""

from matchers.groups.block import GroupBlock
from matchers.groups.finding import GroupFinding, judge_groups
from matchers.groups.subject import Claim, Listed

__all__ = ["Claim", "GroupBlock", "GroupFinding", "Listed", "judge_groups"]
