"""Where in a long text a pattern can stand at all: a costly pattern is tried there and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def around(text: str, spots: Iterable[tuple[int, int]], before: int, beyond: int) -> list[tuple[int, int]]:
    """Stretches of ``text`` that reach ``before`` characters ahead of each spot and ``beyond`` characters after it.

    Spots come in reading order; stretches that meet are one. Each ends at a space or at the end of the text, so
    that a pattern bounded by them sees words end where they end.
    """
    out: list[tuple[int, int]] = []
    for start, end in spots:
        first = max(0, start - before)
        last = text.find(" ", end + beyond)
        if last < 0:
            last = len(text)
        if out and first <= out[-1][1]:
            out[-1] = (out[-1][0], max(last, out[-1][1]))
        else:
            out.append((first, last))
    return out


def any_of(text: str, signs: Iterable[str]) -> bool:
    """Does any of these strings stand in the text? Much cheaper than a pattern of them."""
    return any(sign in text for sign in signs)


def places(text: str, signs: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where each of these strings stands in the text, one string after the other."""
    for sign in signs:
        at = text.find(sign)
        while at >= 0:
            yield at, at + len(sign)
            at = text.find(sign, at + 1)
