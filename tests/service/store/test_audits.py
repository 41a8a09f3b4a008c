"""Audits: how often an organisation was right counts only what others may be told of, as it is now."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service import review, submit, verify
from service.accounts.account import Consent, Sensitivity
from service.callers.caller import Role
from service.importing.description import describe
from service.importing.plan import Usual
from service.review import Decision
from service.store import audits, limits
from service.store.limits import Limit
from service.store.values import FlagStatus

CLOSED = Usual(consent="public_exact", sensitivity="closed")


@pytest.fixture
def judged(context, scene):
    """Give who sent two communities that the list lacks, of two collections, and their records; both were confirmed."""
    scene.publish(context, scene.official(scene.without("Bondeni")))
    sender, reviewer = scene.caller(context.store), scene.caller(context.store, "knbs", Role.REVIEWER)
    lat, lon = next((lat, lon) for name, lat, lon in scene.villages if name == "Bondeni")
    accounts = [
        scene.account("Bondeni", own_id=name, lat=lat, lon=lon + 0.02 * at, collection=name)
        for at, name in enumerate(("roster", "other"))
    ]
    found = verify.verify(context, [one.record_id for one in submit.accept(context, accounts, sender)])
    for record in found:
        review.decide(context, record.flag_id, Decision(FlagStatus.CONFIRMED, "field_visit"), reviewer)
    return sender, found


def confirmed(context, organisation):
    """Return how many reports of an organisation were confirmed, as everybody is told."""
    with context.store.read() as session:
        return sum(audit.confirmed for of in audits.of(session, [organisation]).values() for audit in of)


def test_a_collection_that_is_closed_later_counts_no_more(context, judged):
    """Its records say nothing of it themselves; once it is opened again, they count again."""
    sender, _ = judged
    assert confirmed(context, sender.organisation) == 2
    describe(context, "roster", CLOSED, sender)
    assert confirmed(context, sender.organisation) == 1
    describe(context, "roster", Usual(consent="public_exact"), sender)
    assert confirmed(context, sender.organisation) == 2


@pytest.mark.parametrize("of_record", [False, True])
def test_what_a_limit_closes_counts_no_more_until_it_is_lifted(context, judged, *, of_record):
    """A limit of a collection closes its records, and one of a record that record alone."""
    sender, found = judged
    at = datetime.now(UTC)
    whose = (None, found[0].id) if of_record else ("roster", None)
    limit = Limit(sender.organisation, *whose, Consent.INTERNAL, Sensitivity.CLOSED, "community_asked")
    limit_id = context.store.write(lambda session: limits.lay(session, limit, sender, at))
    assert confirmed(context, sender.organisation) == 1
    context.store.write(lambda session: limits.lift(session, limit_id, sender, at))
    assert confirmed(context, sender.organisation) == 2


def test_another_organisation_s_collection_of_that_name_closes_nothing(context, scene, judged):
    """Collections are of an organisation."""
    sender, _ = judged
    describe(context, "roster", CLOSED, scene.caller(context.store, "another-group"))
    assert confirmed(context, sender.organisation) == 2
