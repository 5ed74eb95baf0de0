"""The command that asks a language model for a change in plain words; off unless an endpoint is named."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, cast

import click

from config.secret import ReferenceProblem, reveal
from config.settings import ExplainSettings
from storage.database import Database
from storage.explanations import Explanation
from storage.records import ClauseChange, Policy
from storage.store import Store
from watcher.cli.app import App, Failed, now, pass_app, run_async
from watcher.cli.names import find_known, policy_argument, safe
from watcher.compare import compare
from watcher.explain import Unusable, answer, question, tokens_at_most
from watcher.fetch import Answer, FetchError

ANSWER_BYTES = 200_000
"""Of a chat completion; one of the longest answers asked for is a tenth of it."""


class LongPost(Protocol):
    """`watcher.fetch.Gate.post` with room for a long answer."""

    async def __call__(
        self, url: str, *, body: bytes, headers: Mapping[str, str], answer_bytes: int, timeout_s: float
    ) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """One change to be explained: row ids of its two versions, and what differs between them."""

    from_id: int
    to_id: int
    clauses: tuple[ClauseChange, ...]
    language: str


@click.command(
    epilog="Example: clausewatch explain example-com-privacy\n\n"
    "Example: clausewatch explain example-com-privacy 2 5\n\n"
    "Needs [explain] url in the configuration. Only the changed clauses are sent there."
)
@policy_argument()
@click.argument("a", required=False, type=int)
@click.argument("b", required=False, type=int)
@click.option("--again", is_flag=True, help="Ask anew although it was explained before.")
@pass_app
def explain(app: App, policy: str, a: int | None, b: int | None, again: bool) -> None:
    """A change in plain words (default: the last one), from the language model the configuration names."""

    def ask(store: Store) -> tuple[Asked, Explanation | None]:
        asked = _asked(store, find_known(store, policy), a, b)
        return asked, store.explanation(asked.from_id, asked.to_id)

    asked, known = app.ask(ask)
    if known is None or again:
        settings = app.settings.explain
        if settings.url is None:
            raise click.UsageError("no endpoint is configured: [explain] url names one.")
        with app.store() as database:
            known = run_async(_explained(app, database, settings, asked))
    click.echo(shown(known))


def shown(explanation: Explanation) -> str:
    """As the terminal shows it: whose words they are stands beside them."""
    whose = f" ({safe(explanation.model)})" if explanation.model else ""
    return f"In plain words, by a language model{whose}, no part of the record: {safe(explanation.text)}"


def _asked(store: Store, policy: Policy, a: int | None, b: int | None) -> Asked:
    if a is None:
        told = [c for c in store.changes(policy=policy.id) if c.from_version is not None]
        if not told:
            raise Failed(f"{policy.id} has not changed since it was first seen.")
        last = told[-1]
        assert last.from_id is not None and last.to_id is not None
        return Asked(last.from_id, last.to_id, last.clauses, last.language)
    rows = {v.number: v.id for v in store.versions(policy.id)}
    last_number = b if b is not None else max(rows, default=0)
    for number in (a, last_number):
        if number not in rows:
            raise click.UsageError(
                f"{policy.id} has no version {number}; it has {', '.join(map(str, rows)) or 'none'}."
            )
    before, after = store.version_document(rows[a]), store.version_document(rows[last_number])
    clauses = compare(before, after, kind=policy.kind).clauses
    if not clauses:
        raise Failed(f"versions {a} and {last_number} of {policy.id} say the same.")
    return Asked(rows[a], rows[last_number], clauses, after.language)


async def _explained(app: App, database: Database, settings: ExplainSettings, asked: Asked) -> Explanation:
    assert settings.url
    body = json.dumps(
        question(
            asked.clauses, model=settings.model, max_tokens=settings.max_tokens, language=asked.language
        ),
        ensure_ascii=False,
    ).encode()
    estimate = tokens_at_most(body, settings.max_tokens)
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    spent = await database.run(lambda s: s.tokens_spent(today))
    if spent + estimate > settings.budget_tokens_per_day:
        raise Failed(
            f"the day's budget does not cover this: {spent} of {settings.budget_tokens_per_day} tokens are spent,"
            f" about {estimate} more are needed ([explain] budget_tokens_per_day)."
        )
    text, tokens, why = "", estimate, ""
    try:
        said = answer(await _post(app, database, settings, body), estimate)
        text, tokens = said.text, said.tokens
    except Unusable as error:
        tokens, why = error.tokens, str(error)
    explanation = Explanation(asked.from_id, asked.to_id, settings.model, text, tokens)
    await database.run(lambda s: s.keep_explanation(explanation, now()))
    if why:
        raise Failed(f"{why}; nothing is shown.")
    return explanation


async def _post(app: App, database: Database, settings: ExplainSettings, body: bytes) -> bytes:
    """The answer's body. Raises Failed, in one line, where the endpoint gives none."""
    headers = {
        "content-type": "application/json",
        "accept": "application/json",
        "accept-encoding": "identity",
    }
    try:
        if settings.key:
            headers["authorization"] = f"Bearer {reveal(settings.key, os.environ)}"
        async with app.house(database) as house:
            post = cast(LongPost, house.gate.post)
            got = await post(
                str(settings.url),
                body=body,
                headers=headers,
                answer_bytes=ANSWER_BYTES,
                timeout_s=settings.timeout_s,
            )
    except (FetchError, ReferenceProblem) as error:
        raise Failed(f"the endpoint for explanations could not be asked: {error}") from None
    if not got.ok:
        raise Failed(f"the endpoint for explanations answered {got.status}.")
    return got.body


COMMANDS = (explain,)
