"""The summary of a country: which groups people name there, beside whether official statistics count them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from geodata.countries import UnknownCountry, country_code, country_name
from geodata.tags import goals
from geodata.tags.tag import TagKind
from geodata.tags.tagging import Facts, codes, rules_in_force, tags_of
from geodata.taxonomy import in_force
from service.accounts.statement import Question
from service.callers.caller import Caller
from service.consultations.demography import age_order, gender_order
from service.consultations.grouping import label_of
from service.consultations.official import Asked, lists_of
from service.context import Context
from service.disclosure.consultations import Told, redact_consultations
from service.disclosure.consultations.tally import COUNTRY, Area
from service.disclosure.consultations.told import Named, Part
from service.errors import NOT_FOUND, Problem
from service.official.longlists import in_memory
from service.report import ReportScope, gap_report
from service.store import statements

#: What every summary says about itself.
LIMITS = (
    "Absence of data is not absence of people: a group nobody named, or no list counts, is no smaller for it.",
    "Those who answered chose to: how many name a group is no share of the population, and does not tell its size.",
    "Whether a list counts a group is what it declares and publishes; where it does not say, nothing is concluded.",
    "Answers in free text were grouped by words that are known; the others are counted as not recognised.",
)


@dataclass(frozen=True, slots=True)
class SummaryScope:
    """What a summary is about."""

    country: str  # ISO 3166-1 alpha-3
    organisation: str | None = None  # only what this one asked


def country_of(text: str) -> str:
    """Return the ISO 3166-1 alpha-3 code of a country in an address. Raises `Problem` (not found)."""
    try:
        return country_code(text)
    except UnknownCountry as error:
        detail = f"There is no country {text!r}; {error.hint}."
        raise Problem(NOT_FOUND, detail) from error


def country_summary(context: Context, scope: SummaryScope, caller: Caller) -> dict[str, Any]:
    """Return the summary of a country as this caller may read it, as plain values.

    Raises `Problem` (key needed, not permitted) where an outsider asks for one organisation.
    """
    lists = lists_of(scope.country, in_memory(context.lists.current(), ()))
    with context.store.read() as session:
        versions = statements.of_country(session, scope.country)
    told = redact_consultations(versions, scope.country, caller, scope.organisation)
    report_scope = ReportScope(scope.country, organisation=scope.organisation)
    findings: dict[str, Counter[str]] = {}
    report = gap_report(context, report_scope, caller, lambda flags: _find(findings, flags))
    speaking = [one for one in lists if one.speaks]
    today = datetime.now(UTC).date()
    return {
        "country": {"code": scope.country, "name": country_name(scope.country)},
        "organisation": scope.organisation,
        "edition": "exact" if told.exact else "public",
        "surveys": _part(told.surveys),
        "dialogues": _part(told.dialogues),
        "groups": _groups(told, scope.country, speaking, findings),
        "areas": [_area(area, numbers, told.written) for area, numbers in told.areas.items()],
        **{question.value: _named(told, question) for question in Question if question is not Question.GROUPS},
        "not_recognised": {question.value: _shown(told.unknown.get(question)) for question in Question},
        "records": {name: report[name] for name in ("verdicts", "statuses")},
        "lists": [_list(one, speaks=one in speaking) for one in lists],
        "withheld": dict(told.withheld),
        "limits": list(LIMITS),
        "cite": _citation(scope, told, [one for one in lists if one in speaking], today),
    }


def _groups(
    told: Told, country: str, lists: Sequence[Asked], findings: Mapping[str, Counter[str]]
) -> list[dict[str, Any]]:
    named = told.named[Question.GROUPS]
    ranked = sorted(named, key=lambda one: (*_rank(named[one][COUNTRY]), label_of(Question.GROUPS, one)))
    return [
        {
            "group": group,
            **_described(group, country),
            **_shown(named[group][COUNTRY]),
            "official": [one.about(group, COUNTRY, "").plain() for one in lists],
            "findings": dict(sorted(findings.get(group, {}).items())),
            "areas": [
                {
                    **_place(area, told.written),
                    **_shown(named[group].get(area)),
                    "official": [one.about(group, area, told.written[area]).plain() for one in lists],
                }
                for area in told.areas
            ],
        }
        for group in ranked
    ]


def _described(group: str, country: str) -> dict[str, Any]:
    """Return what a group is called, along which dimension it is told apart, and the goals and factors it bears on."""
    label, known = label_of(Question.GROUPS, group), in_force().get(group)
    tags = tags_of(Facts(country=country, groups=(label,)))
    labels = rules_in_force().labels[TagKind.FACTOR]
    return {
        "label": label,
        "dimension": known.dimension.value if known else None,
        "goals": sorted({code.partition(".")[0] for code in codes(tags, TagKind.SDG)}, key=goals.order),
        "factors": [labels[code] for code in sorted(codes(tags, TagKind.FACTOR))],
    }


def _find(found: dict[str, Counter[str]], flags: Iterable[Mapping[str, Any]]) -> None:
    """Count the flags that the caller sees and that say that a group is not counted, by group and reason."""
    known = in_force()
    for flag in flags:
        community = flag["community"]
        if flag["verdict"] == "hidden_group":
            for label in community["groups"]:
                group = known.group_of(label, community["country"])
                if group is not None:
                    found.setdefault(group.id, Counter())[flag["subtype"] or "not said"] += 1


def _named(told: Told, question: Question) -> list[dict[str, Any]]:
    named = told.named[question]
    ranked = sorted(named, key=lambda one: (*_rank(named[one][COUNTRY]), one))
    return [{"code": one, "label": label_of(question, one), **_shown(named[one][COUNTRY])} for one in ranked]


def _rank(named: Named) -> tuple[int, int]:
    return -(named.people or 0), -(named.participants or 0)


def _shown(named: Named | None) -> dict[str, Any]:
    one = named or Named()
    return {
        "respondents": one.people,
        "share": one.share,
        "meetings": one.meetings,
        "participants": one.participants,
        "at_least": one.at_least,
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "consultations": part.consultations,
        "meetings": part.meetings,
        "people": part.people,
        **part_margins(part),
    }


def part_margins(part: Part) -> dict[str, Any]:
    """Return the ages and genders of those who took part, in order, as plain values."""
    ages = sorted(part.ages, key=lambda one: age_order(one.term))
    genders = sorted(part.genders, key=lambda one: gender_order(one.term))
    return {
        "ages": [{"band": one.term, "people": one.people, "share": one.share} for one in ages],
        "genders": [{"gender": one.term, "people": one.people, "share": one.share} for one in genders],
    }


def _area(area: Area, numbers: tuple[int | None, int | None], written: Mapping[Area, str]) -> dict[str, Any]:
    respondents, participants = numbers
    return {**_place(area, written), "respondents": respondents, "participants": participants}


def _place(area: Area, written: Mapping[Area, str]) -> dict[str, Any]:
    """Return the place of an area in words."""
    province = written.get(Area(area.province)) if area.province else None
    return {"level": area.level, "province": province, "municipality": written[area] if area.municipality else None}


def _list(one: Asked, *, speaks: bool) -> dict[str, Any]:
    official = one.official
    return {
        "source": official.source,
        "title": official.title,
        "vintage": official.vintage,
        "snapshot": official.snapshot,
        "speaks_of_groups": speaks,
    }


def _citation(scope: SummaryScope, told: Told, lists: Sequence[Asked], day: date) -> str:
    surveys, meetings = told.surveys.consultations, told.dialogues.meetings
    of_surveys = f"{surveys} survey{'' if surveys == 1 else 's'}"
    people = f"{told.surveys.people or 0:,} respondents of {of_surveys}"
    asked = f"{people} and {meetings:,} meeting{'' if meetings == 1 else 's'} of dialogues"
    held = "; ".join(f"{one.official.title}, vintage {one.official.vintage}" for one in lists)
    return (
        f"Uncounted, groups that people name as left behind and whether official statistics count them: "
        f"{country_name(scope.country)}, {asked}"
        f"{f', held against {held}' if held else ''}. Read on {day:%Y-%m-%d}. {LIMITS[0]}"
    )
