"""Verifying what a release concerns comes to the same as verifying everything, whatever the release is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from service import verify
from service.accounts.account import Count

_SOME = 18  # villages that the lists are about; the others stay as they are
_AT = tuple(f"V{at:02}" for at in range(_SOME))
_OTHER_NAMES = ("Rondo", "Bukiri West", "Nambale Market", "Bumala", "Kwa Njenga", "Shianda")

VILLAGE = st.sampled_from(_AT)


@dataclass(frozen=True)
class Edit:
    """One thing that a publisher does to an entry before the list is published anew."""

    kind: str
    village: str
    value: Any = None

    def __call__(self, villages: dict[str, dict[str, Any]]) -> None:
        """Change the list; what is done to an entry that is not there does nothing."""
        if self.kind == "add":
            number = len(villages)
            villages[f"N{number}"] = {"id": f"N{number}", **self.value}
        elif self.village in villages:
            getattr(self, f"_{self.kind}")(villages)

    def _remove(self, villages: dict[str, dict[str, Any]]) -> None:
        del villages[self.village]

    def _set(self, villages: dict[str, dict[str, Any]]) -> None:
        villages[self.village] |= self.value

    def _move(self, villages: dict[str, dict[str, Any]]) -> None:
        entry = villages[self.village]
        entry["lat"], entry["lon"] = round(entry["lat"] + self.value[0], 5), round(entry["lon"] + self.value[1], 5)

    def _surround(self, villages: dict[str, dict[str, Any]]) -> None:
        entry, half = villages[self.village], self.value
        west, east, south, north = entry["lon"] - half, entry["lon"] + half, entry["lat"] - half, entry["lat"] + half
        ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
        entry["geometry"] = f"POLYGON (({', '.join(f'{x:.5f} {y:.5f}' for x, y in ring)}))"


DEGREES = st.sampled_from((-0.1, -0.02, -0.004, 0.0005, 0.01, 0.05, 0.2))
POINT = st.fixed_dictionaries(
    {"lat": st.floats(0.0, 0.6).map(lambda x: round(x, 4)), "lon": st.floats(34.0, 35.0).map(lambda x: round(x, 4))}
)
EDIT = st.one_of(
    st.builds(Edit, st.just("remove"), VILLAGE),
    st.builds(Edit, st.just("set"), VILLAGE, st.fixed_dictionaries({"name": st.sampled_from(_OTHER_NAMES)})),
    st.builds(Edit, st.just("set"), VILLAGE, VILLAGE.map(lambda own: {"id": f"W{own}"})),
    st.builds(Edit, st.just("set"), VILLAGE, st.fixed_dictionaries({"persons": st.sampled_from((90, 400, 1000))})),
    st.builds(Edit, st.just("move"), VILLAGE, st.tuples(DEGREES, DEGREES)),
    st.builds(Edit, st.just("surround"), VILLAGE, st.sampled_from((0.004, 0.03, 0.15))),
    st.builds(
        Edit,
        st.just("add"),
        VILLAGE,
        POINT.flatmap(lambda point: st.sampled_from(_OTHER_NAMES).map(lambda name: {"name": name, **point})),
    ),
)
SENT = st.fixed_dictionaries(
    {},
    optional={
        "counts": st.sampled_from((410.0, 950.0)).map(
            lambda value: (Count(value, method="full enumeration", date=date(2007, 3, 1)),)
        ),
        "r95_m": st.sampled_from((30.0, 2_000.0)),
        "name": st.sampled_from(_OTHER_NAMES),
        "lat": st.just(0.17),
    },
)

_FEW, _MANY = ((Count(value, method="full enumeration", date=date(2007, 3, 1)),) for value in (410.0, 950.0))

#: Budalangi, missing, would be Bumala, but another record is; what else it may be, others hold too, and one of these
#: does not come up again when V11 is recoded.
TAKEN_ONE_BY_ONE = {
    "first": [
        Edit("remove", "V14"),
        Edit("set", "V09", {"name": "Kwa Njenga"}),
        Edit("set", "V12", {"id": "WV16"}),
        Edit("add", "V10", {"name": "Rondo", "lat": 0.0, "lon": 34.0}),
        Edit("add", "V13", {"name": "Bukiri West", "lat": 0.0, "lon": 34.5}),
    ],
    "sent": {
        "V17": {"name": "Nambale Market", "lat": 0.17, "counts": _MANY},
        "V07": {"name": "Bumala", "lat": 0.17, "counts": _MANY, "r95_m": 2_000.0},
        "V02": {},
        "V03": {"name": "Kwa Njenga", "lat": 0.17, "counts": _MANY, "r95_m": 30.0},
        "V04": {"lat": 0.17, "counts": _FEW, "r95_m": 2_000.0},
        "V15": {"lat": 0.17},
        "V14": {},
        "V10": {"name": "Rondo", "lat": 0.17},
    },
    "releases": [[Edit("set", "V11", {"id": "WV05"})]],
}


@settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@example(**TAKEN_ONE_BY_ONE)
@given(
    first=st.lists(EDIT, max_size=6),
    sent=st.dictionaries(VILLAGE, SENT, min_size=2, max_size=8),
    releases=st.lists(st.lists(EDIT, min_size=1, max_size=5), min_size=1, max_size=3),
)
def test_verifying_everything_after_any_releases_changes_nothing(  # noqa: PLR0917 - two fixtures, three examples
    registers, without, first, sent, releases
):
    """Renamed, recoded, moved, removed, added, bounded or counted anew: verdict, entry and flag are the same."""
    villages = without()
    for edit in first:
        edit(villages)
    with registers() as register:
        register.publish(villages, "2007-01-01")
        record_ids = [register.send(village, **parts) for village, parts in sent.items()]
        verify.everything(register.context)  # in one company: alone, the first knew nobody who came after
        for number, edits in enumerate(releases, 1):
            for edit in edits:
                edit(villages)
            register.publish(villages, f"2007-0{number + 1}-01")
            partly = said(register, record_ids)
            verify.everything(register.context)
            assert said(register, record_ids) == partly, (villages, number)


def said(register, record_ids):
    """Return what the service says of each record: its verdict, its entry where it is one, and its flag's status."""
    found = [register.record(record_id) for record_id in record_ids]
    return [
        (
            one.verdict,
            [finding.official_id for finding in one.findings if "matched" in finding.attributes],
            register.flag(one.id).status if one.flag_id else None,
        )
        for one in found
    ]
