"""The examples run as they stand, against a real server on this machine."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import geopandas
import pytest

from service.client import Client

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
SCRIPTS = sorted(path.name for path in EXAMPLES.glob("*.py"))
VILLAGES = "id,name,country,lat,lon\n1,Gatwekera,KE,-1.3151,36.7826\n2,Nowhere,KE,36.79,-1.31\n"


def run(script: str, *arguments: object, key: str | None = None, status: int = 0) -> str:
    """Run an example and return what it printed."""
    environment = {name: value for name, value in os.environ.items() if name != "UNCOUNTED_KEY"}
    done = subprocess.run(  # noqa: S603 - our own example
        [sys.executable, str(EXAMPLES / script), *map(str, arguments)],
        env=environment | {"PYTHONPATH": str(ROOT)} | ({"UNCOUNTED_KEY": key} if key else {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == status, done.stderr
    return done.stdout if status == 0 else done.stdout + done.stderr


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_example_says_how_it_is_used(script):
    """`--help` tells what it does and what it takes, and the page of examples lists it."""
    told = run(script, "--help")
    assert told.startswith("usage:")
    assert "UNCOUNTED_" in told
    assert f"(../examples/{script})" in (ROOT / "docs" / "examples.md").read_text("utf-8")


def test_one_community_is_asked_about(address, keys):
    """The verdict comes with its reasons; a mistake with the way to mend it."""
    told = run("post_one.py", address, "Gatwekera", "KE", -1.3151, 36.7826, key=keys["contributor"])
    assert told.startswith("consistent\t")
    assert "Gatwikira" in told
    wrong = run("post_one.py", address, "Gatwekera", "KE", 36.7826, -1.3151, key=keys["contributor"], status=1)
    assert "swapped" in wrong


def test_a_list_is_sent_and_answered_line_by_line(address, keys, tmp_path):
    """Good records get a verdict, a bad one its problem, and a second run changes no record."""
    path = tmp_path / "communities.csv"
    path.write_text(VILLAGES, encoding="utf-8")
    said = [run("send_a_list.py", address, path, key=keys["contributor"]).splitlines() for _ in range(2)]
    first, second = (line.split("\t") for line in said[0])
    assert first[:2] == ["1", "consistent"]
    assert "Gatwikira" in first[2]
    assert second[:2] == ["2", "refused"]
    assert "swapped" in second[2]
    assert said[0] == said[1]


def test_a_file_is_imported_and_its_errors_saved(address, keys, tmp_path):
    """The sums are printed; what was wrong lies beside the file."""
    path = tmp_path / "villages.csv"
    path.write_text(VILLAGES, encoding="utf-8")
    told = run("import_a_file.py", address, path, "--collection", "Villages", "--every", 0.1, key=keys["contributor"])
    assert told.startswith("done: 2 rows read, 1 kept, 1 set aside")
    (row,) = csv.DictReader(path.with_suffix(".errors.csv").read_text("utf-8-sig").splitlines())
    assert row["row"] == "3"
    assert "swapped" in " ".join(row.values())
    missing = run("import_a_file.py", address, tmp_path / "no.csv", "--collection", "x", key="unc_x", status=1)
    assert "no.csv" in missing


@pytest.fixture
def flagged(address, keys, scene):
    """Let a village be sent that the list of its district does not name; return the name."""
    name, lat, lon = next(one for one in scene.villages if one[0] == "Bondeni")
    with Client(address, keys["contributor"]) as uncounted:
        record = uncounted.submit(
            {"name": name, "country": "KE", "kind": "village", "location": {"lat": lat, "lon": lon}}
        )
    assert record.flag_id
    return record.flag_id


def test_flags_become_a_geopackage(address, keys, flagged, tmp_path):
    """Every flag is a point of the layer; without a key only what is published, which here is nothing."""
    path = tmp_path / "flags.gpkg"
    told = run("flags_to_geopackage.py", address, path, "--country", "KE", key=keys["reviewer"])
    frame = geopandas.read_file(path)
    assert told.startswith(f"{len(frame)} flags")
    assert flagged in set(frame["id"])
    assert frame.geometry.notna().all()
    assert run("flags_to_geopackage.py", address, tmp_path / "public.gpkg").startswith("0 flags")
    assert "Write Kenya" in run("flags_to_geopackage.py", address, path, "--country", "Kenia", status=1)


def test_a_week_is_reported(address, keys, flagged, tmp_path):
    """The table has a row for each flag that changed, the chart says how many; an empty week is no failure."""
    told = run("weekly_report.py", address, tmp_path / "reports", key=keys["reviewer"])
    (table,) = (tmp_path / "reports").glob("*.csv")
    rows = list(csv.DictReader(table.read_text("utf-8-sig").splitlines()))
    assert told.startswith(f"{len(rows)} flags changed")
    assert flagged in {row["id"] for row in rows}
    chart = table.with_suffix(".svg").read_text("utf-8")
    assert re.search(r"<svg", chart)
    assert run("weekly_report.py", address, tmp_path / "quiet").startswith("0 flags changed")
