"""Register files become snapshots with their manifest, or say clearly why not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from connectors.archive import content_sha256
from connectors.client import Client
from connectors.contract import check
from connectors.errors import UnreadableFile
from connectors.register import RegisterConnector, official_file
from connectors.snapshot import Snapshot
from geodata.coverage import Completeness, CoverageManifest
from geodata.files.headers import UnknownColumn
from tests.specimens.saving import save_as

LIST = (
    "code;nom du lieu;kaunti;lat;lon;menages\n01;Lindi;Nairobi;-1,313;36,794;1 250\n02;Makina;Nairobi;-1,312;36,790;\n"
)
MANIFEST = """
[source]
title = "Sub-locations of Kibera, census 2009"
vintage = "2009-08-24"
licence = "Facts, as printed"
attribution = "Kenya National Bureau of Statistics"
caveats = ["points are medians of schools"]

[coverage]
completeness = "exhaustive"
lowest_level = "sub-location"
kinds = ["ward"]
countries = ["Kenya"]
admin = { county = ["Nairobi"] }
location_r95_m = 500

[columns]
name = "Nom du lieu"
"admin.county" = "Kaunti"

[defaults]
country = "KE"
level = "sub-location"
"""


@pytest.fixture
def villages(tmp_path: Path) -> Path:
    """Give a register file with its manifest beside it."""
    path = tmp_path / "villages.csv"
    path.write_bytes(LIST.encode("cp1252"))
    path.with_name("villages.csv.toml").write_text(MANIFEST, encoding="utf-8")
    return path


def fetch(path: Path, **options: str) -> Snapshot:
    """Fetch a file."""
    with Client() as client:
        return RegisterConnector().fetch(client, {"path": str(path), **options})


def test_keeps_the_contract(villages: Path):
    """All promises of a connector hold."""
    snapshot = check(RegisterConnector(), {"path": str(villages), "source": "ke-villages"})
    assert snapshot.provenance.source == "ke-villages"
    assert (snapshot.provenance.vintage, snapshot.provenance.vintage_kind) == ("2009-08-24", "reference date")
    assert snapshot.exchanges[0].url == "file:villages.csv"
    assert snapshot.coverage == CoverageManifest(
        completeness=Completeness.EXHAUSTIVE,
        lowest_level="sub-location",
        kinds=frozenset({"ward"}),
        countries=frozenset({"KEN"}),
        admin=(("county", frozenset({"Nairobi"})),),
        reference_date=date(2009, 8, 24),
        location_r95_m=500,
    )


def test_maps_columns_and_fills_in_what_holds_for_all(villages: Path):
    """The manifest's columns go before the headers, its defaults fill the gaps, decimal commas are understood."""
    places = fetch(villages).places
    assert places is not None
    first, second = places.table.to_pylist()
    assert (first["id"], first["names"][0]["text"], first["country"]) == ("01", "Lindi", "KEN")
    assert (first["lat"], first["lon"], first["r95_m"]) == (-1.313, 36.794, 500)
    assert (dict(first["admin"]), first["level"], first["kind"]) == ({"county": "Nairobi"}, "sub-location", "ward")
    assert (first["counts"][0]["value"], first["counts"][0]["unit"]) == (1250, "households")
    assert second["counts"] == []


@pytest.mark.parametrize("ending", ["tsv", "geojson", "parquet", "xlsx", "ods"])
def test_every_format_gives_the_same_places(villages: Path, ending: str):
    """The same list saved in another format is the same list."""
    rows = [
        {
            "code": "01",
            "nom du lieu": "Lindi",
            "kaunti": "Nairobi",
            "lat": "-1.313",
            "lon": "36.794",
            "menages": "1250",
        },
        {"code": "02", "nom du lieu": "Makina", "kaunti": "Nairobi", "lat": "-1.312", "lon": "36.790", "menages": ""},
    ]
    other = villages.with_name(f"villages.{ending}")
    save_as(rows, other)
    other.with_name(f"{other.name}.toml").write_text(MANIFEST, encoding="utf-8")
    expected, found = fetch(villages).places, fetch(other).places
    assert expected is not None
    assert found is not None
    assert found.table.to_pylist() == expected.table.to_pylist()


def test_the_same_list_in_another_folder_is_unchanged(villages: Path, tmp_path: Path):
    """Moving a file does not make a new snapshot; changing a value does."""
    moved = tmp_path / "elsewhere" / "villages.csv"
    moved.parent.mkdir()
    for name in ("villages.csv", "villages.csv.toml"):
        (moved.parent / name).write_bytes((tmp_path / name).read_bytes())
    assert content_sha256(fetch(villages)) == content_sha256(fetch(moved))
    moved.write_bytes(moved.read_bytes().replace(b"Lindi", b"Lindy"))
    assert content_sha256(fetch(villages)) != content_sha256(fetch(moved))


def test_broken_rows_are_told_and_the_good_ones_kept(villages: Path):
    """A list with a bad row is still evidence; the row is named as a spreadsheet numbers it."""
    villages.write_text(LIST + '03;"Olympic;x\n04;Raila;Nairobi;900;36,8;3\n', encoding="utf-8")
    snapshot = fetch(villages)
    assert snapshot.places is not None
    assert snapshot.places.ids == ["01", "02", "04"]
    assert [(problem.row, problem.fatal) for problem in snapshot.problems] == [(4, True), (5, False)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[source]", "[origin]"), "unknown sections: origin"),
        (('licence = "Facts, as printed"', ""), "does not state licence"),
        (('"exhaustive"', '"complete"'), "completeness = 'complete'"),
        (("lowest_level", "lowest_levl"), "lowest_levl is not known"),
        (('"Kenya"', '"Kenia"'), "Kenia"),
        (('"Nom du lieu"', '"Name"'), "there is no column 'Name'"),
        (('name = "Nom', 'nme = "Nom'), "did you mean name"),
        (('country = "KE"', 'contry = "KE"'), "contry is not known"),
        (('country = "KE"', 'country = "QQ"'), "no country is called 'QQ'"),
        (("[defaults]", "[defaults"), "is not TOML"),
    ],
)
def test_a_manifest_that_says_nonsense_is_told(villages: Path, change: tuple[str, str], said: str):
    """Every slip in a manifest is named, and nothing is assumed instead."""
    manifest = villages.with_name("villages.csv.toml")
    manifest.write_text(MANIFEST.replace(*change), encoding="utf-8")
    with pytest.raises(UnreadableFile, match=said) as caught:
        fetch(villages)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"code;nom du lieu;kaunti\n", "holds no rows"),
        (b"%PDF-1.4", "a PDF"),
        (b"\x89PNG\r\n", "picture"),
    ],
)
def test_a_file_without_places_is_told(villages: Path, content: bytes, said: str):
    """An empty list never replaces a good one."""
    villages.write_bytes(content)
    with pytest.raises(UnreadableFile, match=said):
        fetch(villages)


def test_a_missing_file_or_manifest_is_told(villages: Path):
    """No file, no path, or no manifest: each has its own sentence and hint."""
    with pytest.raises(UnreadableFile, match="No such file"):
        fetch(villages.with_name("other.csv"))
    with Client() as client, pytest.raises(UnreadableFile, match="no file is named"):
        RegisterConnector().fetch(client, {})
    villages.with_name("villages.csv.toml").unlink()
    with pytest.raises(UnreadableFile, match="no manifest") as caught:
        fetch(villages)
    assert "villages.csv.toml" in caught.value.hint


def test_a_bare_file_can_still_be_compared_with(villages: Path):
    """Without a manifest nothing is declared, and a mapping by hand is enough; a wrong mapping is the caller's."""
    villages.with_name("villages.csv.toml").unlink()
    found = official_file(villages, {"name": "nom du lieu"})
    assert found.coverage == CoverageManifest()
    assert found.provenance.vintage == "not declared"
    assert found.reading.places.primary_names == ["Lindi", "Makina"]
    with pytest.raises(UnknownColumn, match="kod"):
        official_file(villages, {"id": "kod"})


def test_a_concordance_travels_with_the_list(villages: Path):
    """A concordance that the manifest names becomes part of what the list declares, and a bad row of it is told."""
    manifest = villages.with_name("villages.csv.toml")
    manifest.write_text(f'{MANIFEST}\n[file]\nconcordance = "groups.csv"\n', encoding="utf-8")
    groups = villages.with_name("groups.csv")
    groups.write_text("citizen_group,official_code,relation\nsengwer,27,broader\n", encoding="utf-8")
    declared = fetch(villages).coverage.groups
    assert declared is not None
    assert [(row.group, row.category) for row in declared.concordance] == [("sengwer", "27")]
    groups.write_text("citizen_group,official_code,relation\nsengwer,27,same\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match=r"groups\.csv, row 2") as caught:
        fetch(villages)
    assert "concordance" in caught.value.hint
