"""A letter as one HTML page for mail readers and feeds (pure): tables and inline styles, nothing remote, no
scripts. Whatever came from a page passes `escaped`; marks carry signs as well as colours."""

from __future__ import annotations

import re

from storage.records import Direction, Materiality, Op, WordOp
from watcher.alert.render_clean import escaped, public_url
from watcher.alert.render_letter import ClauseView, Fact, Letter, Story, counted

_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_MONO = "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace"
_INK, _SOFT, _LINE, _PAPER = "#1c2430", "#5b6675", "#e3e7ec", "#ffffff"
_TONES = {
    Materiality.HIGH: ("#b3261e", "#fdecea"),
    Materiality.MEDIUM: ("#9a5b00", "#fff3e0"),
    Materiality.LOW: ("#1f5f99", "#e8f1fa"),
    Materiality.NONE: ("#4a5563", "#eef1f4"),
}
_DEL = "padding:0 2px;background:#fde7e9;color:#8c1d18;text-decoration:line-through"
_INS = (
    "padding:0 2px;background:#e2f5e6;color:#0b5a22;text-decoration:underline;text-decoration-thickness:1px"
)
_SIGN = "padding-left:2px;font-weight:700;text-decoration:none"
_SIGNS = {"-": "−", "+": "+"}
_OPS = {
    Op.ADDED: "#0b5a22",
    Op.REMOVED: "#8c1d18",
    Op.MODIFIED: "#7a4a00",
    Op.MOVED: "#4a3c8c",
    Op.RENUMBERED: "#4a5563",
}
_DATE = re.compile(r"\b\d{4}-\d{2}(-\d{2})?\b")
_DIRECTIONS = {Direction.BETTER: "Better for the reader", Direction.WORSE: "Worse for the reader"}


def page(letter: Letter) -> str:
    """The letter as a complete page of at most 680 pixels' width, readable in light and dark surroundings."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light only">'
        f"<title>{escaped(letter.subject)}</title></head>\n"
        f'<body style="margin:0;padding:0;background:#f4f6f8;color:{_INK};{_FONT}">\n'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f6f8">'
        '<tr><td align="center" style="padding:24px 12px">\n'
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" '
        f'style="max-width:680px;background:{_PAPER};border:1px solid {_LINE};border-radius:8px">\n'
        f'<tr><td style="padding:26px 32px 30px">{fragment(letter)}</td></tr></table>\n'
        f'<p style="max-width:680px;margin:14px auto 0;font-size:12px;line-height:18px;color:{_SOFT}">'
        f"{escaped(letter.footer)}</p>\n"
        "</td></tr></table>\n</body></html>\n"
    )


def fragment(letter: Letter) -> str:
    """The letter's content alone, for a feed entry or the page."""
    colour, _ = _TONES[letter.tone]
    parts = [
        f'<p style="margin:0 0 10px;font-size:12px;letter-spacing:.08em;color:{_SOFT}">CLAUSEWATCH</p>',
        f'<h1 style="margin:0 0 14px;padding-left:12px;border-left:4px solid {colour};'
        f'font-size:21px;line-height:28px;font-weight:650">{escaped(letter.title)}</h1>',
        *(_paragraph(text) for text in letter.lead),
    ]
    if letter.facts:
        parts.append(_table(letter.facts))
    if letter.url:
        parts.append(_link(letter.url))
    many = len(letter.stories) > 1 or (letter.stories and letter.stories[0].title != letter.title)
    parts += [_story(story, headed=bool(many)) for story in letter.stories]
    if letter.commands:
        parts.append(_commands(letter.commands))
    return "\n".join(parts)


def _story(story: Story, *, headed: bool) -> str:
    parts = []
    if headed:
        parts.append(f'<hr style="border:0;border-top:1px solid {_LINE};margin:26px 0 20px">')
        parts.append(
            f'<h2 style="margin:0 0 8px;font-size:17px;line-height:24px">{escaped(story.title)}</h2>'
        )
    parts.append(f'<p style="margin:0 0 12px">{" ".join(_tag(t, story) for t in story.tags)}</p>')
    if headed:
        parts.append(_paragraph(story.summary))
    colour, tint = _TONES[story.materiality]
    parts.append(
        f'<p style="margin:0 0 16px;padding:11px 14px;background:{tint};border-radius:6px;'
        f'font-size:14px;line-height:21px;color:{colour}">{_dates_whole(escaped(story.verdict))}</p>'
    )
    parts.append(_table(story.facts))
    if story.url:
        parts.append(_link(story.url))
    parts += [_clause(clause) for clause in story.clauses]
    if story.omitted:
        more = counted(story.omitted, "more clause")
        parts.append(_paragraph(f"… and {more}: the first command below shows all."))
    parts.append(_commands(story.commands))
    return "\n".join(parts)


def _clause(clause: ClauseView) -> str:
    where = f' <span style="color:{_SOFT}">· {escaped(clause.section)}</span>' if clause.section else ""
    weight = (
        "" if clause.materiality is Materiality.NONE else _chip(clause.materiality.value, clause.materiality)
    )
    reasons = [escaped(reason) for reason in clause.reasons]
    if clause.direction in _DIRECTIONS:
        reasons.append(f"<em>{_DIRECTIONS[clause.direction]}</em>")
    why = "".join(f'<li style="margin:2px 0">{reason}</li>' for reason in reasons)
    return (
        '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 14px">'
        f'<tr><td style="border:1px solid {_LINE};border-radius:6px;padding:12px 14px">'
        '<p style="margin:0 0 8px;font-size:13px;line-height:19px">'
        f'<strong style="color:{_OPS[clause.op]}">{escaped(clause.title)}</strong>{where} {weight}</p>'
        f'<p dir="auto" style="margin:0;font-size:15px;line-height:24px">{_marked(clause.words)}</p>'
        + (
            f'<ul style="margin:9px 0 0;padding-left:18px;font-size:13px;line-height:19px;color:{_SOFT}">'
            f"{why}</ul>"
            if why
            else ""
        )
        + "</td></tr></table>"
    )


def _marked(words: tuple[WordOp, ...]) -> str:
    tags = {"-": ("del", _DEL), "+": ("ins", _INS)}
    parts = []
    for word in words:
        if word.op == "=":
            parts.append(escaped(word.text))
            continue
        name, style = tags[word.op]
        if len(words) == 1:  # the clause's title says it came or went: no line through a whole paragraph
            style = style.partition(";text-decoration")[0] + ";text-decoration:none"
            parts.append(f'<{name} style="{style}">{escaped(word.text)}</{name}>')
            continue
        # The sign stands outside: a line through a minus is not seen.
        bare = word.text.lstrip()
        sign = f'<span style="{_SIGN};{_colour(style)}">{_SIGNS[word.op]}</span>' if bare else ""
        lead = word.text[: len(word.text) - len(bare)]
        parts.append(f'{escaped(lead)}{sign}<{name} style="{style}">{escaped(bare)}</{name}>')
    return "".join(parts)


def _colour(style: str) -> str:
    return next(rule for rule in style.split(";") if rule.startswith("color:"))


def _table(facts: tuple[Fact, ...]) -> str:
    rows = "".join(
        f'<tr><td valign="top" style="padding:3px 18px 3px 0;color:{_SOFT};white-space:nowrap">'
        f'{escaped(fact.label)}</td><td valign="top" style="padding:3px 0">{escaped(fact.value)}</td></tr>'
        for fact in facts
    )
    return (
        '<table role="presentation" cellpadding="0" cellspacing="0" '
        f'style="margin:0 0 16px;font-size:14px;line-height:20px">{rows}</table>'
    )


def _tag(text: str, story: Story) -> str:
    return _chip(text, story.materiality)


def _chip(text: str, tone: Materiality) -> str:
    colour, tint = _TONES[tone]
    return (
        f'<span style="display:inline-block;padding:1px 9px;border-radius:10px;background:{tint};'
        f'color:{colour};font-size:12px;line-height:18px;font-weight:600">{escaped(text)}</span>'
    )


def _link(url: str) -> str:
    address = public_url(url)
    if not address:
        return ""
    return (
        '<p style="margin:0 0 20px;font-size:14px;line-height:20px;word-break:break-all">'
        f'<a href="{escaped(address)}" rel="noreferrer" style="color:#1f5f99">{escaped(address)}</a></p>'
    )


def _commands(commands: tuple[str, ...]) -> str:
    lines = "<br>".join(escaped(command) for command in commands)
    return (
        f'<p style="margin:18px 0 5px;font-size:13px;color:{_SOFT}">Look deeper</p>'
        f'<p style="margin:0;padding:10px 14px;background:#f4f6f8;border-radius:6px;{_MONO};'
        f'font-size:13px;line-height:21px">{lines}</p>'
    )


def _paragraph(text: str) -> str:
    return f'<p style="margin:0 0 14px;font-size:15px;line-height:23px">{_dates_whole(escaped(text))}</p>'


def _dates_whole(text: str) -> str:
    """Escaped text in which no line ends inside a date."""
    return _DATE.sub(r'<span style="white-space:nowrap">\g<0></span>', text)
