"""Sets of words, written as a reader would list them."""

from __future__ import annotations


def words(listed: str) -> frozenset[str]:
    """The words of a list parted by white space."""
    return frozenset(listed.split())
