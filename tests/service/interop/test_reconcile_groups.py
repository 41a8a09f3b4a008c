"""Reconciliation of groups of people with the taxonomy."""

from __future__ import annotations

import json

from geodata.taxonomy import NameKind, in_force
from tests.service.interop.test_reconcile import ask, features, valid
from tests.specimens import reconciliation as protocol

GROUPS = "/reconcile/groups"


def test_a_name_finds_its_group(sqlite_api):
    """Known names are matches; where several groups bear one, the country tells which is meant."""
    found = ask(
        sqlite_api,
        {
            "q0": {"query": "Nubians", "properties": [{"pid": "country", "v": "Kenya"}]},
            "q1": {"query": "deaf people"},
            "q2": {"query": "Zzyzx"},
            "q3": {"query": "deaf people", "type": "ethnic"},
        },
        GROUPS,
    )
    nubi, *others = found["q0"]
    assert (nubi["id"], nubi["match"], features(nubi)) == ("nubi", True, {"known_name": True, "at_home": True})
    assert not any(other["match"] for other in others)
    assert found["q1"][0]["type"] == [{"id": "disability", "name": "Disability"}]
    assert found["q2"] == found["q3"] == []


def test_a_resented_name_is_understood_and_never_shown(sqlite_api):
    """Whoever types it gets the group's own name; no suggestion, preview or extension repeats it."""
    group, resented = next(
        (group, name.text)
        for group in in_force().groups.values()
        for name in group.names
        if name.kind is NameKind.PEJORATIVE and in_force().group_of(name.text) is group
    )
    (found,) = ask(sqlite_api, {"q": {"query": resented, "limit": 1}}, GROUPS)["q"]
    assert (found["id"], found["name"]) == (group.id, group.label)
    wanted = {"ids": [group.id], "properties": [{"id": "endonym"}, {"id": "label"}, {"id": "broader"}]}
    told = [
        json.dumps(found),
        sqlite_api.get(f"{GROUPS}/preview?id={group.id}").text,
        sqlite_api.get(f"{GROUPS}/suggest/entity", params={"prefix": resented}).text,
        sqlite_api.client.post(GROUPS, data={"extend": json.dumps(wanted)}).text,
    ]
    assert all(f">{resented}<" not in text and f'"{resented}"' not in text for text in told)


def test_groups_are_extended_with_what_the_taxonomy_knows(sqlite_api):
    """Label, dimension and countries; nothing for a group that there is not."""
    wanted = {"ids": ["nubi", "nobody"], "properties": [{"id": "label"}, {"id": "dimension"}, {"id": "countries"}]}
    answer = sqlite_api.client.post(GROUPS, data={"extend": json.dumps(wanted)})
    rows = valid(answer, protocol.EXTENSION)["rows"]
    assert rows["nubi"]["label"] == [{"str": "Nubi"}]
    assert rows["nubi"]["countries"] == [{"str": "KEN"}, {"str": "UGA"}]
    assert rows["nobody"] == {"label": [], "dimension": [], "countries": []}


def test_what_is_typed_is_completed(sqlite_api):
    """Groups with a name that begins so come first; descriptions tell namesakes apart."""
    found = valid(sqlite_api.get(f"{GROUPS}/suggest/entity?prefix=nub"), protocol.SUGGESTIONS)["result"]
    assert {"nubi", "egyptian-nubians"} <= {one["id"] for one in found}
    assert all(one["description"] for one in found)
