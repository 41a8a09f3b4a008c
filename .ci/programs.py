"""Programs beside Python that tests look for: which are here, and which Debian package brings those that are not.

`make test` says so before it begins, because a test that was skipped is easily taken for one that passed; `.ci/run`
installs what `--missing` names. Written for any Python 3, since it runs before there is an environment.
"""

from __future__ import annotations

import shutil
import sys

#: Program -> the package of Debian that has it, and what is tested by it.
PROGRAMS = {
    "chromium": ("chromium", "pages in a real browser"),
    "npm": ("npm", "the map, which is built by it"),
    "node": ("nodejs", "the map, which is built by it"),
    "ogrinfo": ("gdal-bin", "what GDAL and QGIS read of ours"),
    "pdftotext": ("poppler-utils", "what stands in PDF files"),
    "soffice": ("libreoffice-calc", "workbooks that go through LibreOffice"),
}


def missing() -> dict[str, tuple[str, str]]:
    """Return the programs that are not found here."""
    return {name: told for name, told in PROGRAMS.items() if shutil.which(name) is None}


def main(arguments: list[str]) -> int:
    """Say what is missing; with `--missing` only the packages, in one line."""
    lacking = missing()
    if "--missing" in arguments:
        print(" ".join(dict.fromkeys(package for package, _ in lacking.values())))
        return 0
    for name, (package, tested) in lacking.items():
        print(f"Not found: {name}. Not tested without it: {tested}. On Debian: apt-get install {package}")
    if not lacking:
        print(f"Found all programs that tests look for: {', '.join(PROGRAMS)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
