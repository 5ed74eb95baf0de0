"""Messages as an Atom feed, and a feed's entries back (pure; RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET

from storage.change_record import iso, moment
from watcher.alert.message import Message
from watcher.alert.render_clean import one_line

_ATOM = "http://www.w3.org/2005/Atom"
ET.register_namespace("", _ATOM)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``content`` is the HTML of the alert."""

    id: str
    title: str
    updated_at: datetime
    type: str
    url: str
    content: str


class BrokenFeed(ValueError):
    """Not a feed that this module wrote."""


def entry(message: Message) -> Entry:
    """The entry of a message; the same event gives the same id."""
    return Entry(
        id=f"urn:clausewatch:{message.event_id}",
        title=message.subject.removeprefix("[Clausewatch] "),
        updated_at=message.created_at,
        type=message.type.value,
        url=message.url,
        content=message.fragment,
    )


def feed(entries: Sequence[Entry], *, title: str, name: str) -> bytes:
    """The feed as XML in UTF-8, newest entry first."""
    ordered = sorted(entries, key=lambda e: e.updated_at, reverse=True)
    root = ET.Element(f"{{{_ATOM}}}feed")
    _add(root, "id", f"urn:clausewatch:feed:{name}")
    _add(root, "title", one_line(title))
    _add(root, "updated", iso(ordered[0].updated_at) if ordered else "1970-01-01T00:00:00Z")
    _add(_add(root, "author"), "name", "Clausewatch")
    _add(root, "generator", "Clausewatch")
    for item in ordered:
        node = _add(root, "entry")
        _add(node, "id", item.id)
        _add(node, "title", one_line(item.title))
        _add(node, "updated", iso(item.updated_at))
        _add(node, "category", term=item.type)
        if item.url:
            _add(node, "link", rel="alternate", href=item.url)
        _add(node, "content", item.content, type="html")
    xml: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return xml + b"\n"


def entries(xml: bytes) -> list[Entry]:
    """The entries of a feed that `feed` wrote. Raises BrokenFeed for anything else."""
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise BrokenFeed("a feed of ours has no document type")
    try:
        root = ET.fromstring(xml)  # noqa: S314 # no document type, so no entities to expand
        return [_entry(node) for node in root.iter(f"{{{_ATOM}}}entry")]
    except (ET.ParseError, AttributeError, ValueError) as error:
        raise BrokenFeed(f"no feed of ours: {error}") from None


def _entry(node: ET.Element) -> Entry:
    link, category = node.find(f"{{{_ATOM}}}link"), node.find(f"{{{_ATOM}}}category")
    return Entry(
        id=_text(node, "id"),
        title=_text(node, "title"),
        updated_at=moment(_text(node, "updated")),
        type=category.get("term", "") if category is not None else "",
        url=link.get("href", "") if link is not None else "",
        content=_text(node, "content"),
    )


def _text(node: ET.Element, name: str) -> str:
    found = node.findtext(f"{{{_ATOM}}}{name}")
    if found is None:
        raise BrokenFeed(f"an entry without {name}")
    return found


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    node = ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    node.text = text
    return node
