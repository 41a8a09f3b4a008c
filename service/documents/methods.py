"""How findings come about, in words: the annex of every report, and the `methods` of every edition."""

from __future__ import annotations

METHODS = (
    (
        "Communities come from records that organisations sent. Records of one community, by place, name and what "
        "people decided, are counted once."
    ),
    (
        "Candidates. For each record every entry of each list in use that covers its country is searched that could be "
        "the same community: by place within the uncertainty of both, by name in any script and spelling, and by "
        "administrative unit. The search, its radius and its best candidates are kept with each finding and can be "
        "repeated."
    ),
    (
        "Evidence. Name, distance, unit and kind of place are each weighed in bits: how much more often such "
        "agreement is seen between two accounts of one place than between two places (Fellegi and Sunter 1969). "
        "What one side does not say is no evidence. Counts of people are never used to match."
    ),
    (
        "Probability. The candidates compete with one another and with “none of them”; an entry is given to one "
        "community only. The probability of absence starts from what the list claims to hold. Models and their "
        "parameters are named, with how often they were measured to be right."
    ),
    (
        "Absence is decided, not left over. It is said above 0.95, and only where the list would have named such a "
        "place (its level, kinds, area, size and date), names places nearby, and the location is exact enough among "
        "its neighbours; otherwise it cannot be assessed. A match is accepted below 0.083; what lies between goes to a "
        "person."
    ),
    (
        "Counts. An official count is called too low where its share of the true count is under nine tenths with a "
        "probability of at least 0.95, given the error of each method, growth in between, and noise the publisher "
        "added. Published lists of undercounts are expected to hold at most 5 % false ones (Newton and others "
        "2004)."
    ),
    (
        "People. Only head counts of a stated method are added up, lows to a low and highs to a high; of "
        "communities that may be one another only the larger count is taken. Nothing is filled in."
    ),
    (
        "People decide. A machine raises flags; people confirm, reject or match them, with a reason from a code list. "
        "A finding is published when one person confirmed it and another published it."
    ),
    (
        "What readers see. Communities are shown as far as they agreed to and their sensitivity allows: names may be "
        "withheld, places are blurred once and for good or shown by cell or district, numbers from 1 to 9 are "
        "withheld, totals are rounded."
    ),
)

#: What an edition, which is kept, says besides.
OF_EDITIONS = (
    "An edition is fixed at `made_at`. Communities that were withdrawn, held or made less open since are taken out of "
    "it whenever it is read, together with what they added to its numbers, and it says that it was re-issued."
)
