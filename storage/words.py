"""Word operations of a modified clause, written beside its two texts without writing the texts again.

"=12-5+7" reads: 12 characters stand, 5 went, 7 came. Runs that do not add up to the two texts are written as
JSON in full, so nothing is ever lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from storage.records import WordOp

_RUN = re.compile(r"([=+-])(\d+)")


def pack(words: Sequence[WordOp], before: str | None, after: str | None) -> str:
    if not words:
        return ""
    old = "".join(w.text for w in words if w.op != "+")
    new = "".join(w.text for w in words if w.op != "-")
    if old == (before or "") and new == (after or "") and all(w.op in "=+-" and w.text for w in words):
        return "".join(f"{w.op}{len(w.text)}" for w in words)
    return json.dumps([[w.op, w.text] for w in words], ensure_ascii=False)


def unpack(packed: str, before: str | None, after: str | None) -> tuple[WordOp, ...]:
    if packed.startswith("["):
        return tuple(WordOp(op, text) for op, text in json.loads(packed))
    old, new, i, j = before or "", after or "", 0, 0
    words = []
    for op, length in _RUN.findall(packed):
        n = int(length)
        words.append(WordOp(op, new[j : j + n] if op == "+" else old[i : i + n]))
        i += n if op != "+" else 0
        j += n if op != "-" else 0
    return tuple(words)
