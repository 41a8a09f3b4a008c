"""Who may what, and where: roles are sets of rights, some of which hold within a territory."""

from __future__ import annotations

import pytest

from service.callers.caller import PLACED, RIGHTS, Caller, Right, Role, holders
from service.callers.permission import needed, required
from service.callers.territory import Area, in_words
from service.errors import Problem

KITUI = (("county", "Kitui"), ("ward", "Mutomo"))


def key(role, *areas, **more):
    """Return a caller of an office with a role, everywhere unless areas are named."""
    return Caller("office", "k1", role, areas or None, **more)


def test_every_role_has_rights_and_no_two_the_same():
    """A role without rights of its own would be a name for another one."""
    assert set(RIGHTS) == set(Role)
    assert len(set(RIGHTS.values())) == len(Role)
    assert RIGHTS[Role.ADMIN] == frozenset(Right)


@pytest.mark.parametrize(
    ("role", "as_much_as"),
    [
        (Role.CONTRIBUTOR, {Role.CONTRIBUTOR, Role.STEWARD}),
        (Role.REVIEWER, {Role.CONTRIBUTOR, Role.STEWARD, Role.READER, Role.REVIEWER}),
        (Role.PUBLISHER, set(Role) - {Role.ADMIN}),
        (Role.READER, {Role.READER}),
        (Role.STEWARD, {Role.STEWARD}),
    ],
)
def test_a_role_may_what_those_may_whose_rights_it_has(role, as_much_as):
    """Where one set of rights holds another the roles are in order; readers and stewards stand beside."""
    assert {one for one in Role if key(role).may(one)} == as_much_as


def test_reviewers_alone_publish_nothing():
    """Publishing is a right of its own, of publishers and admins."""
    assert holders(Right.PUBLISH) == (Role.PUBLISHER, Role.ADMIN)


@pytest.mark.parametrize(
    ("area", "there"),
    [
        (Area("KEN"), True),
        (Area("TZA"), False),
        (Area("KEN", "Kitui"), True),
        (Area("KEN", "county=KITUI"), True),
        (Area("KEN", "ward=Kitui"), False),
        (Area("TZA", "Kitui"), False),
    ],
)
def test_a_territory_is_a_country_or_a_unit_by_code_or_folded_name(area, there):
    """It is asked for like lists are narrowed."""
    assert area.holds("KEN", KITUI) is there
    assert key(Role.REVIEWER, area).at("KEN", KITUI).may(Right.REVIEW) is there


def test_what_names_no_unit_is_in_no_unit_but_in_its_country():
    """Nobody can tell in which county it is."""
    assert not Area("KEN", "Kitui").holds("KEN", ())
    assert Area("KEN").holds("KEN", ())


def test_rights_of_a_territory_are_refused_where_nobody_asked_for_the_place():
    """A question that forgets the place shows nothing, while what holds anywhere still holds."""
    caller = key(Role.PUBLISHER, Area("KEN"))
    assert {right for right in Right if caller.may(right)} == Role.PUBLISHER.rights - PLACED
    assert all(caller.holds(right) for right in Role.PUBLISHER.rights)


@pytest.mark.parametrize(
    ("areas", "country", "admin", "inside"),
    [
        ((Area("KEN"),), "KEN", None, True),
        ((Area("KEN"),), "KEN", "Kitui", True),
        ((Area("KEN"),), None, None, False),
        ((Area("KEN", "Kitui"),), "KEN", None, False),
        ((Area("KEN", "Kitui"),), "KEN", "county=kitui", True),
        ((Area("KEN", "county=Kitui"),), "KEN", "Kitui", False),
        ((Area("KEN"), Area("TZA")), "TZA", None, True),
    ],
)
def test_numbers_are_counted_for_those_who_work_with_all_of_it(areas, country, admin, inside):
    """A question that reaches beyond a territory is answered as to any organisation."""
    assert key(Role.REVIEWER, *areas).counting(country, admin).may(Right.READ) is inside


def test_numbers_are_never_counted_with_what_partners_or_communities_confided():
    """A coalition and a charge open records one by one, and no totals."""
    caller = key(Role.REVIEWER, partners=frozenset({"map-kibera"}))
    assert caller.counting("KEN", None) == key(Role.REVIEWER)


def test_a_refusal_says_what_is_needed_and_where_the_key_works():
    """Who is refused reads which role they have, which would do, who gives it, and their territory."""
    with pytest.raises(
        Problem, match=r"Publishing needs the right to publish \(role publisher or admin\); your key has"
    ):
        required(key(Role.REVIEWER), Right.PUBLISH, "Publishing")
    with pytest.raises(Problem, match="it works in county=Kitui in KEN, TZA"):
        required(key(Role.PUBLISHER, Area("KEN", "county=Kitui"), Area("TZA")), Right.PUBLISH, "Publishing")
    with pytest.raises(Problem, match="you sent no key"):
        required(Caller(None, None, None), Right.READ, "Reading")
    assert needed(Right.ADMINISTER) == "administer (role admin)"
    assert in_words(()) == "nowhere"
