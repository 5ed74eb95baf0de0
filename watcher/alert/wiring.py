"""The configured channels as things that send, and as rules that route."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pydantic import SecretStr

from config.channels import ChannelSettings, EmailSettings, FeedSettings, WebhookSettings, parse_smtp
from config.secret import ReferenceProblem, reveal
from watcher.alert.email import EmailChannel, MailServer
from watcher.alert.feed import FeedChannel
from watcher.alert.message import Channel, SendFailed
from watcher.alert.route import Router, Rule
from watcher.alert.webhook import Post, WebhookChannel


def router(settings: Sequence[ChannelSettings]) -> Router:
    """Who hears of what, by the filters of the configured channels."""
    return Router([_rule(channel) for channel in settings])


def digest_channels(settings: Sequence[ChannelSettings]) -> frozenset[str]:
    """The channels whose changes are gathered."""
    return frozenset(channel.name for channel in settings if channel.digest)


def channels(
    settings: Sequence[ChannelSettings], post: Post, environ: Mapping[str, str], *, timeout_s: float = 30.0
) -> dict[str, Channel]:
    """The channels by name. Secrets are looked up in ``environ`` or their files at each send."""
    return {channel.name: _channel(channel, post, environ, timeout_s) for channel in settings}


def _channel(settings: ChannelSettings, post: Post, environ: Mapping[str, str], timeout_s: float) -> Channel:
    match settings:
        case EmailSettings():
            server = _server(settings, environ)
            return EmailChannel(settings.name, server, settings.to, settings.from_ or "", timeout_s)
        case WebhookSettings():
            return WebhookChannel(
                settings.name, _late(settings.url, environ), _late(settings.secret, environ), post
            )
        case FeedSettings():
            return FeedChannel(settings.name, settings.path, settings.title, settings.entries)


def _late(secret: SecretStr, environ: Mapping[str, str]) -> Callable[[], str]:
    """Looks a secret up when asked; one that has gone since the start is an outage, told by its reference."""

    def look_up() -> str:
        try:
            return reveal(secret, environ)
        except ReferenceProblem as problem:
            raise SendFailed(str(problem), outage=True) from None

    return look_up


def _server(settings: EmailSettings, environ: Mapping[str, str]) -> Callable[[], MailServer]:
    smtp = _late(settings.smtp, environ)
    own_password = _late(settings.password, environ) if settings.password else None

    def server() -> MailServer:
        try:
            address = parse_smtp(smtp())
        except ValueError as wrong:
            raise SendFailed(f"smtp: {wrong}", outage=True) from None
        return MailServer(
            host=address.host,
            port=address.port,
            tls=settings.tls or address.tls,
            user=address.user,
            password=own_password() if own_password else address.password.get_secret_value(),
            ca_file=settings.ca_file,
        )

    return server


def _rule(settings: ChannelSettings) -> Rule:
    return Rule(
        channel=settings.name,
        min_materiality=settings.min_materiality,
        verdicts=frozenset(settings.verdicts) if settings.verdicts is not None else None,
        kinds=frozenset(settings.kinds) if settings.kinds is not None else None,
        digest=settings.digest,
        digest_at=settings.digest_at,
        digest_day=settings.digest_day,
        timezone=settings.timezone,
        watch_alerts=settings.watch_alerts,
    )
