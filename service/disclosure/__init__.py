"""The only way out for data. Every answer, page, file and log line about a community is made here or not at all.

What comes out are plain values, built member by member: a field nobody thought about does not leave. Where anything is
unclear (an unknown consent, a class nobody defined) nothing leaves.
"""

from __future__ import annotations

from service.disclosure.accounts import redact_flag, redact_record
from service.disclosure.certificates import may_see_certificates, redact_certificate
from service.disclosure.counts import redact_counts
from service.disclosure.coverage import countable, redact_coverage
from service.disclosure.official import redact_entry, redact_place, redact_snapshot, redact_source
from service.disclosure.passports import Audience, own_collection, redact_collection, seen_inside, seen_outside
from service.disclosure.policy import SMALLEST_COUNT, Consent, Sensitivity, View, view_of
from service.disclosure.reports import Redacting
from service.disclosure.verdicts import Listing

__all__ = [
    "SMALLEST_COUNT",
    "Audience",
    "Consent",
    "Listing",
    "Redacting",
    "Sensitivity",
    "View",
    "countable",
    "may_see_certificates",
    "own_collection",
    "redact_certificate",
    "redact_collection",
    "redact_counts",
    "redact_coverage",
    "redact_entry",
    "redact_flag",
    "redact_place",
    "redact_record",
    "redact_snapshot",
    "redact_source",
    "seen_inside",
    "seen_outside",
    "view_of",
]
