"""``sqlite-utils clausewatch …``: what needs code to be read, as commands beside sqlite-utils' own.

Everything else is plain text in plain columns and needs no plugin.
"""

from __future__ import annotations

import difflib
from pathlib import Path

import click
from sqlite_utils import hookimpl

from storage.errors import StoreError

_FILE = click.argument("path", type=click.Path(path_type=Path))
_POLICY = click.option(
    "--policy", help="Count versions within this policy, as `history` does; without it, by their id."
)


@hookimpl  # type: ignore[untyped-decorator, unused-ignore]
def register_commands(cli: click.Group) -> None:
    cli.add_command(clausewatch)


class _Group(click.Group):
    """Errors of the store are one line for people and exit code 1."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except StoreError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Group)
def clausewatch() -> None:
    """Read a Clausewatch database: bodies, texts, differences, proof."""


@clausewatch.command()
@_FILE
@click.argument("sha256")
def body(path: Path, sha256: str) -> None:
    """Print a stored body, byte for byte, by its sha256 (8 digits or more are enough).

    sqlite-utils clausewatch body clausewatch.db 3b26b567 > page.html
    """
    from storage.database import Database

    with Database.open(path, read_only=True) as database:
        found = database.call(lambda store: store.body(sha256))
    if found is None:
        raise click.ClickException(f"no stored body has a sha256 beginning with {sha256} (or several have).")
    click.echo(found, nl=False)


@clausewatch.command()
@_FILE
@click.argument("version", type=int)
@_POLICY
def text(path: Path, version: int, policy: str | None) -> None:
    """Print the text of a version as Markdown.

    sqlite-utils clausewatch text clausewatch.db 2 --policy example-com-privacy
    """
    click.echo(_markdown(path, version, policy)[1])


@clausewatch.command()
@_FILE
@click.argument("before", type=int)
@click.argument("after", type=int)
@_POLICY
def diff(path: Path, before: int, after: int, policy: str | None) -> None:
    """Print the difference of two versions as a unified diff of clauses.

    sqlite-utils clausewatch diff clausewatch.db 2 5 --policy example-com-privacy
    """
    (old_name, old), (new_name, new) = (_markdown(path, number, policy) for number in (before, after))
    lines = difflib.unified_diff(old.split("\n\n"), new.split("\n\n"), old_name, new_name, n=1, lineterm="")
    click.echo("\n".join(lines))


@clausewatch.command()
@_FILE
def verify(path: Path) -> None:
    """Prove that nothing recorded was altered or removed; exit code 1 where something was."""
    from storage.database import Database

    with Database.open(path, read_only=True) as database:
        findings = database.call(lambda store: store.verify())
        heads = database.call(lambda store: store.heads())
    for finding in findings:
        click.echo(finding.message, err=True)
    for head in heads:
        click.echo(f"{head.policy}\t{head.checks} checks\t{head.versions} versions\t{head.digest}")
    if findings:
        raise SystemExit(1)


def _markdown(path: Path, version: int, policy: str | None) -> tuple[str, str]:
    """What a version is called ("acme-terms version 2"), and its text. ``version`` is its id in the store, or
    its number where a ``policy`` is named."""
    from storage.database import Database
    from storage.export import markdown_text

    with Database.open(path, read_only=True) as database:
        rows = database.call(lambda store: store.versions(policy))
        row = next((r for r in rows if version == (r.id if policy is None else r.number)), None)
        if row is not None:
            document = database.call(lambda store: store.version_document(row.id))
            return f"{row.policy} version {row.number}", markdown_text(document)
    of = f"{policy} has no version {version}" if policy else f"there is no version with the id {version}"
    raise click.ClickException(f"{of}; the view version_texts lists them.")
