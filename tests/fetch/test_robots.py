"""Which lines of a robots.txt are meant for us."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from protego import Protego

from watcher.fetch.robots import relevant


def _allowed(text: str, path: str, product: str = "clausewatch") -> bool:
    chosen = relevant(text, product)
    return not chosen or bool(Protego.parse(chosen).can_fetch(f"https://policy.test{path}", product))


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("<html>404</html>", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("user-AGENT : * # all\n  disallow : /a # that", "/a", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: other\nUser-agent: ClauseWatch\nDisallow: /", "/a", False),
        ("User-agent: Clausewatch/2.0\nDisallow: /", "/a", False),
        ("User-agent: clausewatchers\nDisallow: /", "/a", True),
        ("User-agent: clause\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /\nUser-agent: Clausewatch\nAllow: /", "/a", True),
        ("User-agent: Clausewatch\nDisallow:\nUser-agent: *\nDisallow: /", "/a", True),
        (
            "User-agent: Clausewatch\nDisallow: /a\nUser-agent: x\nDisallow: /\nUser-agent: clausewatch\nDisallow: /b",
            "/b",
            False,
        ),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b/c", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/terms.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/terms.pdf?x", True),
        ("User-agent: *\nAllow: /p\nDisallow: /p", "/p", True),
        ("User-agent: *\nSitemap: https://x/\nDisallow: /a", "/a", False),
        ("User-agent: a\nSitemap: https://x/\nUser-agent: *\nDisallow: /a", "/a", False),
        ("Disallow: /", "/a", True),
        ("User-agent: *\nDisallow: /ü", "/%C3%BC", False),
        ("User-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("User-agent: *\rDisallow: /a\r", "/a", False),
    ],
)
def test_the_rules_for_us_are_found(text: str, path: str, allowed: bool) -> None:
    """Groups are joined and chosen as RFC 9309 (2.2.1) says, and the longest match decides (2.2.2)."""
    assert _allowed(text, path) is allowed


def test_many_agents_times_many_rules_cost_little() -> None:
    """A file of 12,000 agents over 15,000 rules (180 million pairs) is read in a few megabytes."""
    agents = "".join(f"User-agent: bot{_letters(n)}\n" for n in range(12_000))
    text = agents + "User-agent: *\n" + "".join(f"Disallow: /{n}\n" for n in range(15_000))
    tracemalloc.start()
    try:
        assert _allowed(text, "/1499") is False
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40 << 20


def _letters(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in str(number))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.sampled_from(
                ["User-agent: *", "User-agent: Clausewatch", "Disallow: /", "Allow: /*a*$", "Crawl-delay: x"]
            ),
        ),
        max_size=12,
    ).map("\n".join)
)
def test_any_text_is_read(text: str) -> None:
    """No robots.txt, however odd, is an error."""
    assert _allowed(text, "/terms") in (True, False)
