"""`uncounted replay`, run as people run it: says `reproduced`, or what differs and exit code 1."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from geodata.samples import kibera
from service import demo
from service.configuration.settings import Settings
from service.context import close, open_context
from service.store import records
from service.store.filters import RecordFilter
from service.store.migrate import upgrade
from service.verify import silent
from tests.specimens.command import uncounted as run

ROOT = Path(__file__).parents[3]
SAMPLE = kibera.sample()
CENSUS = Path(dict(SAMPLE.official)["ke-census-2009"])


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compare the villages of Kibera with the census, certificates and all, files beside one another."""
    folder = tmp_path_factory.mktemp("compared")
    shutil.copy(SAMPLE.citizen, folder / "ours.csv")
    for file in CENSUS.parent.glob(f"{CENSUS.name}*"):
        shutil.copy(file, folder / file.name.replace(CENSUS.name, "census.csv"))
    files = ("ours.csv", "census.csv", "-o", "findings.csv", "--certificates", "certificates.ndjson")
    run(folder, "compare", *files)
    return folder


def test_a_comparison_of_files_is_reproduced(compared: Path) -> None:
    """All rows at once are counted; one row, by its id or number, is told with its reason and smallest change."""
    assert run(compared, "replay", "certificates.ndjson").stdout == "19 of 19 reproduced\n"
    lines = (compared / "certificates.ndjson").read_bytes().splitlines()[1:]
    name = json.loads(lines[3])["record"]["id"]
    one = run(compared, "replay", f"certificates.ndjson#{name}", "-o", "one.json")
    assert one.stdout == "reproduced\n"
    assert "smallest change" in one.stderr
    assert (compared / "one.json").read_bytes() == lines[3] + b"\n"
    assert run(compared, "replay", "certificates.ndjson", "--record", "5").stdout == "reproduced\n"


def test_what_was_altered_is_told_with_exit_code_1(compared: Path) -> None:
    """A certificate that states another probability is not reproduced; place and both values are told."""
    altered = (compared / "certificates.ndjson").read_text().replace('"p_absent":0.', '"p_absent":0.1', 1)
    (compared / "altered.ndjson").write_text(altered)
    done = run(compared, "replay", "altered.ndjson", expect=1)
    assert done.stdout == "18 of 19 reproduced\n"
    assert "finding.p_absent: stated 0.1" in done.stderr


def test_a_file_of_nothing_and_an_unknown_record_are_told(compared: Path) -> None:
    """What is no file of certificates, and what it does not hold, are said in two lines."""
    assert "no file of search certificates" in run(compared, "replay", "findings.csv", expect=1).stderr
    assert "no certificate of a record nobody" in run(compared, "replay", "certificates.ndjson#nobody", expect=1).stderr
    assert "There is no finding 0123" in run(compared, "replay", "0123", expect=1).stderr


def test_a_finding_of_the_service_is_reproduced_and_its_saved_certificate_too(tmp_path: Path) -> None:
    """By its id from the database and the archive, and from the file written then."""
    settings = Settings(data_dir=tmp_path / "var")
    settings.data_dir.mkdir()
    upgrade(settings.database)
    context = open_context(settings)
    demo.load(context, demo.samples(context)[0], silent)
    with context.store.read() as session:
        finding = records.page(session, RecordFilter(), limit=1).items[0].findings[0]
    close(context)
    assert run(tmp_path, "replay", finding.id, "-o", "saved.json").stdout == "reproduced\n"
    assert run(tmp_path, "replay", "saved.json").stdout == "reproduced\n"
    saved = json.loads((tmp_path / "saved.json").read_bytes())
    saved["model"]["version"] = "guess/1"
    (tmp_path / "saved.json").write_text(json.dumps(saved))
    done = run(tmp_path, "replay", "saved.json", expect=1)
    assert done.stdout == "not reproduced\n"
    assert 'model.version: stated "guess/1"' in done.stderr
