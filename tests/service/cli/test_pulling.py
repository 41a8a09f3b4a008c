"""`uncounted pull`: what it says before anybody is asked; what it does is tested with the verb."""

from __future__ import annotations

import pytest

from tests.specimens.command import uncounted

FORM = ("--set", "url=https://kf.example.org", "--set", "form=aBcD", "--organisation", "map-kibera")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "kobo", *FORM), "UNCOUNTED_KOBO_TOKEN"),
        (("--from", "enketo", *FORM), "kobo and odk"),
        (("--from", "kobo", "--set", "token=hush-hush", *FORM), "UNCOUNTED_KOBO_TOKEN"),
        (("--from", "kobo", "--set", "url"), "name=value"),
        (("--from", "kobo", *FORM, "--errors", "errors.pdf"), ".xlsx"),
    ],
)
def test_what_is_missing_is_told_in_two_lines_without_secrets(tmp_path, words, said):
    """Exit code 1, what is wrong and how to mend it; never a traceback, and no key."""
    done = uncounted(tmp_path, "pull", "live", *words, expect=1, columns=300)
    assert said in done.stderr
    assert "hush-hush" not in done.stderr
