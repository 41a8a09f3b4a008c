"""What operators write: policies, passports, groups, rules, sources, manifests, parameters, schedules."""

from __future__ import annotations

import tempfile
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

from connectors.errors import ConnectorError
from connectors.register import official_file
from connectors.sdmx.description import InvalidDescription
from connectors.sdmx.sources import read_descriptions
from fuzz.target import Target, reading_text, refusing, require, texts
from geodata.files.headers import UnknownColumn
from geodata.files.sheet import UnreadableTable
from geodata.tags.reading import InvalidRules
from geodata.tags.reading import Sheet as RuleSheet
from geodata.tags.rules import rules
from geodata.taxonomy.reading import InvalidTaxonomy, Sheet, read_groups
from geodata.taxonomy.taxonomy import in_force
from matchers.parameters import DEFAULTS, Parameters
from matchers.quality.policy import InvalidPolicy, policy_from
from matchers.quality.reading import InvalidPassport, as_plain, read_plain, read_toml
from matchers.training import saved
from service.errors import Problem
from service.offline.quality import template
from service.running.cron import following

_TODAY = date(2026, 3, 31)
_NOW = datetime(2026, 3, 31, tzinfo=UTC)
_LIST = b"id,name,lat,lon,country,population\n1,Lindi,-1.31,36.78,KEN,120\n2,Makina,-1.32,36.79,KEN,90\n"


def _policy(text: str) -> None:
    policy = policy_from(text, "policy.toml")
    require(set(policy.bars) == set("ABCD"), "a policy that was taken says what each grade asks for")
    for country in ("KEN", None):
        policy.of(country).actions("undeclared")


def _passport(text: str) -> None:
    passport = read_toml(text, _TODAY)
    require(read_plain(as_plain(passport), _TODAY) == passport, "a passport reads back")


def _groups(text: str) -> None:
    read_groups([Sheet("groups.toml", text)])


def _rules(text: str) -> None:
    rules(in_force(), [RuleSheet("rules.toml", text)])


def _manifest(text: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "list.csv")
        path.write_bytes(_LIST)
        Path(folder, "list.csv.toml").write_bytes(text)
        official_file(path, {})


def _parameters(text: str) -> None:
    parameters = saved.read(text)
    require(Parameters.from_json(parameters.to_json()) == parameters, "parameters read back")


def _shipped(package: str, name: str) -> bytes:
    return files(package).joinpath(name).read_bytes()


def _schedule(text: str) -> None:
    require(following(text, _NOW) > _NOW, "what comes next lies ahead")


_GROUPS = """
[sources.a]
title = "A"
url = "https://example.org/a"
[groups.nubian]
dimension = "ethnicity"
names = { en = ["Nubian", "Nubi"], sw = ["Wanubi"] }
countries = ["KEN"]
source = ["a"]
"""
_RULES = """
[list]
title = "own"
[themes.river-islands]
label = "River islands"
definition = "Land in a river"
sdg = ["11.5"]
when = [{ words = ["char", "river island"] }]
"""
_MANIFEST = """
[source]
title = "Sub-locations"
vintage = "2009-08-24"
licence = "Facts"
attribution = "KNBS"
[coverage]
completeness = "exhaustive"
lowest_level = "sub-location"
kinds = ["ward"]
countries = ["KEN"]
admin = { county = ["Nairobi"] }
bbox = [36.7, -1.4, 36.9, -1.2]
reference_date = 2009-08-24
minimum_persons = 50
excludes = ["camp"]
location_r95_m = 500
[coverage.counts]
[columns]
name = "name"
[defaults]
country = "KEN"
observed = "2009-08-24"
[file]
sheet = "x"
"""

TARGETS = (
    Target(
        "policy", "quality policies (TOML)", reading_text(_policy, InvalidPolicy),
        lambda: [_shipped("matchers.quality", "policy.toml")], runs=30_000, longest=8_192,
    ),
    Target(
        "passport", "quality passports (TOML)", reading_text(_passport, InvalidPassport),
        lambda: [template().encode(), b'title = "A"\ncollected = "2025"\nmethod = "census"\n'], runs=30_000,
        longest=8_192,
    ),
    Target("groups-of-people", "files of groups (TOML)", reading_text(_groups, InvalidTaxonomy), texts(_GROUPS),
           runs=30_000),
    Target("rules", "files of rules for tags (TOML)", reading_text(_rules, InvalidRules), texts(_RULES), runs=10_000),
    Target(
        "descriptions", "descriptions of SDMX sources (TOML)", reading_text(read_descriptions, InvalidDescription),
        lambda: [_shipped("connectors", "sources.toml")[:4_000]], runs=30_000,
    ),
    Target(
        "manifest", "manifests of register files (TOML)",
        refusing(_manifest, ConnectorError, UnreadableTable, UnknownColumn), texts(_MANIFEST), runs=10_000,
    ),
    Target(
        "parameters", "parameters of the model (JSON)", reading_text(_parameters, ValueError),
        lambda: [DEFAULTS.to_json().encode()], runs=30_000, longest=8_192,
    ),
    Target(
        "schedule", "schedules (cron)", reading_text(_schedule, Problem),
        texts("0 3 * * 1", "*/5 0-6,12 1 JAN-MAR *", "0 0 29 2 *"), runs=60_000, longest=64,
    ),
)  # fmt: skip
