"""What each kind of node is to the walk over a page: text, a border between blocks, part of a line, or nothing."""

from __future__ import annotations

import enum

from watcher.extract.furniture import NEVER_READ
from watcher.extract.vocabulary import words


class Role(enum.Enum):
    """What a node means for the text around it."""

    TEXT = enum.auto()
    LINE_BREAK = enum.auto()
    RULE = enum.auto()  # parts blocks and holds nothing
    UNREAD = enum.auto()
    INLINE = enum.auto()
    BOLD = enum.auto()
    SPAN = enum.auto()  # inline, unless its attributes say more
    LINK = enum.auto()
    BLOCK = enum.auto()


# Members as plain names: in Python 3.11 each `Role.TEXT` is a look-up of a third of a microsecond, and every
# node is asked for its role.
TEXT, LINE_BREAK, RULE, UNREAD, INLINE, BOLD, SPAN, LINK, BLOCK = Role

_INLINE = words(
    "i em u font small big sup sub code abbr acronym mark label cite q time del ins s strike "
    "bdi bdo kbd var samp tt nobr wbr dfn data output ruby rb rt rp slot"
)
_BLOCKS = words("html body main article section header div p ul ol li h1 h2 h3 h4 h5 h6 table tbody tr td th")

ROLES = {
    **dict.fromkeys(NEVER_READ, UNREAD),
    **dict.fromkeys(_INLINE, INLINE),
    **dict.fromkeys(_BLOCKS, BLOCK),
    **{"-text": TEXT, "br": LINE_BREAK, "hr": RULE, "a": LINK, "span": SPAN, "b": BOLD, "strong": BOLD},
}
"""The roles of the tags most pages are made of; `role_of` knows the others."""


def role_of(tag: str) -> Role:
    """The role of any tag: elements nobody has heard of part blocks, comments and the like are not read."""
    return ROLES.get(tag) or (BLOCK if tag[:1].isalpha() else UNREAD)
