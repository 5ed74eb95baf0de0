"""Moments as people write them on a command line."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import click

from config.duration import parse_duration
from watcher.cli.app import now

_MONTH = re.compile(r"\d{4}(-\d{2})?", re.ASCII)
_DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}", re.ASCII)
_YEARS = re.compile(r"(\d{1,2})\s*y(?:ears?)?", re.ASCII | re.IGNORECASE)
DAY_S = 86400
F = TypeVar("F", bound=Callable[..., object])


def moment(text: str) -> datetime:
    """A day, a month or a year (its beginning), a time (UTC unless it says otherwise), or a span back from now.

    ValueError, in words, for anything else.
    """
    word = text.strip().lower()
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    if word in ("today", "yesterday"):
        return midnight - timedelta(days=word == "yesterday")
    try:
        if part := _MONTH.fullmatch(word):
            return datetime.strptime(word, "%Y-%m" if part[1] else "%Y").replace(tzinfo=UTC)
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return now() - timedelta(seconds=_span(text))
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _span(text: str) -> float:
    if years := _YEARS.fullmatch(text.strip()):
        return int(years[1]) * 365.25 * DAY_S
    try:
        return parse_duration(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is no day (2024-05-01), month (2024-05), year (2024) or span (30d, 1y)"
        ) from None


def moment_option(name: str, *, help: str, end: bool = False) -> Callable[[F], F]:
    """An option that takes a `moment`; with ``end`` a day stands for its last instant."""

    def read(_: click.Context, __: click.Parameter, value: str | None) -> datetime | None:
        try:
            at = moment(value) if value else None
        except (ValueError, OverflowError) as error:
            raise click.BadParameter(str(error)) from None
        whole = end and value and (_DAY.fullmatch(value.strip()) or value.strip() in ("today", "yesterday"))
        return at + timedelta(days=1, microseconds=-1) if at and whole else at

    return click.option(name, metavar="WHEN", callback=read, help=help)
