"""The page on tags says what the rules say, and its example is read."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

from geodata.tags.reading import Sheet
from geodata.tags.rules import rules
from geodata.tags.tables import tables
from geodata.tags.tag import TagKind
from geodata.tags.tagging import Facts, codes, tags_of
from geodata.taxonomy import shipped
from service.api.answers import TagsShown

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "tags.md").read_text(encoding="utf-8")


def test_the_tables_of_the_page_are_those_of_the_rules() -> None:
    """Print them with `python -m geodata.tags` after a rule was changed."""
    assert tables(rules(shipped())) in PAGE


def test_the_file_of_the_page_is_read() -> None:
    """Every line of it means something, and the words of the page set it off."""
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
    by = rules(shipped(), [Sheet("rules-bd.toml", text)])
    here = tags_of(Facts(groups=("চরবাসী",), drivers=("Salinity",), country="BGD"), by)
    assert codes(here, TagKind.SDG) == {"1.5.1", "13.1.1", "13.1.2", "13.1.3"}
    assert codes(here, TagKind.THEME) == {"climate"}
    assert "10.7.4" in codes(tags_of(Facts(kind="camp"), by), TagKind.SDG)


def test_a_file_is_looked_at_before_it_is_put_in_force(tmp_path: Path) -> None:
    """The command of the page prints the tables with one's own rules, or one sentence about what cannot be read."""
    (text,) = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.DOTALL)
    path = tmp_path / "rules-bd.toml"
    for content, code in ((text, 0), (f"{text}\n[rules.x]\nlabel = 1", 1)):
        path.write_text(content, encoding="utf-8")
        command = [sys.executable, "-m", "geodata.tags", str(path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - our own command
        assert done.returncode == code, done.stderr
        assert ("Dwellers of river islands" in done.stdout) is (code == 0)
        assert done.stderr.startswith("rules-bd.toml, line ") is (code == 1)


def test_the_answer_of_the_page_has_the_form_of_an_answer() -> None:
    """What a reader copies from the page is what the service sends."""
    (text,) = re.findall(r"```json\n(.*?)```", PAGE, flags=re.DOTALL)
    assert TagsShown.model_validate(json.loads(f"{{{text}}}")["tags"]).score == 1
