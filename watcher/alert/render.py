"""An alert as one message for every kind of channel (pure): subject, text, HTML and JSON of the same event."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage.change_record import from_record, moment
from storage.records import AlertType, Change, Delivery, Materiality
from watcher.alert.message import Message
from watcher.alert.render_clean import one_line, public_url, shortened
from watcher.alert.render_html import fragment, page
from watcher.alert.render_json import body
from watcher.alert.render_letter import Fact, Letter, counted, minute
from watcher.alert.render_story import document_name, headline, story, tags
from watcher.alert.render_text import text
from watcher.alert.route import coming_date

PREFIX = "[Clausewatch] "
_LONGEST_SUBJECT = 140
_SUBJECT = 120  # what a subject aims at: mail readers show about that much of a line
_SUBJECT_NAME = 50  # of it, for the document
_LEAST_HEADLINE = 40
_IN_DIGEST = 3  # clauses of each change a digest shows, and how much of each
_LONGEST_IN_DIGEST = 500
_STORIES = 25  # changes a digest tells; mail readers cut what is larger than about 100 kB


def render(delivery: Delivery) -> Message:
    """The message of a delivery. Raises KeyError, TypeError or ValueError where its payload is not of its
    type; `render_plainly` always gives one."""
    return message(delivery, letter(delivery.type, delivery.payload))


def message(delivery: Delivery, content: Letter) -> Message:
    """A letter with the delivery's identity on it."""
    return Message(
        event_id=delivery.event_id,
        type=delivery.type,
        subject=one_line(content.subject, _LONGEST_SUBJECT),
        text=text(content),
        html=page(content),
        fragment=fragment(content),
        body=body(delivery.type, delivery.created_at, delivery.payload),
        created_at=delivery.created_at,
        url=content.url or (content.stories[0].url if len(content.stories) == 1 else ""),
    )


def render_plainly(delivery: Delivery) -> Message:
    """The message for a payload that could not be rendered: that something happened, and where to look. An
    alert that cannot be shown well is still told."""
    policy = one_line(str(delivery.payload.get("policy", "")), 80)
    lead = "This alert could not be laid out. What happened is recorded; the commands below show it."
    content = Letter(
        subject=f"{PREFIX}{policy or 'alert'}: {delivery.type.value}",
        title=f"{policy or 'Alert'}: {delivery.type.value}",
        lead=(lead,),
        tone=Materiality.MEDIUM,
        commands=("clausewatch changes", "clausewatch alerts list"),
    )
    return message(delivery, content)


def letter(type_: AlertType, payload: Mapping[str, Any]) -> Letter:
    """The content of an alert."""
    match type_:
        case AlertType.CHANGED:
            return _changed(from_record(payload))
        case AlertType.EFFECTIVE_TODAY:
            return _effective_today(from_record(payload))
        case AlertType.DIGEST:
            return _digest(tuple(from_record(record) for record in payload["changes"]))
        case AlertType.TEST:
            return _test(payload)
        case AlertType.BROKEN | AlertType.RECOVERED | AlertType.VARIANTS:
            return _watch(type_, payload)


def _changed(change: Change) -> Letter:
    told = story(change)
    return Letter(
        subject=_subject(change, told.title, tail=f" ({', '.join(tags(change))})"),
        title=told.title,
        lead=(told.summary,),
        tone=change.materiality,
        stories=(told,),
    )


def _subject(change: Change, title: str, *, lead: str = "", tail: str = "") -> str:
    """Document, lead, the strongest fact as far as there is room for it, tail."""
    head = f"{PREFIX}{shortened(title, _SUBJECT_NAME)}: {lead}"
    return head + headline(change, max(_LEAST_HEADLINE, _SUBJECT - len(head) - len(tail))) + tail


def _within(head: str, text: str, tail: str = "") -> str:
    return head + shortened(text, max(_LEAST_HEADLINE, _SUBJECT - len(head) - len(tail))) + tail


def _effective_today(change: Change) -> Letter:
    day = coming_date(change.stated_after, change.first_seen_at)
    on = f" ({day:%Y-%m-%d})" if day else ""
    told = story(change)
    return Letter(
        subject=_subject(change, told.title, lead=f"takes effect today{on}: "),
        title=f"{told.title} takes effect today{on}",
        lead=(
            f"The text first seen on {change.first_seen_at:%Y-%m-%d} names today as its date. "
            "This is what it changed:",
            told.summary,
        ),
        tone=change.materiality,
        stories=(told,),
    )


def _digest(changes: tuple[Change, ...]) -> Letter:
    ranked = sorted(changes, key=lambda c: (-c.materiality.rank, c.first_seen_at, c.id))
    names = list(dict.fromkeys(document_name(c.service, c.policy) for c in ranked))
    listed = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    counts = {m: sum(c.materiality is m for c in changes) for m in reversed(Materiality)}
    weights = ", ".join(f"{n} {m.value}" for m, n in counts.items() if n and m.rank)
    size = f"{counted(len(changes), 'change')} in {counted(len(names), 'document')}"
    lead = [f"{size}: {weights}." if weights else f"{size}."]
    head, tail = f"{PREFIX}{counted(len(changes), 'change')}: ", f" ({weights})" if weights else ""
    if len(ranked) > _STORIES:
        lead.append(f"The {_STORIES} weightiest are told here; `clausewatch changes` lists all.")
    return Letter(
        subject=_within(head, listed, tail),
        title=f"{counted(len(changes), 'change')} in the documents you watch",
        lead=tuple(lead),
        tone=ranked[0].materiality if ranked else Materiality.NONE,
        stories=tuple(story(change, _IN_DIGEST, _LONGEST_IN_DIGEST) for change in ranked[:_STORIES]),
        commands=("clausewatch changes",),
        footer="Sent by Clausewatch, which gathers these changes for you.",
    )


def _watch(type_: AlertType, payload: Mapping[str, Any]) -> Letter:
    policy = one_line(str(payload["policy"]), 80)
    name = document_name(str(payload.get("service", "")), policy)
    reason = one_line(str(payload.get("reason", "")), 300)
    subject, title, lead, tone = {
        AlertType.BROKEN: (
            f"watch is broken: {reason or 'no reason is known'}",
            f"{name}: the watch is broken",
            "The document could not be read for a while, so changes to it are not being seen. The last text that "
            "was read is kept, and checks go on; you will hear once when it can be read again."
            if payload.get("read", True)
            else "The document could not be read since it is watched: nothing of it has been read yet, so there is "
            "nothing to compare with. Checks go on; you will hear once when it can be read.",
            Materiality.HIGH,
        ),
        AlertType.RECOVERED: (
            "watch has recovered",
            f"{name}: the watch has recovered",
            "The document can be read again. A change made in the meantime is told as its own alert.",
            Materiality.LOW,
        ),
        AlertType.VARIANTS: (
            reason or "this page serves several texts",
            f"{name}: this page serves several texts",
            "This is said once. Each of the texts is kept; an edit inside one of them is still told.",
            Materiality.LOW,
        ),
    }[type_]
    since: datetime | None = moment(payload["since"]) if payload.get("since") else None
    failures = int(payload.get("failures") or 0)
    facts = [
        Fact("Reason", reason) if reason else None,
        Fact("Failing since" if type_ is AlertType.BROKEN else "Failed since", minute(since))
        if since
        else None,
        Fact("Failed checks", f"{failures:,}") if failures else None,
    ]
    return Letter(
        subject=_within(f"{PREFIX}{shortened(name, _SUBJECT_NAME)}: ", subject),
        title=title,
        lead=(lead,),
        tone=tone,
        url=public_url(str(payload.get("url", ""))),
        facts=tuple(fact for fact in facts if fact),
        commands=tuple(f"clausewatch {verb} {shlex.quote(policy)}" for verb in ("check", "history")),
    )


def _test(payload: Mapping[str, Any]) -> Letter:
    channel = one_line(str(payload.get("channel", "")), 80)
    return Letter(
        subject=f"{PREFIX}test alert" + (f" for {channel}" if channel else ""),
        title="This is a test",
        lead=("If you can read this, alerts reach you here. Nothing has changed in any document.",),
        tone=Materiality.NONE,
        commands=("clausewatch list", "clausewatch changes"),
    )
