"""One spelling for every address, and none for those that mean different things to different readers.

Pure. What is refused here is refused for a clear message: the address guard checks what is really dialled
(`watcher.fetch.backend`), so a spelling that slipped through would still not reach a forbidden network.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx
import idna

from .errors import BadAddress

MAX_LENGTH = 8192
_CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")  # and lone surrogates, which are no text
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
# WHATWG URL, "ends in a number": such a host is an IPv4 address in some spelling, never a name.
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DEFAULT_PORT = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address in its one spelling, without a fragment."""

    scheme: str  # "http" or "https"
    host: str  # lower-case ASCII name, or an IP address without brackets
    port: int
    target: str  # path and query, percent-encoded ASCII, at least "/"

    @property
    def authority(self) -> str:
        """ "host", or "host:port" where the port is not the scheme's own; IPv6 in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORT[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        return self.origin + self.target


def normalise(url: str) -> Address:
    """Read an absolute address strictly. Raises `BadAddress` (permanent) with the reason in its message.

    Refused: other schemes; user names; backslashes; control characters; percent signs, spaces or zones in the
    host; IPv4 in octal, hex, decimal or with missing parts; names that are not valid IDNA 2008 (after the
    UTS 46 mapping browsers apply); ports outside 1–65535; more than 8192 characters.
    """
    if len(url) > MAX_LENGTH:
        raise BadAddress(f"the address is {len(url)} characters long (at most {MAX_LENGTH})")
    url = url.strip(" ")
    if _CONTROL.search(url):
        raise BadAddress(f"the address has control characters in it: {_shown(url)}")
    scheme, authority, rest = _split(url)
    host, port = _host_and_port(authority, scheme, url)
    try:
        target = httpx.URL(f"{scheme}://h" + rest).raw_path.decode("ascii")
    except (httpx.InvalidURL, ValueError) as error:
        raise BadAddress(f"not an address: {_shown(url)} ({error})") from error
    return Address(scheme, host, port, target)


def follow(base: Address, location: str) -> Address:
    """Where a redirect from ``base`` leads. Raises `BadAddress`.

    From https the way never leads back to http: servers behind a TLS front often name the wrong scheme, so a
    hop to plain http on its own port is asked over https, as a browser in HTTPS-only mode does; one to
    another port is refused.
    """
    location = location.strip(" \t")
    if "\\" in location.split("?")[0] or _CONTROL.search(location):
        raise BadAddress(f"the redirect leads to an odd address: {_shown(location)}")
    try:
        joined = urljoin(str(base), location)
    except ValueError as error:
        raise BadAddress(f"the redirect leads to no address: {_shown(location)}") from error
    hop = normalise(joined)
    if base.scheme == "https" and hop.scheme == "http":
        if hop.port != _DEFAULT_PORT["http"]:
            raise BadAddress(f"the redirect leads from https to plain http: {hop}")
        hop = Address("https", hop.host, _DEFAULT_PORT["https"], hop.target)
    return hop


def _shown(text: str) -> str:
    """The text for a message: at most 200 characters, and nothing of what stands before an @."""
    return repr(re.sub(r"(?s)^.*@", "…@", text)[:200])


def _split(url: str) -> tuple[str, str, str]:
    found = _SCHEME.match(url)
    if not found:
        raise BadAddress(f"an address begins with https:// or http://, this one does not: {_shown(url)}")
    scheme = found[1].lower()
    if scheme not in _DEFAULT_PORT:
        raise BadAddress(f"only http and https addresses are fetched, not {scheme}: — {_shown(url)}")
    after = url[found.end() :]
    if not after.startswith("//"):
        raise BadAddress(f"an address has // after its scheme, this one has not: {_shown(url)}")
    after = after.split("#", 1)[0]
    end = next((i for i, c in enumerate(after[2:], 2) if c in "/?"), len(after))
    if "\\" in after.split("?", 1)[0]:
        raise BadAddress(f"the address has a backslash in it: {_shown(url)}")
    return scheme, after[2:end], after[end:]


def _host_and_port(authority: str, scheme: str, url: str) -> tuple[str, int]:
    if "@" in authority:
        raise BadAddress("the address has a user name in it (an @ before the host)")
    bracketed, closing, tail = authority.partition("]")
    if closing:
        host, colon, port = bracketed + closing, tail[:1], tail[1:]
        if colon not in ("", ":"):
            raise BadAddress(f"the address has no valid host: {_shown(url)}")
    else:
        host, _, port = authority.partition(":")
    if port and not (port.isascii() and port.isdigit() and len(port) <= 5 and 1 <= int(port) <= 65535):
        raise BadAddress(f"the address has no valid port: {_shown(url)}")
    number = int(port) if port else _DEFAULT_PORT[scheme]
    if host.startswith("["):
        return _ipv6(host[1:-1], url), number
    return _name_or_ipv4(host, url), number


def _ipv6(host: str, url: str) -> str:
    try:
        if "%" in host:
            raise ValueError("zones mean something on one machine only")
        return str(ipaddress.IPv6Address(host))
    except ValueError as error:
        raise BadAddress(f"the address has no valid IPv6 host: {_shown(url)}") from error


def _name_or_ipv4(host: str, url: str) -> str:
    if not host or "%" in host or " " in host:
        raise BadAddress(f"the address has no valid host: {_shown(url)}")
    try:
        name = host.lower() if host.isascii() else idna.encode(host, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise BadAddress(f"the host is not a valid international name: {_shown(url)}") from error
    labels = name.removesuffix(".").split(".")
    if _NUMERIC.fullmatch(labels[-1]):
        try:
            return str(ipaddress.IPv4Address(name))
        except ValueError as error:
            raise BadAddress(f"the host is an IPv4 address in an odd spelling: {_shown(url)}") from error
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadAddress(f"the address has no valid host: {_shown(url)}")
    return ".".join(labels)
