"""One spelling for every address."""

from __future__ import annotations

import ipaddress

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.fetch import BadAddress, normalise
from watcher.fetch.urls import follow

GOOD = {
    "https://example.com": "https://example.com/",
    "HTTPS://Example.COM:443/Terms": "https://example.com/Terms",
    "http://example.com:8080/a?b=c#d": "http://example.com:8080/a?b=c",
    "https://example.com./x": "https://example.com/x",
    "https://bücher.example/": "https://xn--bcher-kva.example/",
    "https://example.com/a b/ü?q=é": "https://example.com/a%20b/%C3%BC?q=%C3%A9",
    "  https://example.com/x  ": "https://example.com/x",
    "http://93.184.216.34/": "http://93.184.216.34/",
    "http://[2606:2800:0220:0001::1]:81/": "http://[2606:2800:220:1::1]:81/",
    "http://my_host.example/": "http://my_host.example/",
    "https://example.com?x=1": "https://example.com/?x=1",
    "https://example.com/x?back\\slash": "https://example.com/x?back\\slash",
    "https://example.com/@user/policy": "https://example.com/@user/policy",
    "https://EXAMPLE。com/": "https://example.com/",
}

BAD = [
    "",
    "example.com",
    "/terms",
    "//example.com/terms",
    "file:///etc/passwd",
    "FILE:/etc/passwd",
    "ftp://example.com/",
    "gopher://example.com/",
    "data:text/html,x",
    "javascript:alert(1)",
    "jar:http://example.com!/",
    "http:example.com",
    "http:/example.com",
    "http:\\\\example.com",
    "http://",
    "http:///path",
    "http://user@example.com/",
    "http://user:secret@example.com/",
    "http://example.com@127.0.0.1/",
    "http://127.0.0.1\\@example.com/",
    "http://example.com\\.evil.example/",
    "http://example.com:0/",
    "http://example.com:65536/",
    "http://example.com:80a/",
    "http://example.com:-1/",
    "http://example.com:٨٠/",
    "http://exa mple.com/",
    "http://exa\tmple.com/",
    "http://example.com/a\r\nX: y",
    "http://example.com/\x00",
    "http://example.com/\x7f",
    "http://\udc80.example/",
    "http://example.com/\udc80",
    "http://0177.0.0.1/",
    "http://0x7f.0.0.1/",
    "http://0x7f000001/",
    "http://2130706433/",
    "http://127.1/",
    "http://127.0.1/",
    "http://127.0.0.1.2/",
    "http://127.0.0.256/",
    "http://00000177.1/",
    "http://127.0.0.01/",
    "http://127.0.0.0x1/",
    "http://1e3/".replace("1e3", "0x"),
    "http://①②⑦.⓪.⓪.①/".replace("①②⑦", "127.0"),
    "http://127.0.0.1../",
    "http://%31%32%37.0.0.1/",
    "http://example%2ecom/",
    "http://[::1/",
    "http://::1/",
    "http://[::1]x/",
    "http://[::1]x:80/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[v1.x]/",
    "http://[127.0.0.1]/",
    "http://[]/",
    "http://-example.com/",
    "http://example..com/",
    "http://.example.com/",
    "http://" + "a" * 64 + ".com/",
    "http://" + "a." * 127 + "com/",
    "http://exa<mple.com/",
    "http://exam\u00adple\u200b.\u2488com/",
    "https://example.com/" + "a" * 9000,
]


@pytest.mark.parametrize(("given_as", "wanted"), GOOD.items())
def test_an_address_has_one_spelling(given_as: str, wanted: str) -> None:
    """Case, default port, trailing dot, fragment, IDNA and percent-encoding come out one way."""
    assert str(normalise(given_as)) == wanted


@pytest.mark.parametrize("url", BAD)
def test_an_odd_spelling_is_refused(url: str) -> None:
    """What different readers take for different addresses is refused for good, in one printable line."""
    with pytest.raises(BadAddress) as caught:
        normalise(url)
    assert caught.value.permanent
    assert caught.value.message.isprintable()


def test_a_secret_in_an_address_is_not_repeated() -> None:
    """A refused address with a password in it does not put the password into the message."""
    for url in ("https://user:hunter2@example.com/", "https://user:hunter2\n@example.com/", "u:hunter2@h"):
        with pytest.raises(BadAddress) as caught:
            normalise(url)
        assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("location", "wanted"),
    [
        ("/b", "https://example.com/b"),
        ("b?c", "https://example.com/x/b?c"),
        ("//other.example/b", "https://other.example/b"),
        ("http://example.com/b", "https://example.com/b"),
        ("?q", "https://example.com/x/y?q"),
        ("HTTPS://EXAMPLE.com:443/b#frag", "https://example.com/b"),
        ("../../../b", "https://example.com/b"),
        ("/ü", "https://example.com/%C3%BC"),
    ],
)
def test_a_redirect_is_resolved(location: str, wanted: str) -> None:
    """Relative, scheme-less and absolute redirects lead where a browser would go, never from https to http."""
    assert str(follow(normalise("https://example.com/x/y"), location)) == wanted


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "javascript:x",
        "//user@other.example/",
        "/\\other.example/",
        "\\\\other.example",
        "http://0x7f.1/",
        "http://[",
        "http://example.com:81/",
        "/a\r\nb",
        "http://2130706433/",
    ],
)
def test_a_redirect_to_an_odd_address_is_refused(location: str) -> None:
    """A Location is held to the same spelling rules as an address someone typed."""
    with pytest.raises(BadAddress):
        follow(normalise("https://example.com/x/y"), location)


_PIECES = st.one_of(
    st.sampled_from([*list(":/\\@?#[]%.-_0x178af \t\r\n\x00。①ü\u202e"), "http://", "https://", "localhost"]),
    st.text(max_size=6),
    st.ip_addresses().map(str),
)


@settings(max_examples=600, deadline=None)
@given(st.lists(_PIECES, max_size=8).map("".join), st.sampled_from(["", "http://", "https://", "http://a/"]))
def test_any_spelling_is_an_address_or_refused(text: str, start: str) -> None:
    """Any text is refused as a bad address or comes out as one that reads the same again, for us and httpx."""
    try:
        address = normalise(start + text)
    except BadAddress:
        return
    assert normalise(str(address)) == address
    theirs = httpx.URL(str(address))
    assert (theirs.scheme, theirs.raw_host.decode(), theirs.raw_path.decode()) == (
        address.scheme,
        address.host,
        address.target,
    )
    assert str(address).isascii() and str(address).isprintable()


@settings(max_examples=300, deadline=None)
@given(st.ip_addresses(v=4), st.sampled_from(["dotted", "octal", "hex", "decimal", "hex-parts", "short"]))
def test_an_ipv4_address_is_read_in_its_dotted_spelling_only(ip: ipaddress.IPv4Address, how: str) -> None:
    """Of all the spellings inet_aton takes, one passes: four decimal numbers without leading zeros."""
    a, b, c, d = ip.packed
    spelled = {
        "dotted": str(ip),
        "octal": f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        "hex": hex(int(ip)),
        "decimal": str(int(ip)),
        "hex-parts": f"{a:#x}.{b:#x}.{c:#x}.{d:#x}",
        "short": f"{a}.{b}.{c * 256 + d}",
    }[how]
    if how == "dotted":
        assert normalise(f"http://{spelled}/").host == str(ip)
        return
    with pytest.raises(BadAddress):
        normalise(f"http://{spelled}/")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_location_is_followed_or_refused(location: str) -> None:
    """Any Location header gives an http(s) address or a refusal."""
    try:
        hop = follow(normalise("https://example.com/x"), location)
    except BadAddress:
        return
    assert hop.scheme == "https"
