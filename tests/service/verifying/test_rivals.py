"""A record competes with those verified before it for the entries of a list."""

from __future__ import annotations

import pytest

from service import submit, verify

LIST = tuple(
    (name, 0.51234 + step / 50, 35.01234)
    for step, name in enumerate(("Gatwekera", "Turbo", "Lindi", "Soi", "Olare", "Nyaru", "Ziwa", "Bondeni"))
)


@pytest.fixture
def world(context, scene):
    """Publish a list of four villages."""
    scene.publish(context, scene.official(LIST))
    return context


@pytest.fixture
def post(world, scene):
    """Return what accepts and verifies one account of an organisation."""

    def sent(name, organisation="map-kibera", **parts):
        given = scene.account(name, **{"lat": 0.51234, "lon": 35.01234} | parts)
        (receipt,) = submit.accept(world, [given], scene.caller(world.store, organisation))
        (record,) = verify.verify(world, [receipt.record_id])
        return record

    return sent


def test_an_entry_taken_before_is_not_there_for_another_village(post):
    """A village that resembles a listed one is less probably listed once that one has been matched."""
    alone = post("Gatwikara Juu", own_id="alone", lat=0.51434).findings[0]
    taken = post("Gatwekera", own_id="taken").findings[0]
    (later,) = post("Gatwikara Juu", own_id="alone", lat=0.51434, kind=None).findings[:1]
    assert alone.competitor is None
    assert taken.verdict == "consistent"
    assert later.p_absent_alone == pytest.approx(alone.p_absent_alone)
    assert later.p_absent > alone.p_absent
    assert later.competitor == taken.record_id
    assert taken.record_id in later.reason


def test_another_organisations_account_of_a_matched_village_is_matched_too(post):
    """Two accounts of one community share its entry, whoever came first."""
    first = post("Gatwekera").findings[0]
    second = post("Gatwekera", "shofco").findings[0]
    assert (first.verdict, second.verdict) == ("consistent", "consistent")
    assert second.competitor is None


@pytest.mark.parametrize(
    "kept", [{"sensitivity": "closed"}, {"sensitivity": "restricted"}, {"groups": ("stateless people",)}]
)
def test_a_record_that_others_may_not_be_told_of_is_nobodys_rival(post, kept):
    """What must not be known to exist, by its own class or its groups', is not named in another's reason."""
    hidden = post("Gatwekera", **kept).findings[0]
    other = post("Gatwikara Juu", "shofco", lat=0.51434).findings[0]
    assert hidden.official_name == "Gatwekera"
    assert other.competitor is None
    assert hidden.record_id not in other.reason


def test_nor_is_it_named_to_those_verified_in_one_batch_with_it(world, scene):
    """Waiting together changes nothing: each competes only with those it may be told of."""
    receipts = [
        submit.accept(world, [scene.account(name, **parts)], scene.caller(world.store, organisation))[0]
        for name, organisation, parts in (
            ("Gatwekera", "map-kibera", {"lat": 0.51234, "lon": 35.01234, "sensitivity": "closed"}),
            ("Gatwikara Juu", "shofco", {"lat": 0.51434, "lon": 35.01234}),
        )
    ]
    verify.verify(world, [receipt.record_id for receipt in receipts])
    closed, other = verify.verify(world, [receipt.record_id for receipt in receipts])
    assert other.findings[0].competitor is None
    assert closed.id not in other.findings[0].reason
