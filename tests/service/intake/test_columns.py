"""The columns of a part say of each row what its account says by itself."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime

import numpy as np
import orjson
import pyarrow as pa
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geodata.places import Places
from service.aside import screening
from service.callers.caller import Caller, Role
from service.disclosure.tags import kept_by, kept_tags
from service.intake import Defaults, Intake
from service.intake.columns import Columns
from service.intake.values import SAID as BEYOND
from service.store import revisions
from service.store.arrivals import ACCOUNTS

AT = datetime(2026, 3, 1, tzinfo=UTC)

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12) | st.sampled_from(
    [
        "Kibera",
        "মিরপুর",
        "Сосновка",
        'say "x",',
        '"',
        ",\n  ",
        "\\",
        "l'Asile",
        "Nº 2",
        " ",
        "كفر عقب",
        "Turkana Centre",
        "Refugees",
        "Sex workers",
    ]
)
DAY = st.none() | st.dates(date(1900, 1, 1), date(2026, 1, 1))
NUMBER = st.none() | st.floats(0, 1e9) | st.sampled_from([0.0, -0.0, 1e-7, 1e16, 123456789.0])
GROUPS = st.none() | st.lists(
    st.sampled_from(["Roma", "refugees", "Dalit", "night guards", "persons with disabilities"])
)
PAIRS = st.none() | st.lists(st.tuples(TEXT, TEXT), max_size=2)
AREA = shapely.to_wkb(shapely.box(36.7, -1.4, 36.8, -1.3))
COUNT = st.fixed_dictionaries(
    {
        "value": NUMBER,
        "low": NUMBER,
        "high": NUMBER,
        "unit": st.sampled_from(["persons", "dwellings"]),
        "group": st.sampled_from([None, "refugees", "children"]),
        "method": st.sampled_from([None, "satellite imagery", "head count"]),
        "date": DAY,
        "status": st.sampled_from(["observed", "suppressed"]),
    }
)
NAME = st.fixed_dictionaries(
    {"text": TEXT, "language": st.sampled_from([None, "en"]), "script": st.sampled_from([None, "", "Cyrl"])}
)
WHERE = st.sampled_from(
    [
        {"lat": -1.3, "lon": 36.78},
        {"lat": 89.999999, "lon": -180.0},
        {"lat": -0.000001, "lon": 180.0},
        {"lat": 1.0},
        {},
        {"area": AREA},
        {"lat": -1.3, "lon": 36.78, "area": AREA},
    ]
)
ROW = st.builds(
    lambda where, said: said | where,
    WHERE,
    st.fixed_dictionaries(
        {
            "names": st.lists(NAME, max_size=3),
            "country": st.sampled_from(["KEN", "IND", "ROU"]),
            "admin": PAIRS,
            "r95_m": NUMBER,
            "kind": st.sampled_from([None, "village", "informal_settlement", "group", "nothing known"]),
            "groups": GROUPS,
            "counts": st.none() | st.lists(COUNT, max_size=3),
            "observed": DAY,
            "founded": DAY,
            "attributes": PAIRS,
        }
    ),
)
SAID = st.fixed_dictionaries(
    {
        "consent": st.sampled_from([None, "", "public_exact", "partners"]),
        "sensitivity": st.sampled_from([None, "closed", "caution"]),
        "drivers": st.none() | st.lists(st.sampled_from(["flood", "eviction", "no title"])),
        "sdg": st.none() | st.lists(st.sampled_from(["11.1.1", "1.4.2"])),
        "evidence": st.none() | st.lists(TEXT, max_size=2),
    }
)


def intake(rows: list[dict], said: list[dict] | None = None) -> Intake:
    """Return a part with these rows."""
    places = Places.from_rows({"id": f"V-{number}"} | row for number, row in enumerate(rows))
    table = None if said is None else pa.Table.from_pylist(said, BEYOND)
    return Intake(
        Caller("o", None, Role.CONTRIBUTOR), "2026", places, AT, said=table, defaults=Defaults("reviewers", "open")
    )


def one_by_one(part: Intake) -> list[dict]:
    """Return what `submit.accept` has the store keep of each account."""
    kept = []
    for account in part.accounts():
        revision = revisions.Revision("r", 1, "o", account, account.fingerprint(), None, AT, tags=kept_tags(account))
        columns = revisions._filter_columns(revision) | {"body": orjson.dumps(asdict(account)).decode()}
        kept.append({name: columns[name] for name in ACCOUNTS.names})
    return kept


@given(st.lists(st.tuples(ROW, SAID), max_size=6), st.booleans())
def test_columns_are_what_each_account_gives_by_itself(rows, beyond):
    """Body, fingerprint, tags and everything a record is found by are the same, to the byte."""
    part = intake([row for row, _ in rows], [said for _, said in rows] if beyond else None)
    columns = Columns.of(part)
    assert columns.accounts.to_pylist() == one_by_one(part)
    assert columns.rules == kept_by()


@given(st.lists(st.tuples(ROW, SAID), min_size=1, max_size=6), st.data())
def test_screening_is_given_the_same_places(rows, data):
    """What is examined of some rows is what their accounts are as places, and so is whether anything bounds them."""
    part = intake([row for row, _ in rows], [said for _, said in rows])
    wanted = data.draw(st.lists(st.integers(0, len(rows) - 1), unique=True, min_size=1))
    accounts = [account for row, account in enumerate(part.accounts()) if row in wanted]
    alone = screening.of_accounts("o", {str(at): one for at, one in enumerate(accounts)}, frozenset(), AT)
    columns = Columns.of(part)
    some = np.array(sorted(wanted))
    examined = ("lat", "lon", "r95_m", "area", "counts", "attributes")
    given_places, alone_places = columns.places(some).table, alone.places().table
    for row, own in zip(given_places.to_pylist(), alone_places.to_pylist(), strict=True):
        assert {name: row[name] or None for name in examined} == {name: own[name] or None for name in examined}
    assert columns.bounded(some) == alone.bounded
