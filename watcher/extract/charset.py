"""Bytes to text, as a browser would show them, and steadier than a browser where the label lies.

Order: byte order mark; the charset of the header; the charset a page declares in its head (WHATWG HTML,
"prescan a byte stream to determine its encoding"); then the bytes themselves. Labels are the WHATWG Encoding
Standard's (`webencodings`): ``iso-8859-1`` means windows-1252, ``utf-7`` means nothing. A label is believed
only while the bytes allow it, so that a server that changes its header does not change the text.
"""

from __future__ import annotations

import re

import webencodings  # type: ignore[import-untyped]

PRESCAN_BYTES = 1024  # WHATWG HTML: where a parser looks for the declaration before it starts
LATE_PRESCAN_BYTES = 64 * 1024  # a declaration further down makes browsers start again: look there too
_SNIFF_BYTES = 64 * 1024

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be"))
_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([^\s;\"',]+)", re.I)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.S)
_META = re.compile(rb"<meta[\s/]([^>]{1,2000})", re.I)
_ATTRIBUTE = re.compile(rb"([^\s\"'>/=]{1,60})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))")
_XML_ENCODING = re.compile(rb"\A\s{0,8}<\?xml[^>]{1,200}?encoding\s*=\s*[\"']([^\"'>]{1,60})[\"']", re.I)
_LANGUAGE = re.compile(rb"<html\b[^>]{0,1000}?\blang\s*=\s*[\"']?\s*([a-z]{2,3}(?:[-_][a-z0-9]+){0,3})", re.I)
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}",
)
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_HIGH_BYTES = bytes(range(0x80, 0x100))

_CJK = {"shift_jis", "euc-jp", "iso-2022-jp", "gbk", "gb18030", "big5", "euc-kr"}
# What browsers assume for a page that declares nothing, by language (WHATWG HTML, "determining the character
# encoding", the table of defaults by locale), where needed with its siblings.
_BY_LANGUAGE = {
    language: tuple(encodings.split())
    for languages, encodings in (
        ("ar fa ur", "windows-1256"),
        ("he yi", "windows-1255"),
        ("el", "windows-1253 iso-8859-7"),
        ("bg sr mk ky tg", "windows-1251"),
        ("ru be", "windows-1251 koi8-r"),
        ("uk", "windows-1251 koi8-u"),
        ("cs hu pl sk sl", "windows-1250 iso-8859-2"),
        ("hr bs ro sq", "windows-1250"),
        ("et lt lv", "windows-1257"),
        ("tr az ku", "windows-1254"),
        ("vi", "windows-1258"),
        ("th", "windows-874"),
        ("ja", "shift_jis euc-jp"),
        ("ko", "euc-kr"),
        ("zh", "gb18030 big5"),
        ("zh-tw zh-hk", "big5 gb18030"),
    )
    for language in languages.split()
}
_ALL_CJK = ("shift_jis", "euc-jp", "euc-kr", "gb18030", "big5")
_CYRILLIC = ("windows-1251", "koi8-r")
# Characters every text of that writing is full of; a wrong decoding hits them only by chance.
_FREQUENT = {
    "shift_jis": "のにはをたがでてとしれさいるすりまこなっ、。",
    "euc-jp": "のにはをたがでてとしれさいるすりまこなっ、。",
    "euc-kr": "이다는의에을를하고지가사정보한로기인자니입",
    "gb18030": "的一是不了在有我用和人信息服务个您们以，。",
    "big5": "的一是不了在有我用和人資料服務個您們以，。",
    "windows-1251": "оеаинтсрвлкмдпу",
    "koi8-r": "оеаинтсрвлкмдпу",
}


def decode(body: bytes, content_type: str) -> str:
    """The text of a body. ``content_type`` is the header as sent ("text/html; charset=…", may be empty).

    Never raises: bytes that mean nothing in the chosen encoding become U+FFFD. Time and memory grow with the
    body's length only. The byte order mark is not part of the text.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return _text(body[len(bom) :], name)
    media = content_type.split(";", 1)[0].strip().lower()
    markup = media not in ("text/plain", "text/markdown")
    declared = _from_header(content_type) or (_from_markup(body) if markup else "")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as broken:
        whole = body[: broken.start]
        if broken.reason == "unexpected end of data" and not whole.isascii():
            return decode(whole, content_type) + "\ufffd"  # cut inside its last character
        return _text(body, _not_quite_utf8(body, declared, markup))
    if declared in ("", "utf-8") and "\x00" not in text[:2]:
        return text
    return _text(body, _also_utf8(body, declared))


def _also_utf8(body: bytes, declared: str) -> str:
    """The encoding of bytes that are valid UTF-8 although something else, or nothing, was declared."""
    if _sixteen_bits(body):
        return _sixteen_bits(body)
    if declared in ("", "utf-8") or declared.startswith("utf-16"):
        return "utf-8"
    if declared == "iso-2022-jp" and b"\x1b" in body:
        return declared
    # Text of another encoding is valid UTF-8 by accident only while it is short: two-byte encodings more
    # easily than one-byte ones, where every accented letter beside a plain one would break it.
    sequences = sum(1 for _ in _UTF8_SEQUENCE.finditer(body[:_SNIFF_BYTES]))
    return "utf-8" if sequences >= (4 if declared in _CJK else 1) else declared


def _not_quite_utf8(body: bytes, declared: str, markup: bool) -> str:
    """The encoding of bytes that are not valid UTF-8 throughout."""
    sixteen = _sixteen_bits(body)
    if sixteen:
        return sixteen
    if declared.startswith("utf-16"):
        declared = ""
    sequences = _UTF8_SEQUENCE.findall(body)
    strays = len(body) - len(body.translate(None, _HIGH_BYTES)) - sum(map(len, sequences))
    # A torn end or a few foreign bytes in a UTF-8 page; a legacy page has strays everywhere.
    mostly = len(sequences) > 4 * strays or (declared == "utf-8" and len(sequences) >= strays)
    if mostly and not (declared in _CJK and _fits(body, declared)):
        return "utf-8"
    if declared and declared != "utf-8":
        return declared
    inner = _from_markup(body) if markup else ""
    return inner if inner not in ("", "utf-8") else _sniffed(body)


def _from_header(content_type: str) -> str:
    match = _HEADER_CHARSET.search(content_type)
    return _label(match.group(1)) if match else ""


def _from_markup(body: bytes) -> str:
    """The charset the page declares for itself, "" where none: XML declaration or meta element."""
    for limit in (PRESCAN_BYTES, LATE_PRESCAN_BYTES):
        head = body[:limit]
        xml = _XML_ENCODING.match(head)
        for meta in _META.finditer(_COMMENT.sub(b" ", head)):
            name = _from_meta(meta.group(1))
            if name:
                return name
        if xml:
            return _in_ascii(_label(xml.group(1).decode("latin-1")))
    return ""


def _from_meta(attributes: bytes) -> str:
    values: dict[bytes, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(attributes):
        values.setdefault(name.lower(), (double or single or bare).decode("latin-1"))
    label = values.get(b"charset", "")
    if not label and values.get(b"http-equiv", "").strip().lower() == "content-type":
        match = _HEADER_CHARSET.search(values.get(b"content", ""))
        label = match.group(1) if match else ""
    return _in_ascii(_label(label))


def _in_ascii(name: str) -> str:
    """A declaration that could be read byte by byte cannot be UTF-16 (WHATWG HTML, prescan)."""
    if name.startswith("utf-16"):
        return "utf-8"
    return "windows-1252" if name == "x-user-defined" else name


def _label(label: str) -> str:
    """The canonical name of a WHATWG label, "" where it is none or one browsers refuse (iso-2022-kr, hz)."""
    encoding = webencodings.lookup(label.strip()) if label.isascii() else None
    return encoding.name if encoding and encoding.name != "replacement" else ""


def _sixteen_bits(body: bytes) -> str:
    """UTF-16 without its mark: Latin text and markup leave every other byte zero."""
    head = body[:512]
    if len(head) < 4 or head.count(0) * 3 < len(head):
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 8 * even:
        return "utf-16le"
    return "utf-16be" if even > 8 * odd else ""


def _sniffed(body: bytes) -> str:
    """The encoding of undeclared bytes that are not UTF-8: by the page's language, then by the bytes."""
    match = _LANGUAGE.search(body[:LATE_PRESCAN_BYTES])
    language = match.group(1).decode("ascii").lower().replace("_", "-") if match else ""
    candidates = _BY_LANGUAGE.get(language) or _BY_LANGUAGE.get(language.split("-")[0])
    if candidates and candidates[0] not in _CJK and len(candidates) == 1:
        return candidates[0]
    sample = body[:_SNIFF_BYTES]
    if candidates:
        return max(candidates, key=lambda name: _likeness(sample, name))
    runs = _HIGH_RUN.findall(sample)
    # Accented letters stand alone between plain ones; letters of another writing stand together.
    if sum(map(len, runs)) >= 2 * len(runs):
        best = max((*_ALL_CJK, *_CYRILLIC), key=lambda name: _likeness(sample, name))
        if _likeness(sample, best) > 0.25:
            return best
    return "windows-1252"


def _likeness(sample: bytes, name: str) -> float:
    """How much of the non-ASCII text is what a text in that encoding is full of, minus what is broken."""
    foreign = [c for c in _text(sample, name) if c > "\x7f"]
    if not foreign:
        return 0.0
    frequent = _FREQUENT.get(name)
    good = sum(c in frequent for c in foreign) if frequent else sum(c.isalpha() for c in foreign) / 2
    return (good - 4 * foreign.count("\ufffd")) / len(foreign)


def _fits(body: bytes, name: str) -> bool:
    return "\ufffd" not in _text(body[:_SNIFF_BYTES], name)[:-1]


def _text(body: bytes, name: str) -> str:
    encoding = webencodings.lookup(name) or webencodings.UTF8
    text: str = encoding.codec_info.decode(body, "replace")[0]
    return text
