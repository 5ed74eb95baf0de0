"""The walk over a page: what it may pass over, where a line break parts clauses."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from tests.extract.reading import capture
from watcher.extract import read
from watcher.extract.walk import Walker

SENTENCE = "We keep the data of your account for as long as you use the service and no longer. "
MENU = "<nav><a href='/a'>Products</a> <a href='/b'>Prices</a></nav>"


def texts(body: str) -> list[str]:
    return [clause.text for clause in read(capture(body)).clauses]


def body_of(page: str) -> Walker:
    walker = Walker(hasty=True)
    body = LexborHTMLParser(page).body
    assert body is not None
    walker.walk([body])
    return walker


def test_a_hasty_walk_passes_over_a_small_menu() -> None:
    """A menu that is small beside the page is not read, and the page must hold prose for that."""
    page = body_of(f"<body>{MENU}<main><p>{SENTENCE * 20}</p></main>").page
    assert [block.text for block in page.blocks] == [(SENTENCE * 20).strip()]
    assert page.assumed > 0


def test_a_policy_in_a_footer_is_read() -> None:
    """What is large beside the page is read whatever the page marks it as."""
    assert texts(f"<body>{MENU}<footer><p>{SENTENCE * 20}</p></footer>") == [(SENTENCE * 20).strip()]


def test_a_page_of_little_prose_is_read_again_in_full() -> None:
    """Where what was passed over is not surely furniture, the page is read without haste."""
    links = "".join(f"<li><a href='/{n}'>Document number {n} of the company</a></li>" for n in range(60))
    page = f"<body><footer><p>{SENTENCE}</p></footer><ul>{links}</ul><p>{SENTENCE * 2}</p>"
    assert body_of(page).page.assumed > 2 * len(SENTENCE)
    assert (SENTENCE * 2).strip() in texts(page)


def test_the_indentation_of_the_source_parts_no_clause() -> None:
    """Two short lines of one paragraph are one clause, however far the source indents them."""
    flush = texts(
        f"<main><p>{SENTENCE}</p><p>Acme Ltd, Dublin.<br>Registered in Ireland</p><p>{SENTENCE}</p></main>"
    )
    indented = texts(
        f"<main><p>{SENTENCE}</p><p>\n{' ' * 60}Acme Ltd,{' ' * 60}Dublin.<br>\n{' ' * 60}Registered in Ireland</p><p>{SENTENCE}</p></main>"
    )
    assert flush == indented
    assert flush[1] == "Acme Ltd, Dublin. Registered in Ireland"


def test_many_lines_of_one_paragraph_are_one_clause() -> None:
    """Line breaks that part nothing join as many lines as there are."""
    lines = texts(f"<main><p>{SENTENCE}</p><p>{'<br>'.join(['and more of it'] * 20_000)}</p></main>")
    assert lines[-1].count("and more of it") == 20_000
