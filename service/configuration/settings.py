"""Every setting, read once, from the environment (`UNCOUNTED_…`) or a `.env` file."""

from __future__ import annotations

import os
import re
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from connectors.reach import Allowed
from service.configuration.secretfiles import PREFIX, SecretFiles, secret_of


class Settings(BaseSettings):
    """How this installation runs. A default suits one person on one machine."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    data_dir: Path = Field(default=Path("var"), description="where the embedded database and the snapshots live")
    database_url: str | None = Field(
        default=None, repr=False, description="PostgreSQL URL, with its password; empty: SQLite under data_dir"
    )
    snapshots_url: str | None = Field(default=None, description="any fsspec URL; empty: snapshots/ under data_dir")
    cors_origins: tuple[str, ...] = Field(default=(), description="origins allowed to read from a browser; * for all")
    max_body_bytes: int = Field(default=5_000_000, description="larger bodies are refused with 413")
    max_batch: int = Field(default=1_000, description="records in one batch")
    import_max_bytes: int = Field(default=500_000_000, description="larger files to import are refused with 413")
    import_inline_rows: int = Field(
        default=2_000, description="files of more rows are imported after the answer, which names their job"
    )
    telemetry: bool = Field(default=False, description="send spans by OTLP to where OTEL_EXPORTER_OTLP_ENDPOINT says")
    metrics_token: str | None = Field(
        default=None, repr=False, min_length=16, description="opens /metrics to whoever sends it; empty: no metrics"
    )
    secret_key: str | None = Field(
        default=None,
        repr=False,
        min_length=32,
        description="from which secrets of webhooks follow, the same for all machines of a service; empty: a file in "
        "data_dir",
    )
    disk_reserve_bytes: int = Field(
        default=100_000_000, description="room on the disk that is held back for records: no file is taken in below it"
    )
    drain_s: float = Field(
        default=1.0, ge=0, description="seconds after SIGTERM in which requests are taken still, though it is not ready"
    )
    grace_s: float = Field(
        default=8.0, gt=0, description="seconds that answers and jobs under way are given to end after that"
    )
    rate_reads: str = Field(default="3000/minute", description="requests that read, of one key")
    rate_writes: str = Field(default="12000/minute", description="requests that write, of one key")
    rate_exports: str = Field(default="120/minute", description="reports, estimates and other long answers, of one key")
    rate_address: str = Field(default="1200/minute", description="requests without a key, from one address")
    rate_address_exports: str = Field(default="60/minute", description="of these, reports and other long answers")
    rate_failures: str = Field(default="30/minute", description="keys that open nothing, from one address")
    uploads_at_once: int = Field(default=4, ge=1, description="files that one key may be sending at the same time")
    hosts: tuple[str, ...] = Field(default=(), description="names the service goes by; empty: any")
    trusted_proxies: tuple[str, ...] = Field(
        default=("127.0.0.0/8", "::1/128"), description="networks of proxies whose X-Forwarded headers are believed"
    )
    log_level: str = Field(default="info", description="debug, info, warning or error")
    census_key: str | None = Field(default=None, repr=False, description="key of the US Census Data API")
    hapi_app_identifier: str | None = Field(
        default=None, repr=False, description="who asks HDX HAPI: name:e-mail in base64, made by its own page"
    )
    nomis_uid: str | None = Field(
        default=None, repr=False, description="id of a Nomis account, which is served first; optional"
    )
    kobo_token: str | None = Field(default=None, repr=False, description="API key of a KoboToolbox account, for pulls")
    odk_email: str | None = Field(
        default=None, repr=False, description="e-mail of a web user of ODK Central, for pulls"
    )
    odk_password: str | None = Field(default=None, repr=False, description="its password")
    odk_token: str | None = Field(default=None, repr=False, description="token of a session of ODK Central, instead")
    taxonomy: Path | None = Field(
        default=None, description="file of groups of people beside the shipped, docs/groups.md"
    )
    tag_rules: Path | None = Field(default=None, description="file of rules beside the shipped, docs/tags.md")
    sensitivity_policy: Path | None = Field(
        default=None, description="file that raises classes and rules of disclosure, docs/disclosure.md"
    )
    quality_policy: Path | None = Field(
        default=None, description="file of weights, bars and allowed actions instead of the shipped, docs/quality.md"
    )
    queue_policy: Path | None = Field(
        default=None, description="file of weights by which the queue of reviewers is ordered, docs/queue.md"
    )
    claim_minutes: int = Field(default=30, ge=1, le=1_440, description="for which a reviewer holds a flag they claimed")
    reason_codes: Path | None = Field(
        default=None, description="file of reasons for decisions beside the shipped, docs/review.md"
    )
    second_review_share: float = Field(
        default=0.1, ge=0, le=1, description="share of decisions that a second person judges without knowing the first"
    )
    appeal_days: int = Field(default=90, ge=1, le=3_650, description="days in which a decision can be appealed against")
    sync_schedule: str | None = Field(
        default=None, description="when sources are brought up to date, as cron writes it, UTC; empty: never by itself"
    )
    allowed_networks: tuple[str, ...] = Field(
        default=(), description="hosts and networks that sources may have although they are not public"
    )
    public_url: str = Field(
        default="", description="address by which browsers reach this service, https://…; needed for signing in"
    )
    oidc_issuer: str | None = Field(default=None, description="identity provider through which people sign in")
    oidc_client_id: str | None = Field(default=None, description="how this service is registered there")
    oidc_client_secret: str | None = Field(default=None, repr=False, description="the secret of that registration")
    map_tiles: str | None = Field(
        default=None,
        pattern=r"^https?://[^\s;,'\"]+$",
        description="pictures behind the map, https://…/{z}/{x}/{y}.png; empty: our own outlines",
    )
    map_attribution: str = Field(default="", description="who made them, told under the map")
    contact: str = Field(default="", description="e-mail or URL sent in User-Agent to sources")
    harm_contact: str = Field(
        default="", description="e-mail, telephone or URL of whoever answers reports of harm, docs/rights.md"
    )

    @classmethod
    def settings_customise_sources(  # noqa: PLR0913, PLR0917 - as pydantic-settings calls it
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read secrets out of files too; the environment goes before, and after it the file `.env`."""
        return (init_settings, env_settings, SecretFiles(settings_cls), dotenv_settings, file_secret_settings)

    def key(self, connector: str, need: str) -> str | None:
        """Return what a connector needs of the environment, e.g. ("census", "key") -> UNCOUNTED_CENSUS_KEY.

        A stranger's connector is served as ours are: its variable is read although no field stands for it here.
        """
        name = re.sub(r"\W", "_", f"{connector}_{need}").casefold()
        ours = name in type(self).model_fields
        found = getattr(self, name) if ours else secret_of(name, os.environ) or os.environ.get(PREFIX + name.upper())
        return found.strip() or None if found else None  # a key out of a file ends with a line break

    @property
    def allowed(self) -> Allowed:
        """What may be asked besides public addresses. Raises `ValueError` for what is neither a host nor a network."""
        return Allowed.of(self.allowed_networks)

    @property
    def database(self) -> str:
        """The SQLAlchemy URL of the database."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'uncounted.sqlite'}"

    @property
    def snapshots(self) -> str:
        """The fsspec URL under which snapshots are kept."""
        return self.snapshots_url or str(self.data_dir.resolve() / "snapshots")

    @property
    def kept(self) -> Path:
        """The folder of files of sources that are asked for again only when they changed."""
        return self.data_dir.resolve() / "kept"

    @property
    def indexes(self) -> Path:
        """The folder of indexes of official lists, which the processes of a machine share."""
        return self.data_dir.resolve() / "indexes"
