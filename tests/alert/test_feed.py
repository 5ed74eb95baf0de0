"""The feed: valid Atom, whole at every moment, bounded, and never at the price of someone else's file."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.alert.feed import FeedChannel
from watcher.alert.render_clean import escaped, one_line
from watcher.alert.render_feed import BrokenFeed, entries, entry, feed

from .samples import NOW, message

ATOM = {"a": "http://www.w3.org/2005/Atom"}


async def test_a_reader_finds_what_atom_requires(tmp_path: Path) -> None:
    """Feed and entries have id, title and updated; entries link to the policy and carry the alert as HTML."""
    path = tmp_path / "f.atom"
    await FeedChannel("news", path, title="Changes & more").send(message(), NOW)
    root = ET.fromstring(path.read_bytes())
    for name in ("id", "title", "updated", "author/a:name"):
        assert root.findtext(f"a:{name}", namespaces=ATOM)
    assert root.findtext("a:title", namespaces=ATOM) == "Changes & more"
    found = root.find("a:entry", ATOM)
    assert found is not None
    assert found.findtext("a:id", namespaces=ATOM) == "urn:clausewatch:msg_0001"
    assert str(found.findtext("a:title", namespaces=ATOM)).startswith("Acme terms: contracting entity")
    assert found.find("a:link", ATOM).get("href") == "https://acme.example/terms"  # type: ignore[union-attr]
    assert "<del" in str(found.findtext("a:content", namespaces=ATOM))


async def test_the_newest_are_kept_and_a_repeat_replaces_itself(tmp_path: Path) -> None:
    """At most as many as asked for, newest first; the same event stands once."""
    path = tmp_path / "f.atom"
    channel = FeedChannel("news", path, keep=3)
    for number in (2, 1, 4, 3, 5, 4):
        at = NOW + timedelta(hours=number)
        await channel.send(message(number, created_at=at), NOW)
    assert [e.id[-1] for e in entries(path.read_bytes())] == ["5", "4", "3"]


def test_the_file_is_swapped_in_whole(tmp_path: Path) -> None:
    """A reader that holds the old file reads it to its end; no scraps are left behind."""
    path = tmp_path / "f.atom"
    channel = FeedChannel("news", path)
    asyncio.run(channel.send(message(1), NOW))
    with path.open("rb") as held:
        asyncio.run(channel.send(message(2), NOW))
        assert len(entries(held.read())) == 1
    assert len(entries(path.read_bytes())) == 2
    assert [p.name for p in tmp_path.iterdir()] == ["f.atom"]
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "content",
    [b"", b"not xml", b'<!DOCTYPE x [<!ENTITY a "b">]><feed xmlns="http://www.w3.org/2005/Atom">&a;</feed>'],
)
async def test_a_file_that_is_no_feed_is_put_aside(tmp_path: Path, content: bytes) -> None:
    """The alert is written, and what stood there is kept beside it."""
    path = tmp_path / "f.atom"
    path.write_bytes(content)
    await FeedChannel("news", path).send(message(), NOW)
    assert len(entries(path.read_bytes())) == 1
    assert (tmp_path / "f.atom.bad").read_bytes() == content


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_the_texts_the_feed_reads_back(subject: str, title: str) -> None:
    """Entries written are entries read, for any text a page may bring."""
    item = entry(replace(message(), subject=one_line(subject), fragment=f"<p>{escaped(subject)}</p>"))
    (read,) = entries(feed([item], title=title, name="news"))
    assert read.id == item.id
    assert read.title == one_line(item.title)
    assert read.updated_at == item.updated_at


def test_an_entry_without_its_parts_is_no_feed_of_ours() -> None:
    """Nothing is guessed from another program's file."""
    with pytest.raises(BrokenFeed):
        entries(b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>x</id></entry></feed>')
