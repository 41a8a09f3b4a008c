"""Terms: the consent and the sensitivity of a collection hold at once for every record of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import submit, verify
from service.accounts.account import Account, Consent, Name, Sensitivity
from service.callers.caller import ANONYMOUS
from service.disclosure import View, view_of
from service.importing.description import describe
from service.importing.plan import Usual
from service.store import records
from service.store.terms import narrowed

CONSENTS, CLASSES = st.sampled_from(Consent), st.sampled_from(Sensitivity)


@given(CONSENTS, CLASSES, CONSENTS, CLASSES)
def test_the_narrower_consent_and_the_higher_class_hold(consent, own, agreed, usual):
    """Of record and collection, whichever is more careful, in each respect; said twice it stays the same."""
    account = Account((Name("Lindi"),), "KEN", consent=consent.value, sensitivity=own.value)
    terms = {"consent": agreed.value, "sensitivity": usual.value}
    found = narrowed(account, terms)
    assert list(Consent).index(Consent(found.consent)) == min(map(list(Consent).index, (consent, agreed)))
    assert list(Sensitivity).index(Sensitivity(found.sensitivity)) == max(map(list(Sensitivity).index, (own, usual)))
    assert narrowed(found, terms) == found
    assert narrowed(account, None) is account


@pytest.mark.parametrize("terms", [{"consent": "everything", "sensitivity": "open"}, {"sensitivity": "open"}])
def test_a_word_nobody_knows_is_the_narrowest(terms):
    """What a collection says in words that are not ours closes its records."""
    account = Account((Name("Lindi"),), "KEN", consent="public_exact", sensitivity="open")
    assert narrowed(account, terms).consent not in set(Consent)


def test_a_collection_that_agrees_to_less_closes_its_records_at_once(context, scene):
    """Records posted one by one are shown as far as their collection agrees, and no longer once it agrees to less."""
    own = scene.caller(context.store)
    accounts = [
        scene.account(consent="public_exact", collection="roster"),
        scene.account("Lindi", consent="public_exact", collection="other"),
        scene.account("Soi", consent="public_exact"),
    ]
    ids = [one.record_id for one in submit.accept(context, accounts, own)]
    verify.verify(context, ids)

    def seen():
        with context.store.read() as session:
            found = [records.get(session, record_id) for record_id in ids]
        return [view_of(record, ANONYMOUS, published=True) for record in found]

    assert seen() == [View.EXACT] * 3
    describe(context, "roster", Usual(consent="public_masked"), own)
    assert seen() == [View.MASKED, View.EXACT, View.EXACT]
    describe(context, "roster", Usual(consent="public_exact", sensitivity="restricted"), own)
    assert seen() == [View.NOTHING, View.EXACT, View.EXACT]
    describe(context, "default", Usual(), own)
    assert seen() == [View.NOTHING, View.EXACT, View.NOTHING]
    describe(context, "roster", Usual(consent="public_exact"), own)
    assert seen()[0] is View.EXACT
    with context.store.read() as session:
        kept = records.get(session, ids[0]).account
    assert kept.consent == "public_exact"
