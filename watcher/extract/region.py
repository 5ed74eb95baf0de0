"""Which blocks of a page are the policy: suspects out, then the part of the page that holds its prose.

Recall comes first: what reads like a clause stays wherever it stands, unless the page itself marks it as a
menu, a footer or a consent dialog. Shares are of the page's prose, so that one edit cannot tip a decision.
"""

from __future__ import annotations

import re

from watcher.extract.blocks import HEADING, ITEM, Block, Page
from watcher.extract.contents import without_contents, without_link_edges
from watcher.extract.furniture import MAY_HOLD, NO, WEAK, Suspect
from watcher.extract.phrases import speaks_of_consent

_WEAK_PROSE = 150  # characters of prose a weakly marked part may hold
_REGION = 0.85
"""The policy's region is the deepest part of the page that holds this share of its prose."""

_FLOW = frozenset({"p", "ul", "ol", "li", "dl", "table", "blockquote", "pre", "h2", "h3", "h4", "h5", "h6"})
_MARGIN_PROSE = 80  # characters of prose that make a part beside the region worth keeping
_POLICY_PROSE = 300  # the same after the policy's end, unless its words are a policy's
_BANNER = 2_000  # characters of prose of the longest banner
_POLICY_WORDS = re.compile(  # of a text in lower case
    r"privacy|personal (?:data|information)|\bterms\b|agreement|policy|policies|cookie|gdpr|consent|liab|\blaws?\b|"
    r"rights?\b|contact|@|données|confidentialité|conditions|vie privée|droits?\b|daten|datenschutz|bedingungen|recht|"
    r"datos|privacidad|condiciones|derecho|dati personali|condizioni|diritt|dados|termos|direito|gegevens|voorwaarden|"
    r"dane osobowe|regulamin|integritet|villkor",
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_COPYRIGHT = re.compile(r"©|\(c\)|copyright|all rights reserved", re.I)


def prose(block: Block) -> int:
    """Characters of a block that count as a policy's: outside links, in something like a sentence."""
    if block.kind is HEADING:
        return 0
    own = len(block.text) - block.linked
    if own < (25 if block.kind is ITEM else 50):
        return 0
    return own if block.text.count(" ") >= 4 else 0


def policy_blocks(page: Page) -> list[Block] | None:
    """The blocks of the policy in the page's order; None where what was passed over may belong to it."""
    size = len(page.containers)
    parent = [above for above, _, _ in page.containers]
    own, texts = [0] * size, [0] * size
    for block in page.blocks:
        texts[block.inside] += len(block.text)
        own[block.inside] += prose(block)
    held = _summed(own, parent)
    if page.assumed > held[0]:
        return None
    if not held[0]:
        return list(page.blocks)
    dropped = _dropped(page, held)
    for k in [k for k, out in enumerate(dropped) if out]:
        own[k] = texts[k] = 0
    held, text = _summed(own, parent), _summed(texts, parent)
    region = _region(page, own, held)
    kept = _within(parent, region)
    margin = _margin(page, kept, _ancestors(parent, region), held, text)
    return _trimmed(_in_order(page, dropped, kept, margin))


def _dropped(page: Page, held: list[int]) -> list[bool]:
    """For each container, whether it is furniture or stands in some: by its mark and the prose it holds."""
    dropped = [False]
    for (above, mark, _), prose_in in zip(page.containers[1:], held[1:], strict=True):
        dropped.append(dropped[above] or (mark is not NO and _drops(mark, prose_in, held[0])))
    return dropped


def _margin(page: Page, kept: list[bool], around: set[int], held: list[int], text: list[int]) -> list[bool]:
    """For each container, whether it stands beside the region and still reads like the policy."""
    speaks: dict[int, bool] = {}
    asks: set[int] = set()
    beside = [0]  # the part beside the region each container belongs to
    for k in range(1, len(kept)):
        above = page.containers[k][0]
        beside.append(0 if kept[k] or k in around else k if above in around else beside[above])
    for block in page.blocks:
        part = beside[block.inside]
        if part and prose(block):
            if speaks_of_consent(block.text):
                asks.add(part)
            speaks[part] = speaks.get(part, False) or _POLICY_WORDS.search(block.text.lower()) is not None
    return [
        part > 0
        and not (part in asks and held[part] < _BANNER)
        and 2 * held[part] >= text[part]
        and (held[part] >= _POLICY_PROSE or (held[part] >= _MARGIN_PROSE and speaks.get(part, False)))
        for part in beside
    ]


def _trimmed(blocks: list[Block]) -> list[Block]:
    blocks = without_contents(blocks)
    return without_link_edges(blocks, prose)


def _in_order(page: Page, dropped: list[bool], kept: list[bool], margin: list[bool]) -> list[Block]:
    """The region, the parts beside it that hold prose, what lies between them, the title and dates around."""
    weak = _weakly(page, dropped)
    blocks = [b for b in page.blocks if not dropped[b.inside] or (weak[b.inside] and _heads(b))]
    chosen = [
        k for k, b in enumerate(blocks) if not dropped[b.inside] and (kept[b.inside] or margin[b.inside])
    ]
    if not chosen:
        return []
    first, last = chosen[0], chosen[-1]
    picked = blocks[first : last + 1]
    before = blocks[:first]
    for level in (1, 2):
        titles = [k for k, b in enumerate(before) if b.kind is HEADING and b.level == level]
        if titles:
            picked = [b for b in before[titles[-1] :] if not b.links] + picked
            break
    return [*picked, *(b for b in blocks[last + 1 :] if _dated(b))]


def _weakly(page: Page, dropped: list[bool]) -> list[bool]:
    """For each container, whether nothing but a weak mark made it furniture."""
    weak = [False]
    for (above, mark, _), out in zip(page.containers[1:], dropped[1:], strict=True):
        weak.append(
            out and (weak[above] or (mark is WEAK and not dropped[above])) and (mark is NO or mark is WEAK)
        )
    return weak


def _heads(block: Block) -> bool:
    """What a page's header may hold of the policy: its title and its date."""
    return not block.links and (_dated(block) or (block.kind is HEADING and block.level == 1))


def _dated(block: Block) -> bool:
    """A short line with a year that is no copyright notice: a stated date may stand around the policy."""
    return len(block.text) < 120 and bool(_YEAR.search(block.text)) and not _COPYRIGHT.search(block.text)


def _drops(mark: Suspect, held: int, total: int) -> bool:
    if mark is NO or held > MAY_HOLD[mark] * total:
        return False
    return mark is not WEAK or held <= _WEAK_PROSE


def _region(page: Page, own: list[int], held: list[int]) -> int:
    """The deepest container that holds nearly all prose, no deeper than the flow the prose stands in."""
    flowing = [0] * len(own)  # prose in text-level children: paragraphs beside a list are its policy too
    for (above, _, tag), prose_in in zip(page.containers, held, strict=True):
        if prose_in and tag in _FLOW:
            flowing[above] += prose_in
    region = 0
    nearly_all = _REGION * held[0]
    for k, (above, _, tag) in enumerate(page.containers):
        if held[k] < nearly_all or above != region:
            continue
        beside = flowing[region] - (held[k] if tag in _FLOW else 0)
        if own[region] or beside:
            break
        region = k
    return region


def _summed(own: list[int], parent: list[int]) -> list[int]:
    held = list(own)
    for k in range(len(parent) - 1, 0, -1):
        if held[k]:
            held[parent[k]] += held[k]
    return held


def _within(parent: list[int], region: int) -> list[bool]:
    inside = [False] * region + [True]
    for above in parent[region + 1 :]:
        inside.append(inside[above])
    return inside


def _ancestors(parent: list[int], k: int) -> set[int]:
    path = set()
    while k > 0:
        k = parent[k]
        path.add(k)
    return path
