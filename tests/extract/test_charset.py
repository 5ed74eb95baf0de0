"""Bytes to text: what a browser would show, and the same text whatever the label claims."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.extract.charset import LATE_PRESCAN_BYTES, decode

HTML = "text/html"
FRENCH = "Les données sont conservées jusqu’à la résiliation, à l’exception des pièces exigées par la loi."


def page(text: str, *, head: str = "", lang: str = "") -> str:
    attribute = f' lang="{lang}"' if lang else ""
    return f"<!doctype html><html{attribute}><head>{head}<title>x</title></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        pytest.param("é".encode("utf-8-sig"), "text/html; charset=iso-8859-1", "é", id="mark-beats-header"),
        pytest.param("\ufeffé".encode("utf-16-le"), "text/html; charset=utf-8", "é", id="utf-16le-mark"),
        pytest.param("\ufeffé".encode("utf-16-be"), HTML, "é", id="utf-16be-mark"),
        pytest.param("“é”".encode("cp1252"), "text/html; charset=ISO-8859-1", "“é”", id="latin-1-is-windows-1252"),
        pytest.param("“é”".encode("cp1252"), "text/html; charset=us-ascii", "“é”", id="ascii-is-windows-1252"),
        pytest.param("łąka".encode("iso-8859-2"), "text/html;charset=latin2", "łąka", id="alias"),
        pytest.param("łąka".encode("iso-8859-2"), "text/html; charset = 'iso-8859-2' ; x=y", "łąka", id="quoted"),
        pytest.param("привет".encode("koi8-r"), "text/plain; charset=koi8-r", "привет", id="plain-text-header"),
        pytest.param("規約".encode("shift_jis"), "text/html; charset=Shift_JIS", "規約", id="shift-jis"),
        pytest.param("条款".encode("gbk"), "text/html; charset=gb2312", "条款", id="gb2312-is-gbk"),
        pytest.param("약관".encode("euc-kr"), "text/html; charset=ks_c_5601-1987", "약관", id="korean-alias"),
        pytest.param("é".encode(), "text/html; charset=nonsense", "é", id="unknown-label"),
        pytest.param("é".encode(), "text/html; charset=utf-7", "é", id="utf-7-means-nothing"),
        pytest.param("é".encode(), "text/html; charset=iso-2022-kr", "é", id="refused-label"),
        pytest.param(b"", "", "", id="empty"),
    ],
)  # fmt: skip
def test_header_and_byte_order_mark(body: bytes, content_type: str, expected: str) -> None:
    """A byte order mark wins, then the header's label in its WHATWG meaning."""
    assert decode(body, content_type) == expected


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="windows-1250">',
        "<META CharSet=windows-1250>",
        "<meta\ncharset = 'windows-1250' />",
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1250">',
        "<meta content='text/html;charset=windows-1250' http-equiv=content-type>",
        '<!-- <meta charset="koi8-r"> --><meta charset="windows-1250">',
        '<meta name="description" content="charset=koi8-r"><meta charset="windows-1250">',
        f"<!--{'x' * 3000}--><meta charset=windows-1250>",
    ],
)
def test_page_declares_its_charset(head: str) -> None:
    """The page's own declaration is found however it is spelled, not in comments nor in other meta elements."""
    text = page("Zażółć gęślą jaźń", head=head)
    assert decode(text.encode("cp1250"), HTML) == text


def test_header_beats_the_pages_declaration() -> None:
    """Where header and page disagree, browsers believe the header."""
    text = page("Zażółć", head="<meta charset=koi8-r>")
    assert decode(text.encode("cp1250"), "text/html; charset=windows-1250") == text


def test_xml_declaration_counts_where_no_meta_speaks() -> None:
    """XHTML pages declare their charset in the first line."""
    text = '<?xml version="1.0" encoding="windows-1251"?>' + page("Политика")
    assert decode(text.encode("cp1251"), "application/xhtml+xml") == text


def test_utf_16_in_a_meta_element_means_utf_8() -> None:
    """A declaration read byte by byte cannot be UTF-16 (WHATWG HTML)."""
    text = page("é", head="<meta charset=utf-16>")
    assert decode(text.encode(), HTML) == text


def test_plain_text_holds_no_declaration() -> None:
    """In plain text a meta element is text."""
    text = 'Write <meta charset="koi8-r"> in the head. é'
    assert decode(text.encode("cp1252"), "text/plain") == text


@pytest.mark.parametrize(
    "content_type",
    [f"text/html; charset={c}" for c in (
        "iso-8859-1", "windows-1252", "us-ascii", "utf-8", "utf-16", "koi8-r", "shift_jis", "gbk", "big5", "bogus",
    )] + ["text/html", "", "application/octet-stream; charset=latin1"],
)  # fmt: skip
@pytest.mark.parametrize("head", ["", "<meta charset=iso-8859-1>", "<meta charset=utf-8>"])
def test_lying_label_over_utf8_changes_nothing(content_type: str, head: str) -> None:
    """UTF-8 stays UTF-8 whatever header or page claim: a changed label is no changed text."""
    text = page(FRENCH, head=head)
    assert decode(text.encode(), content_type) == text


@pytest.mark.parametrize(
    "content_type", ["text/html; charset=utf-8", "text/html", "text/html; charset=windows-1252"]
)
def test_lying_label_over_windows_1252_changes_nothing(content_type: str) -> None:
    """Text that is no UTF-8 is not read as UTF-8, even where header and page say so."""
    text = page(FRENCH, head="<meta charset=utf-8>")
    assert decode(text.encode("cp1252"), content_type) == text


def test_short_gbk_that_looks_like_utf8_stays_gbk() -> None:
    """Two characters of GBK can be valid UTF-8 by accident; the declaration decides."""
    assert decode("联通".encode("gbk"), "text/html; charset=gb2312") == "联通"


def test_a_few_foreign_bytes_do_not_turn_a_utf8_page() -> None:
    """A page of UTF-8 with a stray byte stays readable; only the stray becomes U+FFFD."""
    body = page(FRENCH * 5).encode() + b" caf\xe9"
    assert decode(body, "text/html; charset=iso-8859-1") == page(FRENCH * 5) + " caf\ufffd"


def test_utf8_cut_inside_a_character_stays_utf8() -> None:
    """A body that ends in the middle of a character is UTF-8 up to there."""
    body = page(FRENCH).encode()[: page(FRENCH).encode().index("à".encode()) + 1]
    assert decode(body, HTML).startswith(page(FRENCH)[: page(FRENCH).index("à")])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("content_type", ["text/html", "text/html; charset=utf-8"])
def test_utf_16_without_its_mark(encoding: str, content_type: str) -> None:
    """Every other byte being zero says UTF-16, whatever the label."""
    assert decode(page(FRENCH).encode(encoding), content_type) == page(FRENCH)


@pytest.mark.parametrize(
    ("lang", "encoding", "text"),
    [
        ("ru", "cp1251", "Политика обработки персональных данных определяет порядок работы с ними."),
        ("ru", "koi8-r", "Политика обработки персональных данных определяет порядок работы с ними."),
        ("uk", "cp1251", "Політика конфіденційності визначає порядок обробки персональних даних."),
        ("pl", "cp1250", "Żądanie usunięcia danych można złożyć w każdej chwili, także później."),
        ("pl", "iso-8859-2", "Żądanie usunięcia danych można złożyć w każdej chwili, także później."),
        ("el", "cp1253", "Η πολιτική απορρήτου εξηγεί πώς επεξεργαζόμαστε τα δεδομένα."),
        ("tr", "cp1254", "Kişisel verilerin işlenmesine ilişkin aydınlatma metni aşağıdadır."),
        ("he", "cp1255", "מדיניות הפרטיות מסבירה כיצד אנו משתמשים במידע"),
        ("ar", "cp1256", "توضح سياسة الخصوصية كيف نستخدم البيانات"),
        ("ja", "shift_jis", "当社は、お客様の個人情報を適切に取り扱います。"),
        ("ja", "euc-jp", "当社は、お客様の個人情報を適切に取り扱います。"),
        ("ko", "euc-kr", "회사는 이용자의 개인정보를 중요하게 생각합니다."),
        ("zh-CN", "gbk", "我们仅在必要的范围内处理您的个人信息。"),
        ("zh-TW", "big5", "我們僅在必要的範圍內處理您的個人資料。"),
        ("fr-CA", "cp1252", FRENCH),
    ],
)
def test_undeclared_bytes_are_read_by_the_pages_language(lang: str, encoding: str, text: str) -> None:
    """Without a declaration the page's language names the likely encodings, and the bytes choose."""
    full = page(text, lang=lang)
    assert decode(full.encode(encoding), HTML) == full


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Политика обработки персональных данных определяет порядок работы с ними."),
        ("euc-jp", "当社は、お客様の個人情報を次のとおり適切に取り扱うものとします。"),
        ("shift_jis", "当社は、お客様の個人情報を次のとおり適切に取り扱うものとします。"),
        ("cp1252", FRENCH),
    ],
)
def test_undeclared_bytes_without_a_language_are_sniffed(encoding: str, text: str) -> None:
    """Without any hint the bytes alone tell the common writings apart."""
    assert decode(page(text).encode(encoding), "") == page(text)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=2000), st.text(max_size=60))
def test_any_bytes_under_any_label_give_text(body: bytes, content_type: str) -> None:
    """No bytes and no header make it raise, and what comes out can be written down as UTF-8."""
    assert len(decode(body, content_type).encode()) <= 3 * len(body) + 3


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff\x00\x1b"), max_size=400))
def test_utf8_survives_every_label(text: str) -> None:
    """Any text that is longer than an accident comes through the usual false labels unchanged."""
    full = page(FRENCH + text)
    for label in ("", "; charset=utf-8", "; charset=iso-8859-1", "; charset=shift_jis"):
        assert decode(full.encode(), HTML + label) == full


@pytest.mark.parametrize(
    "unit",
    [
        b"<meta ",
        b"<!--",
        b"<meta a=",
        b"<html lang=",
        b"\xe9",
        b"\xc3",
        b"\x00\xff",
        b"<?xml encoding ",
        b"<meta charset=",
    ],
)
def test_time_grows_with_the_length_only(unit: bytes) -> None:
    """Broken heads and broken bytes cost no more than their length: eight times the bytes, not sixty times the time."""

    def seconds(size: int) -> float:
        body = (unit * (size // len(unit) + 1))[:size]
        start = time.process_time()
        decode(body, HTML)
        return time.process_time() - start

    small = max(min(seconds(LATE_PRESCAN_BYTES) for _ in range(3)), 0.002)
    assert seconds(8 * LATE_PRESCAN_BYTES) < 40 * small
