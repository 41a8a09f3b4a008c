"""Review: record what people decide about flags, so that both sides are heard. Only such a decision publishes."""

from __future__ import annotations

from service.review.deciding import Decision, decide
from service.review.following import TRANSITIONS

__all__ = ["TRANSITIONS", "Decision", "decide"]
