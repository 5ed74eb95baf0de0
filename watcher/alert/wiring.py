"""The configured channels as things that send, and as rules that route."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from pydantic import SecretStr

from config.channels import ChannelSettings, EmailSettings, FeedSettings, WebhookSettings, parse_smtp
from config.secret import reveal
from watcher.alert.email import EmailChannel, MailServer
from watcher.alert.feed import FeedChannel
from watcher.alert.message import Channel
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
    def late(secret: SecretStr) -> Callable[[], str]:
        return lambda: reveal(secret, environ)

    match settings:
        case EmailSettings():
            server = _server(settings, environ)
            return EmailChannel(settings.name, server, settings.to, settings.from_ or "", timeout_s)
        case WebhookSettings():
            return WebhookChannel(settings.name, late(settings.url), late(settings.secret), post)
        case FeedSettings():
            return FeedChannel(settings.name, settings.path, settings.title, settings.entries)


def _server(settings: EmailSettings, environ: Mapping[str, str]) -> Callable[[], MailServer]:
    def server() -> MailServer:
        address = parse_smtp(reveal(settings.smtp, environ))
        password = address.password if settings.password is None else settings.password
        return MailServer(
            host=address.host,
            port=address.port,
            tls=settings.tls or address.tls,
            user=address.user,
            password=reveal(password, environ),
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
