"""Which decisions people take about flags, in the order they are offered, and what each says."""

from __future__ import annotations

from types import MappingProxyType

from service.store.values import FlagStatus

#: The others only a release, a new verification or an appeal brings about.
DECISIONS = MappingProxyType(
    {
        FlagStatus.CONFIRMED: "the community is there, and the list does not name it",
        FlagStatus.MATCHED_EXISTING: "it is an entry of the list; give its official_id",
        FlagStatus.REJECTED: "there is no such community there",
        FlagStatus.NEEDS_FIELD_CHECK: "somebody has to go there",
        FlagStatus.UNVERIFIABLE: "it cannot be found out",
        FlagStatus.DEFERRED: "not now; give the day in until",
        FlagStatus.PUBLISHED: "it goes out; a second person, after it was confirmed",
        FlagStatus.WITHDRAWN: "it is taken back",
        FlagStatus.IN_REVIEW: "somebody takes it up, or up again",
        FlagStatus.OPEN: "nobody has decided, after all",
    }
)
