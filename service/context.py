"""The context: everything a verb needs, opened once and handed down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from connectors.archive import Archive
from geodata import sensitivity
from geodata.sensitivity import InvalidSensitivity
from geodata.tags import tagging
from geodata.tags.reading import InvalidRules
from geodata.taxonomy import InvalidTaxonomy, install
from matchers.quality.policy import InvalidPolicy, Policy, read_policy
from service.configuration.bounds import networks, rates
from service.configuration.settings import Settings
from service.errors import INVALID, Problem
from service.official.indexes import Indexes
from service.official.lists import OfficialLists
from service.reasons.codes import InvalidReasons, ReasonCodes, reason_codes
from service.running import clock
from service.running.cron import following
from service.store import events
from service.store.engine import Store
from service.store.migrate import require_current
from service.urgency import policy as urgency
from service.urgency.policy import InvalidQueuePolicy


@dataclass(frozen=True, slots=True)
class Context:
    """The settings, the database, the archive of snapshots, and the official lists of the present ones."""

    settings: Settings
    store: Store
    archive: Archive
    lists: OfficialLists


def open_context(settings: Settings) -> Context:
    """Open what the settings name.

    Raises `Problem`: invalid when the file of groups, of sensitivity, of tag rules, of the quality or the queue policy,
    or of reason codes cannot be read, or the schedule of sources, a network or a rate is none, busy when the database
    does not answer, or out of date when it was not migrated.
    Nothing is changed here, because opening may happen in many processes at once.
    """
    install_groups(settings)
    install_sensitivity(settings)
    install_tag_rules(settings)
    quality_policy(settings)
    install_queue_policy(settings)
    codes_of_reasons(settings)
    sync_schedule(settings)
    allowed_networks(settings)
    limits_of_requests(settings)
    if not settings.database_url:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    store, archive = Store(settings.database), Archive(settings.snapshots)
    context = Context(settings, store, archive, OfficialLists(store, archive, Indexes(settings.indexes)))
    try:
        require_current(context.store)
        _go_on_from_the_last_moment(context.store)
    except BaseException:
        close(context)
        raise
    return context


def _go_on_from_the_last_moment(store: Store) -> None:
    with store.glance() as session:
        last = events.last_moment(session)
    if last is not None:
        clock.CLOCK.not_before(last)


def install_groups(settings: Settings) -> None:
    """Put the groups of people that the settings name in force. Raises `Problem` (invalid) where the file is wrong."""
    try:
        install(*([settings.taxonomy] if settings.taxonomy else []))
    except InvalidTaxonomy as error:
        detail = f"UNCOUNTED_TAXONOMY: {error}."
        raise Problem(INVALID, detail) from error


def install_sensitivity(settings: Settings) -> None:
    """Put the sensitivity policy in force, raised as the settings say. Raises `Problem` (invalid) for a wrong file."""
    try:
        sensitivity.install(*([settings.sensitivity_policy] if settings.sensitivity_policy else []))
    except InvalidSensitivity as error:
        detail = f"UNCOUNTED_SENSITIVITY_POLICY: {error}."
        raise Problem(INVALID, detail) from error


def install_tag_rules(settings: Settings) -> None:
    """Put the rules for tags that the settings name in force. Raises `Problem` (invalid) where the file is wrong."""
    try:
        tagging.install(*([settings.tag_rules] if settings.tag_rules else []))
    except InvalidRules as error:
        detail = f"UNCOUNTED_TAG_RULES: {error}."
        raise Problem(INVALID, detail) from error


def quality_policy(settings: Settings) -> Policy:
    """Return the quality policy that the settings name, or the shipped one. Raises `Problem` (invalid)."""
    try:
        return read_policy(settings.quality_policy)
    except InvalidPolicy as error:
        detail = f"UNCOUNTED_QUALITY_POLICY: {error}."
        raise Problem(INVALID, detail) from error


def install_queue_policy(settings: Settings) -> None:
    """Put the weights of the queue that the settings name in force. Raises `Problem` (invalid) for a wrong file."""
    try:
        urgency.install(settings.queue_policy)
    except InvalidQueuePolicy as error:
        detail = f"UNCOUNTED_QUEUE_POLICY: {error}."
        raise Problem(INVALID, detail) from error


def codes_of_reasons(settings: Settings) -> ReasonCodes:
    """Return the reasons that decisions are given with here. Raises `Problem` (invalid) where the file is wrong."""
    try:
        return reason_codes(settings.reason_codes)
    except InvalidReasons as error:
        detail = f"UNCOUNTED_REASON_CODES: {error}."
        raise Problem(INVALID, detail) from error


def sync_schedule(settings: Settings) -> None:
    """Raise `Problem` (invalid) where the settings name a schedule for all sources that is none."""
    if settings.sync_schedule:
        try:
            following(settings.sync_schedule, datetime.now(UTC))
        except Problem as problem:
            detail = f"UNCOUNTED_SYNC_SCHEDULE: {problem.detail}"
            raise Problem(INVALID, detail) from problem


def allowed_networks(settings: Settings) -> None:
    """Raise `Problem` (invalid) where the settings allow what is neither a host nor a network."""
    try:
        _ = settings.allowed
    except ValueError as error:
        detail = f"UNCOUNTED_ALLOWED_NETWORKS: {error}."
        raise Problem(INVALID, detail) from error


def limits_of_requests(settings: Settings) -> None:
    """Raise `Problem` (invalid) where a rate is none, or the network of a proxy."""
    try:
        rates({name: getattr(settings, name) for name in type(settings).model_fields if name.startswith("rate_")})
    except ValueError as error:
        raise Problem(INVALID, f"{error}.") from error
    try:
        networks(settings.trusted_proxies)
    except ValueError as error:
        detail = f"UNCOUNTED_TRUSTED_PROXIES: {error}."
        raise Problem(INVALID, detail) from error


def close(context: Context) -> None:
    """Let go of every connection."""
    context.store.close()
