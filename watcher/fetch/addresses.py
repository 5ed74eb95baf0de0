"""Which IP addresses this program dials, and which networks it stays out of.

Pure. The lists follow the IANA special-purpose address registries (RFC 6890 and its updates). They are kept
by hand because ``ipaddress.is_global`` calls NAT64, site-local, multicast and, on some versions, 6to4 global.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_V4 = {
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "carrier-grade NAT",
    "127.0.0.0/8": "loopback",
    "168.63.129.16/32": "a cloud's host service",  # a public address that only answers inside one cloud
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "reserved",
    "192.0.2.0/24": "documentation",
    "192.88.99.0/24": "6to4 relay",
    "192.168.0.0/16": "private",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
}
_V6 = {
    "::/128": "unspecified",
    "::1/128": "loopback",
    "::ffff:0:0/96": "IPv4-mapped",
    "::/96": "IPv4-compatible",
    "64:ff9b::/96": "NAT64",
    "64:ff9b:1::/48": "NAT64",
    "100::/64": "discard-only",
    "2001::/32": "Teredo",
    "2001::/23": "reserved",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "3fff::/20": "documentation",
    "fc00::/7": "private",
    "fe80::/10": "link-local",
    "fec0::/10": "site-local",
    "ff00::/8": "multicast",
}
_DENIED_V4 = tuple((ipaddress.IPv4Network(n), why) for n, why in _V4.items())
_DENIED_V6 = tuple((ipaddress.IPv6Network(n), why) for n, why in _V6.items())
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")  # the only global unicast space handed out so far
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))


def parse_networks(networks: Iterable[str]) -> tuple[Network, ...]:
    """ "10.1.0.0/16", "::1" … as networks. Raises ``ValueError`` naming the first that is none."""
    return tuple(ipaddress.ip_network(str(network), strict=False) for network in networks)


def special(ip: IP) -> str:
    """The kind of special network ``ip`` lies in ("loopback", "NAT64", …), "" for a plain global address."""
    if isinstance(ip, ipaddress.IPv4Address):
        return next((why for network, why in _DENIED_V4 if ip in network), "")
    found = next((why for network, why in _DENIED_V6 if ip in network), "")
    return found or ("" if ip in _GLOBAL_V6 else "reserved")


def embedded(ip: IP) -> ipaddress.IPv4Address | None:
    """The IPv4 address a mapped, compatible, NAT64, 6to4 or Teredo address really leads to, else None."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip.ipv4_mapped:
        return ip.ipv4_mapped
    if ip.sixtofour:
        return ip.sixtofour
    if ip.teredo:
        return ip.teredo[1]
    if any(ip in network for network in _NAT64) or (int(ip) >> 32 == 0 and int(ip) > 1):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return None


@dataclass(frozen=True, slots=True)
class Guard:
    """``allow`` are the networks the operator opens in addition to the global address space."""

    allow: tuple[Network, ...] = ()

    def objection(self, address: str) -> str:
        """Why ``address`` (an IP address as a resolver gives it) is not dialled; "" where it is.

        Opening an embedding network (NAT64, say) does not open the IPv4 networks behind it: the address
        inside is checked as well.
        """
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return "not an IP address"
        if isinstance(ip, ipaddress.IPv6Address) and ip.scope_id:
            return "link-local"
        kind = special(ip)
        if not kind:
            return ""
        if not any(ip.version == network.version and ip in network for network in self.allow):
            return kind
        inner = embedded(ip)
        return self.objection(str(inner)) if inner else ""
