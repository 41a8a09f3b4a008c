"""What each audience may see at most, written down apart from the code that decides it.

From `docs/` and the specification of disclosure: a class or a consent that is not named here shows nothing. The service
may show less than this, never more.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tests.crawl.canaries import ORGANISATIONS, Canary


class Audience(StrEnum):
    """Who asks."""

    ANONYMOUS = "anonymous"
    WRONG_KEY = "wrong key"
    STRANGER = "foreign contributor"
    REVIEWER = "foreign reviewer"
    READER = "reader of the country"
    ELSEWHERE = "publisher of another country"
    PARTNER = "coalition partner"
    STEWARD = "steward of a few collections"
    OWN = "own contributor"
    ADMIN = "admin"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Secret:
    """Something planted that is no canary: which organisation it is about, and whether it only concerns itself."""

    organisation: str
    field: str
    word: str

    @property
    def label(self) -> str:
        """What it is called in a report of leaks."""
        return f"{self.field} of {self.organisation}"


_PERSONAL = frozenset({"own_id", "note", "message", "evidence", "finding_id", "review_id", "community_id"})
_NAMING = frozenset({"name", "name_cyrillic", "name_arabic", "group", "driver"})
_LOCATING = frozenset({"point", "admin"})


#: What reviewers read besides: records of the class open, wherever they came from, and what consultations found.
_REVIEWED = frozenset({"contact", "file record", "file collection", "receipt", "province of a respondent"})


def may_see(audience: Audience, canary: Canary, field: str) -> bool:
    """Return whether an audience may see one field of a canary; `id` is that there is such a thing at all."""
    if audience is Audience.LOG:
        return field in {"record_id", "flag_id"}
    if audience is Audience.ADMIN or (audience is Audience.OWN and canary.organisation == ORGANISATIONS[0]):
        return True
    if (audience is Audience.STEWARD and stewarded(canary)) or (audience is Audience.PARTNER and _confided(canary)):
        return True
    if audience in {Audience.REVIEWER, Audience.READER}:
        if canary.sensitivity == "closed":
            return False
        return field != "evidence" or canary.consent != "internal"
    return _public(canary, field)  # also with a wrong key: pages ask for none


def stewarded(canary: Canary) -> bool:
    """Return whether the steward of the crawl speaks for the collection of a canary, which holds nothing else."""
    return (canary.organisation, canary.sensitivity, canary.state) == (ORGANISATIONS[0], "closed", "published")


def _confided(canary: Canary) -> bool:
    """Return whether the organisation shares a canary with its partners: it may be shown, and its community agreed."""
    if canary.organisation != ORGANISATIONS[0] or canary.state == "taken_back":
        return False
    return canary.sensitivity != "closed" and canary.consent not in {"internal", "reviewers"}


def _public(canary: Canary, field: str) -> bool:
    shown = canary.state == "published" and canary.sensitivity in {"open", "caution"}
    if not shown or canary.consent not in {"public_masked", "public_exact"}:
        return False
    exact, is_open = canary.consent == "public_exact", canary.sensitivity == "open"
    if field in _PERSONAL:
        return False
    if field in _NAMING:
        return exact or is_open
    if field in _LOCATING:
        return exact
    return field != "count" or is_open


def may_read(audience: Audience, secret: Secret) -> bool:
    """Return whether an audience may see what concerns an organisation alone: its files, its contacts, its receipts."""
    if audience is Audience.ADMIN:
        return True
    if audience is Audience.OWN:
        return secret.organisation == ORGANISATIONS[0]
    return audience in {Audience.REVIEWER, Audience.READER} and secret.field in _REVIEWED
