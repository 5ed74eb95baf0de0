"""A letter as plain text (pure). Page text is indented and marked, so that it cannot pose as the letter's own."""

from __future__ import annotations

import textwrap

from storage.records import Direction, Materiality, WordOp
from watcher.alert.render_clean import one_line
from watcher.alert.render_letter import ClauseView, Fact, Letter, Story, counted

WIDTH = 76
_DIRECTIONS = {Direction.BETTER: "better for the reader", Direction.WORSE: "worse for the reader"}


def text(letter: Letter) -> str:
    """The letter as text, wrapped at 76 characters, marks as [-gone-] and {+new+}."""
    blocks = [wrapped(letter.title), *(wrapped(paragraph) for paragraph in letter.lead)]
    if letter.facts:
        blocks.append(_table(letter.facts))
    if letter.url:
        blocks.append(letter.url)
    for number, story in enumerate(letter.stories, 1):
        blocks += _story(story, number if len(letter.stories) > 1 else 0)
    if letter.commands:
        blocks.append(_commands(letter.commands))
    blocks.append("-- \n" + wrapped(letter.footer))
    return "\n\n".join(blocks) + "\n"


def wrapped(paragraph: str, indent: str = "", further: str | None = None) -> str:
    """One paragraph in lines behind ``indent``, from the second on behind ``further``; long words stay whole."""
    lines = textwrap.wrap(
        one_line(paragraph),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if further is None else further,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)


def _story(story: Story, number: int) -> list[str]:
    blocks = []
    if number:
        title = f"{number}. {story.title} ({', '.join(story.tags)})"
        blocks += ["=" * WIDTH + "\n" + wrapped(title) + "\n" + "=" * WIDTH, wrapped(story.summary)]
    blocks.append(wrapped(story.verdict))
    blocks.append(_table(story.facts))
    if story.url:
        blocks.append(story.url)
    blocks += [_clause(clause) for clause in story.clauses]
    if story.omitted:
        blocks.append(wrapped(f"… and {counted(story.omitted, 'more clause')}: the first command shows all."))
    blocks.append(_commands(story.commands))
    return blocks


def _clause(clause: ClauseView) -> str:
    head = clause.title + (f" · {clause.section}" if clause.section else "")
    weight = "" if clause.materiality is Materiality.NONE else f" [{clause.materiality.value}]"
    lines = [wrapped(f"* {head}{weight}", further="  "), wrapped(marked(clause.words), "    | ")]
    reasons = list(clause.reasons)
    if clause.direction in _DIRECTIONS:
        reasons.append(_DIRECTIONS[clause.direction])
    lines += [wrapped(f"- {reason}", "    ", "      ") for reason in reasons]
    return "\n".join(line for line in lines if line)


def marked(words: tuple[WordOp, ...]) -> str:
    """ "We [-may-]{+will+} share": what went and what came, in one line."""
    parts = []
    for word in words:
        if word.op == "=":
            parts.append(word.text)
            continue
        bare = word.text.strip()
        lead = word.text[: len(word.text) - len(word.text.lstrip())]
        trail = word.text[len(word.text.rstrip()) :] if bare else ""
        mark = (f"[-{bare}-]" if word.op == "-" else f"{{+{bare}+}}") if bare else ""
        parts.append(f"{lead}{mark}{trail}")
    return "".join(parts)


def _table(facts: tuple[Fact, ...]) -> str:
    width = max(len(fact.label) for fact in facts) + 2
    return "\n".join(
        textwrap.fill(
            one_line(fact.value),
            WIDTH,
            initial_indent=f"{fact.label + ':':<{width}}",
            subsequent_indent=" " * width,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for fact in facts
    )


def _commands(commands: tuple[str, ...]) -> str:
    return "Look deeper:\n" + "\n".join(f"    {command}" for command in commands)
