"""The annex of methods that stands in every edition."""

from __future__ import annotations

METHODS = (
    (
        "Communities come from records that organisations sent. Records of one community, by place, name and what "
        "people decided, are counted once."
    ),
    (
        "Each record is compared with every list in use that covers its country: candidates by distance, name and "
        "unit, weighed by likelihood ratios into a probability that no entry of the list is this community. "
        "`models` names the parameters, `measured_error` how often they were measured to be right."
    ),
    (
        "A verdict of absence needs a list that would name a community of this kind, of this size and in this "
        "place; otherwise the verdict is that it cannot be assessed."
    ),
    (
        "Counts are compared as a posterior of the share of the true count that the official number covers; an "
        "undercount has a probability of 0.95 or more that it covers less than nine tenths."
    ),
    (
        "A machine raises flags. People confirm, reject or match them with a reason from a code list; nobody "
        "publishes what they confirmed themselves."
    ),
    (
        "People of communities that no list names are added up from head counts of a stated method; of communities "
        "that may be the same only the larger count is taken. Ranges add lows and highs."
    ),
    (
        "Places, names and small numbers are shown by the consent and the sensitivity class of each community. "
        "Names of the class `caution` are withheld, places are moved once or shown by cell or district, numbers "
        "under ten withheld."
    ),
    (
        "An edition is fixed at `made_at`. Communities that were withdrawn, held or made less open since are taken "
        "out of it whenever it is read, together with what they added to its numbers, and it says that it was re-"
        "issued."
    ),
)
