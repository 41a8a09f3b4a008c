"""The page on the form: what it promises about ways back is what happens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from geodata.communityform.definition import community_record
from tests.geodata.communityform.answering import kobo_csv

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "form.md").read_text(encoding="utf-8")


def test_the_page_names_the_languages_there_are() -> None:
    """A reader who looks for their language is told the truth."""
    (named,) = re.findall(r"beside ((?:`\w\w`(?:, | and )?)+) in every", PAGE)
    assert re.findall(r"`(\w\w)`", named) == list(community_record().languages)


def test_an_export_is_compared_as_the_page_says(tmp_path: Path) -> None:
    """The command of the page runs on an export in Swahili and finds the village of the list, without a mapping."""
    (tmp_path / "export.csv").write_bytes(kobo_csv("sw", groups=True))
    official = "official_id,name,country,lat,lon,kind\nA1,Kambi Moto,KEN,-1.2606,36.8730,village\n"
    (tmp_path / "official-list.csv").write_text(official, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "service", "compare", "export.csv", "official-list.csv", "-o", "findings.csv"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    findings = (tmp_path / "findings.csv").read_text(encoding="utf-8")
    assert "4471" in findings
    assert "A1" in findings
