"""Examining an installation: every look in turn, on a healthy one and on a broken one."""

from __future__ import annotations

from collections.abc import Iterator

from service.auditing.verifying import Step
from service.configuration.settings import Settings
from service.errors import Problem
from service.health.doctor import database, files
from service.health.doctor.finding import Finding, State, looked, well
from service.store.engine import Store


def examine(settings: Settings, step: Step) -> Iterator[Finding]:
    """Yield what each look came to. Nothing is changed, nothing made, and nothing raised."""
    try:
        store = Store(settings.database)
    except Problem as problem:
        yield Finding("settings", State.WRONG, problem.detail, "Mend UNCOUNTED_DATABASE_URL.")
        yield from files.examine(settings, None, step)
        return
    yield looked("settings", lambda: _settings(settings), "Mend the file that is named, or leave the setting empty.")
    usable = False
    try:
        for finding in database.examine(store, settings, step):
            usable = usable or (finding.what == "migrations" and finding.state is State.WELL)
            yield finding
        yield from files.examine(settings, store if usable else None, step)
    finally:
        store.close()


def _settings(settings: Settings) -> Finding:
    """Look whether every file that the settings name is there and readable."""
    named = {
        "UNCOUNTED_TAXONOMY": settings.taxonomy,
        "UNCOUNTED_TAG_RULES": settings.tag_rules,
        "UNCOUNTED_QUALITY_POLICY": settings.quality_policy,
    }
    gone = [f"{name} names {path}, which is not there" for name, path in named.items() if path and not path.is_file()]
    if gone:
        return Finding("settings", State.WRONG, "; ".join(gone), "Mend the path, or leave the setting empty.")
    return well("settings", f"data in {settings.data_dir.resolve()}")
