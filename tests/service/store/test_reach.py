"""Reach: what a hold hides, word by word, and that the database finds what Python finds."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from service import submit
from service.callers.caller import Caller, Role
from service.rights import holding
from service.store import holds
from service.store.reach import Scope, Subject, held
from service.store.records import RECORDS

ADMIN = Caller("desk", None, Role.ADMIN)

#: Scope -> whether it holds an account in Kibera that says everything.
SCOPES = {
    Scope(country="KEN"): True,
    Scope(country="UGA"): False,
    Scope(country="KEN", admin="LINDI"): True,
    Scope(country="KEN", admin="ward=lindi"): True,
    Scope(country="KEN", admin="county=lindi"): False,
    Scope(country="KEN", admin="Lin"): False,
    Scope(people="Nubian"): True,
    Scope(people="nubi"): True,
    Scope(people="Maasai"): False,
    Scope(people="a group nobody knows"): False,
    Scope(organisation="map-kibera"): True,
    Scope(organisation="another-group"): False,
    Scope(collection="survey"): True,
    Scope(collection="other"): False,
    Scope(bbox=(36.7, -1.4, 36.8, -1.3)): True,
    Scope(bbox=(36.8, -1.4, 36.7, -1.3)): False,
    Scope(bbox=(170.0, -2.0, 40.0, 0.0)): True,
    Scope(country="KEN", people="Nubian", collection="other"): False,
}


@pytest.fixture
def full(scene):
    """Give an account that says everything a hold may ask for."""
    return scene.account(own_id="G-1", admin=(("ward", "Lindi"),), groups=("Nubian",), collection="survey")


@pytest.mark.parametrize(("scope", "reached"), SCOPES.items(), ids=str)
def test_a_hold_reaches_what_fits_all_it_names(full, scope, reached):
    """Units in any case and of the level that is named, groups by any name, boxes across the antimeridian too."""
    assert held((scope,), Subject.of("map-kibera", full)) is reached


@pytest.mark.parametrize(
    "scope", [Scope(country="KEN", admin="Makina"), Scope(country="KEN", bbox=(1.0, 1.0, 2.0, 2.0))]
)
def test_what_does_not_say_where_it_is_is_held_in_its_country(scene, scope):
    """Without a unit or a point nobody can tell, so it is hidden; without a country named it is not."""
    silent = scene.account(lat=None, lon=None)
    assert held((scope,), Subject.of("map-kibera", silent))
    assert not held((Scope(bbox=(1.0, 1.0, 2.0, 2.0)),), Subject.of("map-kibera", silent))


def test_the_database_finds_what_reading_finds(context, scene, full):
    """Totals leave out exactly the records that are hidden one by one."""
    others = [
        scene.account("Lindi", own_id="G-2", lat=None, lon=None, r95_m=None),
        scene.account("Soi", own_id="G-3", country="UGA", lat=0.5, lon=35.0),
    ]
    submit.accept(context, [full, *others], scene.caller(context.store))
    for scope in SCOPES:
        made = holding.hold(context, holding.Asked(scope, "to see"), ADMIN)
        with context.store.read() as session:
            found = set(session.execute(select(RECORDS.c.own_id).where(holds.condition(session, RECORDS))).scalars())
        reading = {one.own_id for one in (full, *others) if held((scope,), Subject.of("map-kibera", one))}
        assert found == reading, scope
        holding.lift(context, made.id, ADMIN)
