"""Flagging: what a new verification does to a flag, case by case. Pure: no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from matchers.base import Verdict
from service.accounts.account import Account, Count, Name
from service.store.flags import Grounds, Matter
from service.store.values import FlagStatus
from service.verifying.flagging import RAISING, Verified, account_hash, settle

THEN, NOW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
GROUNDS = Grounds("account", "hidden_place", None, "ke-villages", "Lindi")


def matter(status, *, decided=True):
    """Return a flag with a status, set by a person unless said otherwise."""
    return Matter("flag", "community", "record", status, decided, 3, GROUNDS, "snapshot-1", 0.97, THEN)


def verified(*, renewed=True, snapshot="snapshot-2", p_absent=0.97, **grounds):
    """Return a later verification, by default on the same grounds."""
    return Verified("community", "record", replace(GROUNDS, **grounds), snapshot, p_absent, renewed, NOW)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_only_a_gap_or_a_doubt_raises_a_flag(verdict):
    """A first verification raises an open flag for the verdicts about which somebody should do something."""
    change = settle(None, verified(verdict=verdict))
    assert (change is not None) == (verdict in RAISING)
    if change:
        assert (change.event, change.matter.status, change.matter.version) == ("flag.raised", FlagStatus.OPEN, 1)


@pytest.mark.parametrize("status", list(FlagStatus))
def test_nothing_new_changes_nothing(status):
    """The same verification again leaves a flag alone, wherever people brought it."""
    again = verified(renewed=False, snapshot="snapshot-1")
    assert settle(matter(status), again) is None


@pytest.mark.parametrize("status", [FlagStatus.REJECTED, FlagStatus.MATCHED_EXISTING, FlagStatus.UNVERIFIABLE])
def test_a_refusal_holds_for_a_new_release_with_the_same_evidence(status):
    """A new vintage that says the same about the community does not ask people again."""
    change = settle(matter(status), verified())
    assert (change.matter.status, change.event) == (status, "flag.updated")


@pytest.mark.parametrize("status", [FlagStatus.REJECTED, FlagStatus.MATCHED_EXISTING, FlagStatus.UNVERIFIABLE])
@pytest.mark.parametrize("changed", [{"account_hash": "other"}, {"verdict": "undercount"}, {"official_name": "Soi"}])
def test_a_refusal_ends_where_the_evidence_changes(status, changed):
    """New content of the account, another verdict or another best candidate opens the matter again."""
    change = settle(matter(status), verified(**changed))
    assert (change.matter.status, change.matter.decided, change.event) == (FlagStatus.OPEN, False, "flag.reopened")
    assert "not the one that was decided on" in change.why


@pytest.mark.parametrize("status", [FlagStatus.CONFIRMED, FlagStatus.PUBLISHED])
@pytest.mark.parametrize("changed", [{"account_hash": "other"}, {"verdict": "undercount"}, {"source": "other"}])
def test_nothing_stays_public_that_nobody_confirmed(status, changed):
    """A confirmed or published flag whose claim changed is open again until people have looked."""
    change = settle(matter(status), verified(**changed))
    assert (change.matter.status, change.matter.grounds) == (FlagStatus.OPEN, replace(GROUNDS, **changed))


@pytest.mark.parametrize("status", [FlagStatus.CONFIRMED, FlagStatus.PUBLISHED])
def test_a_confirmation_outlives_another_rejected_candidate(status):
    """That a new release has another entry most like it takes back no confirmation."""
    change = settle(matter(status), verified(official_name="Soi"))
    assert (change.matter.status, change.matter.decided) == (status, True)


@pytest.mark.parametrize("status", [FlagStatus.OPEN, FlagStatus.CONFIRMED, FlagStatus.PUBLISHED, FlagStatus.DEFERRED])
def test_a_release_that_lists_the_community_resolves_the_flag(status):
    """The account is the same, the list is another, and it agrees: the flag is resolved and keeps what it was about."""
    change = settle(matter(status), verified(verdict="consistent", official_name="Bondeni"))
    assert (change.matter.status, change.event) == (FlagStatus.RESOLVED_BY_RELEASE, "flag.closed")
    assert change.matter.grounds == GROUNDS


@pytest.mark.parametrize(
    "now",
    [
        verified(verdict="consistent", account_hash="other"),
        verified(verdict="consistent", snapshot="snapshot-1"),
        verified(verdict="not_assessable"),
        verified(verdict="insufficient_evidence", snapshot=None),
    ],
)
def test_a_claim_that_no_longer_holds_is_withdrawn(now):
    """A corrected account, a better model or a list that no longer covers the place withdraws the claim."""
    change = settle(matter(FlagStatus.IN_REVIEW), now)
    assert (change.matter.status, change.matter.decided, change.event) == (FlagStatus.WITHDRAWN, False, "flag.closed")


@pytest.mark.parametrize("status", [FlagStatus.REJECTED, FlagStatus.MATCHED_EXISTING, FlagStatus.WITHDRAWN])
def test_what_people_closed_is_not_closed_again(status):
    """A flag that people settled keeps their decision when the gap is gone."""
    change = settle(matter(status), verified(verdict="consistent"))
    assert (change.matter.status, change.matter.decided) == (status, True)


@pytest.mark.parametrize("status", [FlagStatus.RESOLVED_BY_RELEASE, FlagStatus.WITHDRAWN])
def test_a_gap_that_returns_opens_what_the_machine_had_closed(status):
    """When a later release drops the community again, or a correction is taken back, the flag is open again."""
    change = settle(matter(status, decided=False), verified())
    assert (change.matter.status, change.why) == (FlagStatus.OPEN, "the gap is there again")


def test_what_a_person_withdrew_stays_withdrawn_on_the_same_evidence():
    """A community's wish outlives a new release that says the same."""
    assert settle(matter(FlagStatus.WITHDRAWN), verified()).matter.status is FlagStatus.WITHDRAWN


@pytest.mark.parametrize(
    "handling",
    [{"consent": "public_exact"}, {"own_id": "2"}, {"collection": "round 2"}, {"observed": date(2026, 1, 1)}],
)
def test_how_an_account_is_handled_is_no_evidence(handling):
    """Consent, own id, collection and the day of the visit change nothing about the community."""
    account = Account((Name("Lindi"),), "KEN", own_id="1", lat=0.5, lon=35.0)
    assert account_hash(replace(account, **handling)) == account_hash(account)


@pytest.mark.parametrize(
    "said",
    [{"lat": 0.6}, {"counts": (Count(120.0),)}, {"names": (Name("Soi"),)}, {"evidence": ("https://example.org",)}],
)
def test_what_an_account_says_is_evidence(said):
    """Its names, place, counts and the evidence it points to are what a decision was taken on."""
    account = Account((Name("Lindi"),), "KEN", own_id="1", lat=0.5, lon=35.0)
    assert account_hash(replace(account, **said)) != account_hash(account)
