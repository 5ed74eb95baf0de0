"""The channel tables: who hears of what, where and when."""

from __future__ import annotations

import base64
import binascii
from datetime import time
from email.headerregistry import Address
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, field_validator

from config.policies import web_address
from config.secret import is_reference
from storage.records import ChangeKind, Materiality, Verdict


def mail_address(text: str) -> str:
    """A bare mail address, as given; ValueError in words otherwise."""
    try:
        parsed = Address(addr_spec=text)
    except (ValueError, IndexError):
        raise ValueError("takes a mail address such as legal@example.com") from None
    if not parsed.domain or not text.isprintable() or any(c.isspace() for c in text):
        raise ValueError("takes a mail address such as legal@example.com")
    return text


Mail = Annotated[str, AfterValidator(mail_address)]


Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class ChannelTable(BaseModel):
    """What every channel has: its name, what it hears of, and whether at once or gathered."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, populate_by_name=True)

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$")
    min_materiality: Materiality = Materiality.LOW
    verdicts: tuple[Verdict, ...] | None = None
    kinds: tuple[ChangeKind, ...] | None = None
    digest: Literal["daily", "weekly"] | None = None
    digest_at: time = time(8, 0)
    digest_day: Weekday = "monday"
    timezone: str = "UTC"
    watch_alerts: bool = True  # hears when a watch breaks and recovers

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError('takes a time zone such as "Europe/Berlin"') from None
        return value


class EmailSettings(ChannelTable):
    type: Literal["email"]
    to: tuple[Mail, ...] = Field(min_length=1)
    from_: Mail | None = Field(default=None, alias="from")
    smtp: SecretStr
    password: SecretStr | None = None
    tls: Literal["starttls", "implicit", "none"] | None = None
    ca_file: Path | None = None

    @field_validator("smtp")
    @classmethod
    def _smtp_address(cls, value: SecretStr) -> SecretStr:
        if not is_reference(value.get_secret_value()):
            parse_smtp(value.get_secret_value())
        return value


class WebhookSettings(ChannelTable):
    type: Literal["webhook"]
    url: SecretStr  # the paths of many receivers are keys
    secret: SecretStr

    @field_validator("url")
    @classmethod
    def _web(cls, value: SecretStr) -> SecretStr:
        if not is_reference(value.get_secret_value()):
            web_address(value.get_secret_value())
        return value

    @field_validator("secret")
    @classmethod
    def _whsec(cls, value: SecretStr) -> SecretStr:
        if not is_reference(value.get_secret_value()):
            check_signing_secret(value.get_secret_value())
        return value


class FeedSettings(ChannelTable):
    type: Literal["feed"]
    path: Path
    title: str = Field(default="Policy changes", max_length=200)
    entries: int = Field(default=100, ge=1, le=5000)


ChannelSettings = Annotated[EmailSettings | WebhookSettings | FeedSettings, Field(discriminator="type")]


def check_signing_secret(text: str) -> None:
    """ValueError in words unless it is "whsec_" and the base64 of 24 to 64 bytes (Standard Webhooks)."""
    try:
        key = base64.b64decode(text.removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not text.startswith("whsec_") or not 24 <= len(key) <= 64:
        raise ValueError('takes "whsec_" and 24 to 64 random bytes in base64')


class SmtpAddress(BaseModel):
    """A mail server's address in parts. ``tls``: "starttls" and "implicit" enforced, "none" plain."""

    model_config = ConfigDict(frozen=True)

    host: str
    port: int
    user: str = ""
    password: SecretStr = SecretStr("")
    tls: Literal["starttls", "implicit", "none"] = "starttls"


def parse_smtp(text: str) -> SmtpAddress:
    """ "smtp://user:password@host:587" (STARTTLS, enforced) or "smtps://host" (TLS from the start).

    A server on this machine (loopback) is spoken to in the clear, since nothing leaves the machine; any other
    only where the channel says ``tls = "none"``. ValueError in words for anything else.
    """
    try:
        parts: SplitResult = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, SplitResult("", "", "", "", "")
    if parts.scheme not in ("smtp", "smtps") or not host or parts.path.strip("/") or parts.query:
        raise ValueError("takes a mail server's address such as smtp://user:password@mail.example.com:587")
    implicit = parts.scheme == "smtps"
    return SmtpAddress(
        host=host,
        port=port or (465 if implicit else 587),
        user=unquote(parts.username or ""),
        password=SecretStr(unquote(parts.password or "")),
        tls="implicit" if implicit else "none" if _on_this_machine(host) else "starttls",
    )


def _on_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
