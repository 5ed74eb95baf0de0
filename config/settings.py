"""The configuration's schema and defaults; ``Settings.load`` is the one way in.

Every key is described, for the person who writes it, in ``clausewatch.example.toml`` next to this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.channels import ChannelSettings
from config.duration import Duration, Seconds
from config.policies import Web, css_selector, host_of, plain_id, policy_id
from config.secret import is_reference
from storage.records import Policy, PolicyKind

ENV_PREFIX = "CLAUSEWATCH_"


class ConfigError(Exception):
    """A configuration that cannot be used. ``problems`` holds every one, a line each, in the user's words."""

    def __init__(self, problems: tuple[str, ...], path: Path | None = None) -> None:
        self.problems = problems
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        where = f"the configuration ({path})" if path else "the configuration"
        super().__init__(f"{where} has {count}:\n" + "\n".join(f"  - {p}" for p in problems))


class Table(BaseModel):
    """What every table of the configuration shares: no unknown keys, nothing changes after the start."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class StoreSettings(Table):
    path: Path = Path("clausewatch.db")
    keep_bodies: Literal["versions", "all"] = "versions"


class ScheduleSettings(Table):
    every: Duration = 12 * 3600.0
    confirm_after: Duration = 600.0
    concurrency: int = Field(default=16, ge=1, le=1024)
    stop_within: Duration = 8.0  # container runtimes kill ten seconds after the polite signal


class FetchSettings(Table):
    timeout_s: Seconds = Field(default=30.0, gt=0, le=3600)
    max_bytes: int = Field(default=10_000_000, ge=1_000, le=1_000_000_000)
    max_redirects: int = Field(default=8, ge=0, le=50)
    host_interval_s: Seconds = Field(default=1.0, ge=0, le=3600)
    respect_robots: bool = True
    allow_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    user_agent: str = Field(default="Clausewatch/0.1", min_length=3, max_length=200)
    contact: str = Field(default="", max_length=200)  # a mail address or URL, told to every host
    proxy: SecretStr | None = None

    @field_validator("user_agent", "contact")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not value.isprintable() or not value.isascii():
            raise ValueError("takes one line of plain ASCII: it becomes a header")
        return value

    @field_validator("allow_networks", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        if not isinstance(value, list | tuple):
            raise ValueError('takes a list of networks, such as ["10.0.0.0/8"]')
        return tuple(_network(v) for v in value)

    @field_validator("proxy")
    @classmethod
    def _proxy_url(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value() if value else ""
        if text and not is_reference(text) and not text.startswith(("http://", "https://")):
            raise ValueError("takes a proxy's address, such as http://proxy:3128")
        return value

    @property
    def identity(self) -> str:
        """The User-Agent sent: the name and, where one is given, how to reach whoever runs this."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent


def _network(value: object) -> IPv4Network | IPv6Network:
    try:
        return ip_network(str(value))
    except ValueError as error:
        raise ValueError(f"takes networks such as 10.0.0.0/8 or fd00::/8: {error}") from None


class AlertSettings(Table):
    broken_after_checks: int = Field(default=3, ge=1)
    broken_after: Duration = 48 * 3600.0
    give_up_after: Duration = 5 * 86400.0
    concurrency: int = Field(default=8, ge=1, le=256)
    send_timeout_s: Seconds = Field(default=30.0, gt=0, le=600)
    heartbeat_url: SecretStr | None = None
    heartbeat_every: Duration = 300.0

    @field_validator("heartbeat_url")
    @classmethod
    def _is_web(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value() if value else ""
        if text and not is_reference(text) and not text.startswith(("http://", "https://")):
            raise ValueError("takes an address that starts with https:// or http://")
        return value


class ArchiveSettings(Table):
    base: Web = "https://web.archive.org"


class ExplainSettings(Table):
    url: Web | None = None  # of the chat completions; None: nobody is asked
    model: str = Field(default="", max_length=200)
    key: SecretStr | None = None
    budget_tokens_per_day: int = Field(default=100_000, ge=0)
    max_tokens: int = Field(default=400, ge=50, le=8_000)
    timeout_s: Seconds = Field(default=60.0, gt=0, le=600)


class LogSettings(Table):
    format: Literal["auto", "console", "json"] = "auto"  # auto: readable on a terminal, JSON elsewhere
    level: Literal["debug", "info", "warning", "error"] = "info"


class PolicySettings(Table):
    url: Web
    id: str = ""
    service: str = Field(default="", max_length=200)
    name: str = Field(default="", max_length=200)
    kind: PolicyKind = PolicyKind.OTHER
    every: Duration | None = None
    select: str | None = None
    channels: tuple[str, ...] | None = None

    @field_validator("id")
    @classmethod
    def _plain_id(cls, value: str) -> str:
        return plain_id(value) if value else value

    @field_validator("select")
    @classmethod
    def _selector(cls, value: str | None) -> str | None:
        return value if value is None else css_selector(value)

    def to_policy(self) -> Policy:
        """The value the store keeps; an id and a service not given are made from the address."""
        return Policy(
            id=self.id or policy_id(self.url),
            url=self.url,
            service=self.service or host_of(self.url),
            kind=self.kind,
            name=self.name,
            every_s=self.every,
            select=self.select,
            channels=self.channels,
            source="config",
        )


class Settings(BaseSettings):
    """The whole configuration. Without a file and without variables it is the defaults."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        env_prefix=ENV_PREFIX,
        env_nested_delimiter="__",
    )

    store: StoreSettings = StoreSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    fetch: FetchSettings = FetchSettings()
    alert: AlertSettings = AlertSettings()
    archive: ArchiveSettings = ArchiveSettings()
    explain: ExplainSettings = ExplainSettings()
    log: LogSettings = LogSettings()
    policy: tuple[PolicySettings, ...] = ()
    channel: tuple[ChannelSettings, ...] = ()

    @classmethod
    def load(cls, path: Path | None, environ: Mapping[str, str], *, secrets: bool = True) -> Settings:
        """The settings of a TOML file (None: no file) with the variables of ``environ`` over them.

        ``secrets`` False: whoever only reads the history needs no password, so a secret kept elsewhere may be
        missing here. Raises ConfigError with every problem at once.
        """
        from config.load import load  # the loader needs the schema, so the schema meets it late

        return load(path, environ, secrets=secrets)

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The policies named in the configuration."""
        return tuple(p.to_policy() for p in self.policy)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what it is given: ``load`` has merged file and environment, and knows which said what."""
        return (init_settings,)
