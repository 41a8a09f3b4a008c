"""What organisations say about themselves, and who reads it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.access import describing
from service.callers.caller import Caller, Role
from service.errors import NOT_FOUND, Problem
from service.store import organisations
from service.store.organisations import Organisation
from service.store.tables import OrganisationKind

ADMIN = Caller("desk", None, Role.ADMIN)


def refused(context, said, caller):
    """Require that an organisation is not there for a caller."""
    with pytest.raises(Problem, match="of yours") as raised:
        describing.describe(context, said, caller)
    assert raised.value.kind is NOT_FOUND


def test_an_organisation_is_described_by_itself_and_seen_by_its_coalition(context, scene):
    """Others learn neither that it is there nor whom to ask."""
    mine = scene.caller(context.store, "map-kibera")
    said = Organisation("map-kibera", "Map Kibera Trust", OrganisationKind.CIVIL_SOCIETY, "office@example.org")
    assert describing.describe(context, said, mine) == said
    other = scene.caller(context.store, "office")
    refused(context, said, other)
    refused(context, replace(said, id="nobody"), ADMIN)
    assert [one.id for one in describing.seen(context, other)] == ["office"]
    assert describing.seen(context, replace(other, partners=frozenset({"map-kibera"})))[0] == said
    with context.store.read() as session:
        assert len(organisations.some(session, None)) == 2
