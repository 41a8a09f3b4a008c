"""Official lists that speak of groups, and a survey and a dialogue beside them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geodata.coverage import from_dict
from geodata.files.tables import read_table
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList
from service.accounts.statement import Form, Question, Statement
from service.callers.caller import Role
from service.consultations.accepting import Post, Sent, accept
from service.consultations.grouping import group
from service.consultations.reading import Defaults, read_statements

SPECIMENS = Path(__file__).parents[2] / "specimens" / "consultations"

#: A census that asked for ethnicity, published for the country only, and for disability, down to counties.
CENSUS = {
    "not_collected": ["gender", "caste"],
    "variables": [
        {"dimension": "ethnic", "lowest_level": "country", "categories": ["Maasai", "Turkana", "Others"]},
        {"dimension": "disability", "lowest_level": "county", "categories": ["Persons with disabilities"]},
    ],
}


def number(group: str, value: float | None, status: str = "observed") -> dict[str, object]:
    """Return a published count."""
    return {"value": value, "unit": "persons", "group": group, "method": "census", "status": status}


COUNTIES = (
    ("Turkana", [number("Persons with disabilities", 1_200.0)]),
    ("Kisumu", [number("Persons with disabilities", None, "suppressed")]),
    ("Nairobi", []),
)


def official(declared=CENSUS, rows=COUNTIES, **coverage):
    """Return a list of counties as it is held in memory."""
    manifest = from_dict({"countries": ["KEN"], "lowest_level": "county", "groups": declared, **coverage})
    places = Places.from_rows(
        [
            {"id": f"C{at}", "names": [name], "country": "KEN", "kind": "district", "level": "county", "counts": counts}
            for at, (name, counts) in enumerate(rows)
        ]
    )
    return OfficialList("ke-census", "Census", "a" * 64, "2019", date(2019, 8, 24), manifest, PlaceIndex.build(places))


@pytest.fixture
def census():
    """Give the function that makes a list."""
    return official


@pytest.fixture
def publish(scene):
    """Make a list of villages that declares groups the present one."""

    def put(context, declared=CENSUS):
        coverage = replace(
            scene.official(scene.villages).snapshot().coverage, groups=from_dict({"groups": declared}).groups
        )

        class Speaking(scene.official):
            """A list with a manifest that speaks of groups."""

            def snapshot(self):
                """Return it with its declaration."""
                return replace(super().snapshot(), coverage=coverage)

        return scene.publish(context, Speaking(scene.villages))

    return put


def response(own_id: str, groups: list[str], **parts: object) -> Sent:
    """Return a response of somebody in Kenya."""
    grouped = group({Question.GROUPS: groups}, "KEN")
    given = {"country": "KEN", "consent": "public_aggregate", **parts}
    return Sent(Statement(Form.RESPONSE, **given, **grouped.by_name), own_id, grouped.words)


@pytest.fixture
def asked(scene):
    """Keep a survey of sixty in two counties, and the specimen of a dialogue, as one organisation asked them."""

    def keep(context, organisation="civil"):
        by = scene.caller(context.store, organisation, Role.CONTRIBUTOR)
        named = ["people with disabilities", "Maasai", "women", "LGBT", "people of the far bank"]
        survey = [
            response(
                str(at),
                [named[0] if at < 25 else named[1] if at < 40 else named[2] if at < 55 else named[3 + at % 2]],
                province="Turkana" if at % 2 else "Kisumu",
                ages=(("20-40", 1),),
                genders=(("women" if at % 3 else "men", 1),),
            )
            for at in range(60)
        ]
        dialogue = read_statements(
            read_table(SPECIMENS / "dialogue.csv"), Defaults(Form.MEETING, "KEN", "public_aggregate")
        )
        accept(context, Post("Survey 2026", survey, by))
        accept(context, Post("Dialogue 2017", dialogue.sent, by))
        return by

    return keep
