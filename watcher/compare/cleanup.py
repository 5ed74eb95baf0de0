"""Word-level operations made readable: no confetti, edits that begin and end where words do, whole names."""

from __future__ import annotations

import itertools
import re

from watcher.compare.tokens import NO_NAME

Run = tuple[str, list[str]]

_WORD = re.compile(r"\w")
_CAPITAL = re.compile(r"[^\W\d_a-zß-öø-ÿ][^\W_]*[a-zß-öø-ÿ][\w'’.-]*$")
_SLIDE = 64  # pieces an edit may move to a better place
_NAME = 8  # pieces (words and spaces) a name may reach beyond the edit


def readable(ops: list[Run]) -> list[Run]:
    """The same difference in fewer, whole runs: "-" before "+", short equalities between edits given up,
    edits slid to word and sentence limits, names replaced as a whole."""
    runs = _merge(ops)
    runs = _merge(_slide(runs))
    runs = _merge(_whole_names(runs))
    runs = _merge(_coalesce(runs))
    return _merge(_slide(runs))


def _merge(ops: list[Run]) -> list[Run]:
    """Neighbours of the same op joined, "-" put before "+", empty runs dropped."""
    out: list[Run] = []
    gone: list[str] = []
    come: list[str] = []

    def flush() -> None:
        out.extend((op, list(run)) for op, run in (("-", gone), ("+", come)) if run)
        gone.clear()
        come.clear()

    for op, run in ops:
        if op != "=":
            (gone if op == "-" else come).extend(run)
        elif run:
            flush()
            if out and out[-1][0] == "=":
                out[-1][1].extend(run)
            else:
                out.append(("=", list(run)))
    flush()
    return out


def _slide(runs: list[Run]) -> list[Run]:
    """A lone insertion or deletion may often stand a little to the left or right with the same meaning:
    it is put where words, sentences or the clause begin and end."""
    runs = [("=", []), *((op, list(run)) for op, run in runs), ("=", [])]
    for k in range(1, len(runs) - 1):
        (op, run), left, right = runs[k], runs[k - 1], runs[k + 1]
        if op == "=" or left[0] != "=" or right[0] != "=":
            continue
        near, far = left[1][-_SLIDE:], right[1][:_SLIDE]
        seen, n = [*near, *run, *far], len(run)
        low = high = len(near)
        while low > 0 and seen[low - 1] == seen[low + n - 1]:
            low -= 1
        while high + n < len(seen) and seen[high] == seen[high + n]:
            high += 1
        if low == high:
            continue
        at = max(range(low, high + 1), key=lambda i, s=seen, n=n: (_limit(s, i) + _limit(s, i + n), i))  # type: ignore[misc]
        left[1][len(left[1]) - len(near) :] = seen[:at]
        right[1][: len(far)] = seen[at + n :]
        runs[k] = (op, seen[at : at + n])
    return runs


def _limit(seen: list[str], at: int) -> int:
    """How good a place between two pieces is for an edit to begin or end: 6 at the end of the clause, then
    between sentences, after a comma, between words, at punctuation, 0 inside."""
    if at in (0, len(seen)):
        return 6
    left, right = seen[at - 1], seen[at]
    if left in "。；！？" or (left.isspace() and at > 1 and seen[at - 2] in ".;:!?"):
        return 5
    if left in "，、：" or (left in ".;:!?" and right.isspace()):
        return 4
    if left.isspace() or right.isspace():
        return 3
    return 0 if _WORD.match(left) and _WORD.match(right) else 1


def _whole_names(runs: list[Run]) -> list[Run]:
    """Where one part of a name was replaced by another ("Jane" by "John" before "Smith"), the whole name is.

    A name is a row of capitalised words; not in titles and other texts where most words are capitalised.
    """
    if not any(_cut_name(runs, k) for k in range(len(runs) - 1)):
        return runs
    all_words = [w for _, run in runs for w in run if _WORD.match(w)]
    if sum(map(_capital, all_words)) * 2 > len(all_words):
        return runs
    runs = [(op, list(run)) for op, run in runs]
    for k in range(len(runs) - 1):
        gone, come = runs[k], runs[k + 1]
        if (gone[0], come[0]) != ("-", "+"):
            continue
        if k + 2 < len(runs) and _capital(gone[1][-1]) and _capital(come[1][-1]):
            tail = runs[k + 2][1]
            n = 0
            while n + 1 < min(len(tail), _NAME) and tail[n] == " " and _capital(tail[n + 1]):
                n += 2
            gone[1].extend(tail[:n])
            come[1].extend(tail[:n])
            del tail[:n]
        if k and _capital(gone[1][0]) and _capital(come[1][0]):
            head = runs[k - 1][1]
            n = 0
            while n + 2 < min(len(head), _NAME) and head[-1 - n] == " " and _capital(head[-2 - n]):
                if n + 3 > len(head) or head[-4 - n :][:1] in (["."], [":"], ["!"], ["?"]):
                    break  # it may be capitalised for beginning the sentence
                n += 2
            if n:
                gone[1][:0] = come[1][:0] = head[-n:]
                del head[-n:]
    return runs


def _cut_name(runs: list[Run], k: int) -> bool:
    """Was one capitalised word replaced by another here, beside words that stayed?"""
    (op, gone), (other, come) = runs[k], runs[k + 1]
    if (op, other) != ("-", "+"):
        return False
    tail = k + 2 < len(runs) and _capital(gone[-1]) and _capital(come[-1])
    return tail or (k > 0 and _capital(gone[0]) and _capital(come[0]))


def _capital(piece: str) -> bool:
    return _CAPITAL.match(piece) is not None and piece.casefold() not in NO_NAME


def _coalesce(runs: list[Run]) -> list[Run]:
    """A short equality between two edits is given up where it would read as confetti: white space alone, or
    words that weigh no more than a third of the edit on either side (two thirds in a clause written anew)."""
    out: list[Run] = []
    least = 3.0 if _mostly_kept(runs) else 1.5
    k = 0
    gone: list[str] = []
    come: list[str] = []
    while k < len(runs):
        op, run = runs[k]
        if op != "=":
            (gone if op == "-" else come).extend(run)
            k += 1
            continue
        edit = dict(itertools.takewhile(lambda r: r[0] != "=", runs[k + 1 : k + 3]))
        next_gone, next_come = edit.get("-", []), edit.get("+", [])
        if _confetti(run, gone, come, next_gone, next_come, least):
            gone.extend(run)
            come.extend(run)
        else:
            out += [("-", gone), ("+", come), ("=", run)]
            gone, come = [], []
        k += 1
    return [*out, ("-", gone), ("+", come)]


def _confetti(
    run: list[str],
    gone: list[str],
    come: list[str],
    next_gone: list[str],
    next_come: list[str],
    least: float,
) -> bool:
    left, right = max(_size(gone), _size(come)), max(_size(next_gone), _size(next_come))
    if not left or not right or not (gone or next_gone) or not (come or next_come):
        return False
    return _size(run) * least <= min(left, right)


def _mostly_kept(runs: list[Run]) -> bool:
    """False where a clause was written anew: many edits, and less than half of its words kept."""
    kept, gone, come = (sum(_size(run) for op, run in runs if op == sign) for sign in "=-+")
    return len(runs) < 12 or 2 * kept > min(kept + gone, kept + come)


def _size(run: list[str]) -> float:
    """Words; short ones and single characters of scripts without spaces count half, white space nothing."""
    return sum(
        0.5 if len(piece) <= 3 else 1.0 for piece in run if not piece.isspace() and piece not in "-‐‑/'’"
    )
