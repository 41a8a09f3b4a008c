"""What is inside, under which licences, and whether weaknesses of it are known: `make audit`.

Everything that the pins of the running service name is written to dist/sbom.cdx.json (CycloneDX), without the address
of any index. A licence that is not on the list, or a weakness that is known, is a failure. Where no advisory service
can be asked, that is said and is none: a checkout builds without the internet. But what was not asked is never taken
for what was not found.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PINS = ROOT / "requirements" / "runtime.txt"
SBOM = ROOT / "dist" / "sbom.cdx.json"
WAIT_S = 600

#: Licences under which all of it can be given on with this software, which is under Apache-2.0. Those of libraries that
#: are used as they are, by import, and may be exchanged by whoever runs this: LGPL, MPL.
FINE = re.compile(
    r"(0BSD|Apache|BSD|CC0|ISC|MIT|MPL-2\.0|Mozilla Public License 2\.0|PSF-2\.0|Python Software Foundation|Zlib"
    r"|LGPL-(2\.1|3\.0)-(only|or-later))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Advice:
    """What advisories say: how many packages they were asked about, which they did not know, and what is weak."""

    asked: int
    unknown: tuple[str, ...]
    weak: tuple[str, ...]


def main() -> int:
    """Do all three; return 1 where something has to be mended."""
    pins = pinned(PINS.read_text(encoding="utf-8"))
    SBOM.parent.mkdir(exist_ok=True)
    SBOM.write_text(json.dumps(bill(pins), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(pins)} packages are inside: {SBOM.relative_to(ROOT)}")
    bad = [f"{name}: {licence or 'none named'}" for name, licence in licences(pins) if not is_fine(licence)]
    print(f"Licences: {'; '.join(bad) if bad else 'all on the list'}")
    advice = advised()
    for line in told(advice):
        print(line)
    return 1 if bad or (advice and advice.weak) else 0


def pinned(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return name, version and hashes of every pin; one that is pinned by platform stands there more than once."""
    found = re.findall(
        r"^([a-z0-9][\w.\-]*)(?:\[[\w,\-]+\])?==([^\s;\\]+)[^\n]*\n((?: {4}--hash=\S+[^\n]*\n?)+)", text, re.MULTILINE
    )
    return [(name, version, tuple(re.findall(r"sha256:([0-9a-f]{64})", hashes))) for name, version, hashes in found]


def bill(pins: Iterable[tuple[str, str, tuple[str, ...]]]) -> dict[str, Any]:
    """Return the bill of materials as CycloneDX 1.6, the same for the same pins."""
    known = dict(licences(pins))
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "name": "uncounted", "version": metadata.version("uncounted")}
        },
        "components": [
            {
                "type": "library",
                "bom-ref": f"{name}=={version}",
                "name": name,
                "version": version,
                "purl": f"pkg:pypi/{name}@{version}",
                **({"licenses": [{"license": {"name": known[name]}}]} if known.get(name) else {}),
                "properties": [{"name": "uncounted:sha256", "value": one} for one in hashes],
            }
            for name, version, hashes in pins
        ],
    }


def licences(pins: Iterable[tuple[str, str, tuple[str, ...]]]) -> list[tuple[str, str]]:
    """Return the licence that each package names which is installed here; others are for another platform."""
    found = {}
    for name, _, _ in pins:
        try:
            said = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        classes = [one.rpartition(" :: ")[2] for one in said.get_all("Classifier", []) if one.startswith("License ::")]
        found[name] = (
            said.get("License-Expression") or "; ".join(classes) or (said.get("License") or "").partition("\n")[0]
        )
    return sorted(found.items())


def is_fine(licence: str) -> bool:
    """Return whether every licence of an expression is on the list, or one of those that one may choose from."""
    plain = re.sub(r"[()]", " ", licence.replace("(ISCL)", "").replace("(MPL 2.0)", ""))
    return bool(plain.strip()) and all(
        any(FINE.search(choice) and "GPL" not in FINE.sub("", choice) for choice in re.split(r" OR ", part))
        for part in re.split(r" AND |;", plain)
    )


def advised() -> Advice | None:
    """Ask the advisory service about every pin; None where it cannot be asked."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "advice.json"
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(PINS), "--disable-pip", "--require-hashes"]
        try:
            subprocess.run(  # noqa: S603 - pip-audit, on our own pins
                [*command, "--progress-spinner", "off", "--format", "json", "--output", str(answer)],
                capture_output=True,
                timeout=WAIT_S,
                check=False,
            )
            return read(json.loads(answer.read_bytes()))
        except (OSError, ValueError, subprocess.TimeoutExpired):
            return None


def read(answer: dict[str, Any]) -> Advice | None:
    """Read what pip-audit found; None where the service knew none of the packages, which says nothing of them."""
    packages = answer["dependencies"]
    asked = [one for one in packages if "skip_reason" not in one]
    if not asked:
        return None
    return Advice(
        asked=len(asked),
        unknown=tuple(one["name"] for one in packages if "skip_reason" in one),
        weak=tuple(f"{one['name']} {one['version']}: {weakness['id']}" for one in asked for weakness in one["vulns"]),
    )


def told(advice: Advice | None) -> list[str]:
    """Return what to print of it."""
    if advice is None:
        return ["Weaknesses: NOT CHECKED, because no advisory service can be asked from here"]
    unknown = [f"Weaknesses: NOT CHECKED for {', '.join(advice.unknown)}"] if advice.unknown else []
    weak = [f"Weaknesses: {one}" for one in advice.weak] or [f"Weaknesses: none known of {advice.asked} packages"]
    return [*unknown, *weak]


if __name__ == "__main__":
    sys.exit(main())
