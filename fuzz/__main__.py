"""Fuzz: `python -m fuzz` for every parser, `… texts` for those of a kind, `… kml zip` for some, `… api` for the API.

`--runs` inputs of each, for at most `--seconds`. What is found stays in var/fuzz/TARGET/; figures go to
fuzz/results.json and docs/fuzzing.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from fuzz import api
from fuzz.campaign import WORK, campaign
from fuzz.catalogue import KINDS, everything
from fuzz.results import keep, told
from fuzz.target import Target


def main(arguments: Sequence[str]) -> None:
    """Run the campaigns that are wanted, and end in failure where one found something."""
    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument(
        "wanted", nargs="*", help=f"kinds ({', '.join(KINDS)}) targets, or api; all targets without any"
    )
    parser.add_argument("--runs", type=int, help="inputs of each target, instead of its own number")
    parser.add_argument("--seconds", type=int, default=600, help="for each target at most")
    given = parser.parse_args(arguments)
    if given.wanted == ["api"]:
        sys.exit(0 if api.run(given.runs or api.RUNS) else "Some answers were not as declared; which stands above.")
    found = []
    for name, (kind, target) in _chosen(given.wanted).items():
        came = campaign(kind, target, given.runs or target.runs, given.seconds)
        keep(came)
        print(told(came), flush=True)
        if not came.sound:
            found.append(name)
    if found:
        sys.exit(f"Something was found by {', '.join(found)}: see {WORK}/TARGET/log and the inputs beside it.")


def _chosen(wanted: Sequence[str]) -> dict[str, tuple[str, Target]]:
    known = everything()
    unknown = [one for one in wanted if one not in known and one not in KINDS]
    if unknown:
        sys.exit(f"nothing is called {', '.join(unknown)}; there are {', '.join((*KINDS, *known))}")
    return {name: each for name, each in known.items() if not wanted or name in wanted or each[0] in wanted}


main(sys.argv[1:])
