"""The story of one file: exported from KoboToolbox, sent as it is, flagged where a list is silent, mended."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from service import sync
from service.app import create_app
from service.callers.caller import Role
from service.store import keys

#: Villages in a row, a kilometre apart; Bondeni lies between Turbo and Soi and is not named.
REGISTER = "official_id,name,kind,country,lat,lon,location_uncertainty_m\n" + "".join(
    f"V{number},{name},village,KEN,{0.5 + 0.009 * place:.3f},35.0,100\n"
    for number, (place, name) in enumerate(
        ((0, "Kapchorwa"), (1, "Mashimoni"), (2, "Lindi"), (3, "Turbo"), (5, "Soi"), (6, "Ziwa"))
    )
)
MANIFEST = """[source]
title = "Register of villages"
vintage = "2019-08-24"
licence = "CC0-1.0"
attribution = "Written for a test"

[coverage]
completeness = "exhaustive"
lowest_level = "village"
kinds = ["village"]
countries = ["KEN"]
reference_date = 2019-08-24
"""

#: As KoboToolbox writes it: semicolons, everything quoted, the point in a column of its own and cut into four more.
HEADER = (
    "start",
    "end",
    "Name of the community",
    "Country",
    "Type of place",
    "Where is it?",
    "_Where is it?_latitude",
    "_Where is it?_longitude",
    "_Where is it?_altitude",
    "_Where is it?_precision",
    "Number of people",
    "Phone of respondent",
    "_id",
    "_uuid",
    "_submission_time",
    "_submitted_by",
    "_index",
)


def row(number: int, name: str, lat: str, people: str) -> tuple[str, ...]:
    """Return one submission."""
    began = f"2026-03-0{number}T09:00:00.000+03:00"
    point = (f"{lat} 35.0 1600 4.5", lat, "35.0", "1600", "4.5")
    phone, submitted = f"07221234{number:02}", f"2026-03-0{number}T06:30:00"
    own = (str(800_000 + number), f"6f1c0a6e-0000-4000-8000-00000000000{number}", submitted, "amina_w", str(number))
    return (began, began, name, "Kenya", "village", *point, people, phone, *own)


def export(*rows: tuple[str, ...]) -> bytes:
    """Return an export of KoboToolbox."""
    return "\n".join(";".join(f'"{cell}"' for cell in cells) for cells in (HEADER, *rows)).encode("utf-8-sig")


FIRST = (
    row(1, "Lindi", "0.518", "120"),
    row(2, "Bondeni", "0.536", "about 300"),
    row(3, "", "0.545", "80"),
)


@pytest.fixture
def client(context, tmp_path):
    """Give the application over a register that lacks one village, as one organisation meets it."""
    path = tmp_path / "villages.csv"
    path.write_text(REGISTER)
    path.with_name("villages.csv.toml").write_text(MANIFEST)
    sync.configure(context, "ke-villages", "register", {"path": str(path)})
    sync.sync(context, "ke-villages")
    with context.store.begin() as session:
        secret = keys.create(session, "map-kibera", Role.CONTRIBUTOR, "story")
    with TestClient(create_app(context), headers={"Authorization": f"Bearer {secret}"}) as client:
        yield client


def send(client, content):
    """Send an export as it was downloaded."""
    answer = client.post("/v1/collections/villages/imports", content=content, params={"name": "Villages_-_latest.csv"})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_kobo_export_is_sent_flagged_sent_again_and_mended(client):
    """Two of three rows are records, one with a flag; again nothing changes; the mended row alone is new."""
    first = send(client, export(*FIRST))
    assert (first["created"], first["set_aside"], first["verified"]) == (2, 1, 2)
    assert [one["header"] for one in first["dropped"]] == ["Phone of respondent"]
    told = client.get("/v1/records")
    assert not any(about in told.text for about in ("amina_w", "07221234"))
    records = {one["name"]: one for one in told.json()["items"]}
    assert (records["Lindi"]["verdict"], records["Bondeni"]["flag_id"] is not None) == ("consistent", True)
    assert records["Bondeni"]["counts"][0]["value"] == 300
    flags = client.get("/v1/flags").json()["items"]
    assert [flag["community"]["name"] for flag in flags] == ["Bondeni"]
    # A phone says where it stood, not how far a community reaches: a person has to look.
    assert (flags[0]["verdict"], flags[0]["status"]) == ("needs_review", "open")

    again = send(client, export(*FIRST))
    assert (again["created"], again["revised"], again["unchanged"]) == (0, 0, 2)
    assert client.get("/v1/flags").json()["items"] == flags

    errors = client.get(first["errors"], params={"f": "csv"}).text
    assert [line.split(",")[0] for line in errors.splitlines() if line.endswith(",no")] == ["4"]
    mended = send(client, export(*FIRST[:2], row(3, "Soi", "0.545", "80")))
    assert (mended["created"], mended["unchanged"], mended["set_aside"]) == (1, 2, 0)
