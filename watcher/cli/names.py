"""Policies by the names people give them, and texts as a terminal may show them."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from storage.records import Policy, PolicyKind
from storage.store import Store

F = TypeVar("F", bound=Callable[..., object])
_GONE = "select id, url, service, kind, name from policies where removed_at is not null order by service, id"


def find(policies: list[Policy], name: str) -> Policy:
    """The policy with this id or address, or the only one whose id or service contains ``name``. Raises
    UsageError naming near ones."""
    exact = [p for p in policies if name in (p.id, p.url)]
    part = exact or [p for p in policies if name.lower() in p.id or name.lower() in p.service.lower()]
    if len(part) == 1:
        return part[0]
    if not part:
        shown = repr(name if len(name) <= 80 else f"{name[:80]}…")
        raise click.UsageError(f"no policy {shown} is watched{_meant(policies, name)}")
    near = ", ".join(p.id for p in part[:6])
    raise click.UsageError(f"{name!r} could be several: {near}{' …' if len(part) > 6 else ''}")


def find_known(store: Store, name: str) -> Policy:
    """Like `find`, also among those no longer watched: their history stays and can be read."""
    watched = store.policies()
    gone = [
        Policy(str(r["id"]), str(r["url"]), str(r["service"]), PolicyKind(str(r["kind"])), str(r["name"]))
        for r in store.rows(_GONE)
    ]
    exact = [p for p in gone if name == p.id]
    part = [p for p in gone if name.lower() in p.id or name.lower() in p.service.lower()]
    try:
        return find(watched, name)
    except click.UsageError:
        if not exact and (len(part) != 1 or any(name.lower() in p.id for p in watched)):
            raise
        return (exact or part)[0]


def _meant(policies: list[Policy], name: str) -> str:
    words = {w: p.id for p in policies for w in (p.id, p.service.lower(), *p.id.split("-")) if w}
    close = difflib.get_close_matches(name.lower(), words, n=3, cutoff=0.7)
    near = ", ".join(dict.fromkeys(words[c] for c in close))
    return f"; did you mean {near}?" if near else "; `clausewatch list` shows those that are."


def complete(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
    """Ids for the shell, from the database the command names; none where there is none."""
    from watcher.cli.app import App

    above = context.find_root().params
    paths = [Path(given) if (given := above.get(key)) else None for key in ("config", "db")]
    try:
        ids = [p.id for p in App(paths[0], paths[1], None).ask(lambda s: s.policies())]
    except Exception:  # a shell that completes has no place for errors
        return []
    return [i for i in ids if begun.lower() in i]


def policy_argument() -> Callable[[F], F]:
    """The POLICY of a command; the shell can complete it."""
    return click.argument("policy", shell_complete=complete)


def safe(text: str) -> str:
    """`watcher.alert.redline_lines.safe`, loaded only where there may be something to hide: it brings the
    whole comparison with it."""
    if text.isprintable():
        return text
    from watcher.alert.redline_lines import safe as visible

    return visible(text)
