"""The command line, run as people run it: a process, its two outputs, its exit code."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from geodata.samples import kibera
from tests.specimens.command import uncounted as run

ROOT = Path(__file__).parents[3]
SAMPLE = kibera.sample()
CENSUS = str(dict(SAMPLE.official)["ke-census-2009"])


def test_every_command_explains_itself(tmp_path: Path) -> None:
    """`--help` names every command, and each command's own help has a sentence."""
    said = run(tmp_path, "--help").stdout
    for command in (
        "demo",
        "serve",
        "migrate",
        "sync",
        "sources",
        "connectors",
        "verify",
        "report",
        "keys",
        "compare",
        "evaluate",
        "openapi",
        "replay",
    ):
        assert re.search(rf"\b{command}\b", said)


def test_compare_writes_the_file_and_sums_up_on_standard_error(tmp_path: Path) -> None:
    """Standard output stays clean for pipes."""
    done = run(tmp_path, "compare", str(SAMPLE.citizen), CENSUS, "-o", "out.json")
    assert done.stdout == ""
    assert "19 rows compared with 8 entries" in done.stderr
    assert len(json.loads((tmp_path / "out.json").read_bytes())) == 19


def test_a_file_that_is_no_table_is_told_in_two_lines(tmp_path: Path) -> None:
    """What is wrong and how to mend it, and never a traceback."""
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"%PDF-1.7 not a table")
    done = run(tmp_path, "compare", str(broken), CENSUS, "-o", "out.csv", expect=1)
    assert "Traceback" not in done.stderr
    assert "PDF" in done.stderr
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("given", ["nonsense", "elsewhere:name=X"])
def test_a_mapping_that_cannot_be_read_is_refused_with_an_example(tmp_path: Path, given: str) -> None:
    """`--map` says how it wants to be written."""
    done = run(tmp_path, "compare", str(SAMPLE.citizen), CENSUS, "-o", "out.csv", "--map", given, expect=1)
    assert "field=HEADER" in done.stderr


def test_a_source_is_synced_listed_checked_and_synced_again_unchanged(tmp_path: Path) -> None:
    """The life of a register file, from the command line."""
    arguments = ("--connector", "register", "--set", f"path={CENSUS}")
    assert "updated" in run(tmp_path, "sync", "ke-census-2009", *arguments).stdout
    listed = run(tmp_path, "sources", "--check")
    assert "2009-08-24" in listed.stdout
    assert "nothing new" in listed.stderr
    assert "unchanged" in run(tmp_path, "sync", "ke-census-2009").stdout


def test_a_source_that_cannot_be_read_stops_with_its_hint(tmp_path: Path) -> None:
    """A missing file is named, with what to do."""
    done = run(tmp_path, "sync", "nowhere", "--connector", "register", "--set", "path=nowhere.csv", expect=1)
    assert "nowhere.csv" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_key_is_shown_once_and_can_be_revoked(tmp_path: Path) -> None:
    """Only the hash stays, so the list never shows the secret."""
    secret = run(tmp_path, "keys", "create", "map-kibera", "contributor", "--label", "phone").stdout.strip()
    listed = run(tmp_path, "keys", "list").stdout
    assert secret.startswith("unc_")
    assert secret not in listed
    key_id = re.search(r"[0-9a-f]{32}", listed)
    assert key_id
    run(tmp_path, "keys", "revoke", key_id.group())
    assert re.search(r"\d{4}-\d\d-\d\d +│ +\d{4}-\d\d-\d\d", run(tmp_path, "keys", "list").stdout)


def test_openapi_needs_no_database_and_writes_the_contract(tmp_path: Path) -> None:
    """The contract can be had from a fresh install."""
    run(tmp_path, "openapi", "-o", "openapi.json")
    assert "/v1/records" in json.loads((tmp_path / "openapi.json").read_text())["paths"]
    assert not (tmp_path / "var").exists()


def test_a_report_is_written_in_the_format_its_ending_names(tmp_path: Path) -> None:
    """An empty installation gives an empty report that still states its limits; another ending is refused."""
    run(tmp_path, "report", "-o", "gaps.json")
    assert any(
        "not absence of people" in limit for limit in json.loads((tmp_path / "gaps.json").read_bytes())["limits"]
    )
    run(tmp_path, "report", "-o", "gaps.svg")
    assert "<title id=" in (tmp_path / "gaps.svg").read_text(encoding="utf-8")
    for out, begins in (("gaps.html", b"<!doctype html>"), ("gaps.pdf", b"%PDF-1.7")):
        run(tmp_path, "report", "-o", out)
        assert (tmp_path / out).read_bytes().startswith(begins)
    assert ".docx" in run(tmp_path, "report", "-o", "gaps.docx", expect=1).stderr


def test_a_report_is_narrowed_by_tags(tmp_path: Path) -> None:
    """Goals, factors, themes and groups narrow it; a code that there is not is refused with those there are."""
    run(tmp_path, "report", "--sdg", "11.1", "--factor", "shocks", "--theme", "disability", "-o", "gaps.json")
    told = json.loads((tmp_path / "gaps.json").read_bytes())
    assert told["scope"]["tags"] == {"sdg": ["11.1"], "factor": ["shocks"], "theme": ["disability"], "group": []}
    run(tmp_path, "report", "--group", "Fisherfolk", "-o", "gaps.json")
    assert json.loads((tmp_path / "gaps.json").read_bytes())["scope"]["tags"]["group"] == ["fishers"]
    assert "such as deaf" in run(tmp_path, "report", "--group", "martians", "-o", "gaps.json", expect=1).stderr
    assert "gender-equality" in run(tmp_path, "report", "--theme", "sports", "-o", "gaps.json", expect=1).stderr
    assert "no such goal" in run(tmp_path, "report", "--sdg", "18", "-o", "gaps.json", expect=1).stderr


def test_verify_on_an_empty_installation_says_that_nothing_waits(tmp_path: Path) -> None:
    """A command with nothing to do ends well."""
    assert "0 records verified" in run(tmp_path, "verify").stderr


def test_a_taken_port_is_said_before_anything_is_loaded(tmp_path: Path) -> None:
    """The demo does not work for half a minute to fail at the end."""
    import socket  # noqa: PLC0415 - only here

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run(tmp_path, "demo", "--port", str(port), expect=1)
    assert f"Port {port}" in done.stderr
    assert not (tmp_path / "var").exists()
