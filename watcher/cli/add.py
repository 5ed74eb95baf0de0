"""Commands that begin a watch: add, seed."""

from __future__ import annotations

from urllib.parse import urlsplit

import click
from rich.markup import escape
from rich.table import Table

from config.duration import parse_duration
from config.policies import css_selector, host_of, plain_id, policy_id
from seeds.loader import catalogue
from storage.database import Database
from storage.records import Policy, PolicyKind
from watcher.cli.app import App, Failed, an_address, pass_app, run_async
from watcher.cli.names import safe
from watcher.cli.watching import begin
from watcher.fetch import FetchError
from watcher.kinds import kind_of_address
from watcher.trial import Trial, find_policies, try_out


@click.command(
    epilog="Example: clausewatch add https://example.com/privacy --service Example\n\n"
    "Example: clausewatch add example.com   (finds its policy pages)"
)
@click.argument("address", metavar="URL|SITE")
@click.option("--id", "id_", help="A short name of your own.")
@click.option("--service", default="", help="Whose policy it is.")
@click.option("--kind", type=click.Choice([k.value for k in PolicyKind]), help="Default: from the address.")
@click.option("--every", help="How often, such as 6h (default: the configuration's).")
@click.option("--select", help="A CSS selector, where the page needs one.")
@click.option("--channel", "channels", multiple=True, help="Tell only these channels.")
@click.option("--force", is_flag=True, help="Watch it even if it does not read the same twice.")
@click.option("--no-trial", is_flag=True, help="Do not read it first.")
@pass_app
def add(
    app: App,
    address: str,
    id_: str | None,
    service: str,
    kind: str | None,
    every: str | None,
    select: str | None,
    channels: tuple[str, ...],
    force: bool,
    no_trial: bool,
) -> None:
    """Watch a page; a site's name finds its policy pages. The page is read twice first."""
    known = {c.name for c in app.settings.channel}
    for name in channels:
        if name not in known:
            raise click.UsageError(f"no channel {name!r} is configured.")
    try:
        every_s = parse_duration(every) if every else None
        id_ = plain_id(id_) if id_ else None
        select = css_selector(select) if select else None
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    bare = "://" not in address and "/" not in address.rstrip("/")
    url = an_address(f"https://{address}" if bare else address)
    own = urlsplit(url)
    named = kind or id_ or select or no_trial or kind_of_address(url) is not PolicyKind.OTHER
    is_site = bare or not (own.path.strip("/") or own.query or named)

    def policy(at: str, as_kind: PolicyKind, as_id: str) -> Policy:
        return Policy(as_id, at, service or host_of(at), as_kind, "", every_s, select, channels or None)

    with app.store() as database:
        if no_trial:
            _watch(database, policy(url, _kind(kind, url), id_ or _id_for(database, url)))
            return
        bad = run_async(_add(app, database, url, is_site, kind, id_, force, select, policy))
    if bad:
        raise SystemExit(1)


async def _add(app, database, address, is_site, kind, id_, force, select, policy) -> int:  # type: ignore[no-untyped-def]
    async with app.house(database) as house:
        if is_site:
            try:
                found = await find_policies(address, house.gate)
            except FetchError as error:
                raise Failed(f"{address}: {error}") from None
            if not found:
                raise Failed(
                    f"{address}: no policy pages found; name one: clausewatch add {address.rstrip('/')}/…"
                )
            targets = [(lead.url, lead.kind, _id_for(database, lead.url)) for lead in found]
        else:
            targets = [(address, _kind(kind, address), id_ or _id_for(database, address))]
        bad = 0
        for url, as_kind, as_id in targets:
            trial = await try_out(url, house.gate, house.workers, select)
            _show(app, trial)
            if trial.problem and not (force and trial.document is not None):
                hint = "; --force watches it all the same" if trial.document is not None else ""
                if select and trial.document is not None and not trial.document.clauses:
                    hint = f"; nothing to read is at --select {select!r}{hint}"
                click.echo(f"clausewatch: not watched: {url}: {trial.problem}{hint}", err=True)
                bad += 1
            else:
                _watch(database, policy(url, as_kind, as_id))
        return bad


def _id_for(database: Database, url: str) -> str:
    """The id under which this address, or another spelling of it, is known; else one made from it."""
    from watcher.backfill import place

    known = [p for p in database.call(lambda s: s.policies()) if place(p.url) == place(url)]
    return max(known, key=lambda p: p.url == url).id if known else policy_id(url)


def _kind(kind: str | None, url: str) -> PolicyKind:
    return PolicyKind(kind) if kind else kind_of_address(url)


def _watch(database: Database, policy: Policy) -> None:
    known = database.call(lambda s: s.policy(policy.id))
    if known is not None and known.source == "config":
        click.echo(
            f"watched already: {known.id} ({known.url}); it stands in the configuration, change it there"
        )
        return
    new = begin(database, policy)
    click.echo(f"{'watching' if new else 'watched already; brought up to date:'} {policy.id} ({policy.url})")


def _show(app: App, trial: Trial) -> None:
    document = trial.document
    if document is None:
        return
    dates = [f"{n} {d.value}" for n, d in (("updated", document.dates.updated), ("effective", document.dates.effective)) if d]  # fmt: skip
    table = Table.grid(padding=(0, 2))
    sections = {c.section[0] for c in document.clauses if c.section}
    for name, value in (
        ("page", trial.url),
        ("title", document.title),
        ("language", document.language),
        ("states", ", ".join(dates) or "no date"),
        ("sections", str(len(sections))),
        ("words", f"{document.words} in {len(document.clauses)} clauses, {trial.left_out_words} left out"),
        ("read twice", "the same" if trial.steady else f"{len(trial.only_once)} clauses differ"),
    ):
        table.add_row(f"[dim]{name}[/]", escape(safe(value)))
    for clause in trial.only_once[:5]:
        table.add_row("[dim]once[/]", escape(safe(clause.text[:120])))
    app.err.print(table)


@click.command(epilog="Example: clausewatch seed")
@click.option("--discover", is_flag=True, help="Look for the pages of seeds that name only a site.")
@pass_app
def seed(app: App, discover: bool) -> None:
    """Watch the catalogue of documents that ships with Clausewatch."""
    missing = 0
    with app.store() as database:
        for entry in catalogue():
            if entry.url:
                _watch(database, entry.policy())
            elif not discover:
                click.echo(f"to be discovered: {entry.id} on {entry.site} (clausewatch seed --discover)")
            else:
                missing += run_async(_discover_seed(app, database, entry))
    if missing:
        raise SystemExit(1)


async def _discover_seed(app, database, entry) -> int:  # type: ignore[no-untyped-def]
    async with app.house(database) as house:
        try:
            found = [lead for lead in await find_policies(entry.site, house.gate) if lead.kind is entry.kind]
        except FetchError as error:
            click.echo(f"clausewatch: {entry.id}: {error}", err=True)
            return 1
    if not found:
        click.echo(f"clausewatch: {entry.id}: no such page found on {entry.site}", err=True)
        return 1
    _watch(database, entry.policy(found[0].url))
    return 0


COMMANDS = (add, seed)
