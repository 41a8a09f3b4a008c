"""How many communities a release made visible is told to each caller as far as it may count them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.callers.caller import ANONYMOUS, Role
from service.disclosure.hidden import NO_TOTALS, Totals
from service.disclosure.hidden_tables import tables_of
from service.disclosure.registry import issued
from service.disclosure.releases import redact_visible
from service.store.visible import Resolved


@pytest.fixture
def resolved(register, without):
    """Give a function that returns resolved communities, made from one real record, that agreed to be in totals."""
    register.publish(without(), "2019-08-24")
    record = register.record(register.send("V01", consent="public_aggregate"))

    def make(number, *, published=True, **parts):
        account = replace(record.account, **parts)
        return [Resolved("s", replace(record, id=str(at), account=account), published) for at in range(number)]

    return make


@pytest.fixture
def told(context):
    """Give a function that returns what outsiders are told of some communities, by the registry."""

    def tell(some, caller=ANONYMOUS, country=None):
        totals = issued(context.store, "communities", tables_of((), some))
        return redact_visible(some, caller, Totals(totals, country))

    return tell


def test_outsiders_are_told_ten_or_nothing(resolved, told):
    """Fewer than ten and none are answered alike, in all countries and in one."""
    nothing = {"communities": None, "withheld": "of others under 10"}
    assert told(resolved(9)) == redact_visible([], ANONYMOUS, NO_TOTALS) == nothing
    assert told(resolved(10), country="KEN") == told(resolved(11)) == {"communities": 10, "withheld": None}


@pytest.mark.parametrize("parts", [{"consent": "internal"}, {"sensitivity": "restricted"}])
def test_who_did_not_agree_is_in_no_total(resolved, told, parts):
    """Neither without consent, nor where showing could do harm, nor what people never published."""
    assert told([*resolved(15, **parts), *resolved(20, published=False)])["communities"] is None


def test_insiders_count_what_they_see(resolved, scene, context):
    """Reviewers count all but the closed; an organisation its own."""
    reviewer = scene.caller(context.store, "statistics-office", Role.REVIEWER)
    some = [*resolved(2, published=False), *resolved(3, published=False, sensitivity="closed")]
    assert redact_visible(some, reviewer, NO_TOTALS) == {"communities": 2, "withheld": None}
    own = scene.caller(context.store, "map-kibera")
    assert redact_visible(some, own, NO_TOTALS)["communities"] == 5
