"""What the clauses above a clause say of it: the line that opens its list, the headings that forbid."""

from __future__ import annotations

import re
from functools import lru_cache

from storage.records import ClauseKind
from watcher.compare.edit import Edit, World, shown

_FORBIDS = re.compile(
    r"(?<!\w)(?:(?:you|users?|customers?|members?|licensees?) (?:\w+ ){0,2}?(?:may not|must not|shall not|will not|cannot|agree not|are not (?:permitted|allowed))|"
    r"prohibited|not permitted|not allowed|forbidden|unacceptable|acceptable use|restrictions? on use|what you (?:may|must|can)(?: not|.t)|don.?ts|"
    r"interdi\w*|vous ne (?:pouvez|devez)|(?:utilisateur|client)s? ne (?:peu|doi)\w+|"
    r"verboten\w*|untersagt\w*|unzulässig\w*|(?:nicht|kein\w*) (?:gestattet|erlaubt|zulässig)\w*|(?:darf|dürfen|darfst) (?:\w+ ){0,2}nicht|"
    r"prohib\w*|no (?:puede|podrá|debe|está permitid)\w*|viet\w+|proibi\w*|divieti|non (?:può|deve|è consentit)\w*|proib\w*|não (?:pode|deve|é permitid)\w*|"
    r"verboden|niet toegestaan|(?:mag|mogen) (?:\w+ ){0,2}niet)(?!\w)",
    re.IGNORECASE,
)
_LEADS = 14  # lines looked back through for the one that opens a list
_SHORT = 80  # letters of a line that names what stands below it
_LONGEST = 700  # letters of a line that can be an item or open a list


def forbidden(edit: Edit, world: World, *, after: bool) -> bool:
    """Does the clause stand under a heading, or in a list, of what the reader may not do?"""
    if any(_FORBIDS.search(head) for head in edit.section[-1:]):
        return True
    return edit.kind is ClauseKind.ITEM and _FORBIDS.search(lead(edit, world, after=after)) is not None


def lead(edit: Edit, world: World, *, after: bool) -> str:
    """The nearest line above the clause that ends with a colon, in small letters; "" where there is none."""
    text = edit.after if after else edit.before
    return _lead(world.after if after else world.before, shown(text).casefold()) if text else ""


def above(edit: Edit, world: World, *, after: bool) -> str:
    """The line right above the clause, in small letters, where it leads to what follows: a short one, or one with a colon."""
    text = edit.after if after else edit.before
    document = world.after if after else world.before
    at = document.find(f"\n{shown(text).casefold()}") if text else -1
    line = document[:at].rsplit("\n", 1)[-1].strip() if at >= 0 else ""
    return line if line.endswith(":") or len(line) <= _SHORT else ""


@lru_cache(maxsize=512)
def _lead(document: str, text: str) -> str:
    at = document.find(f"\n{text}")
    for line in document[:at].split("\n")[: -_LEADS - 1 : -1] if at >= 0 else ():
        if len(line) > _LONGEST:
            return ""
        if line.rstrip().endswith(":"):
            return line
    return ""
