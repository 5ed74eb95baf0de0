"""Which IP addresses are dialled."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.fetch.addresses import Guard, parse_networks

FORBIDDEN = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "::2",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "4000::1",
    "5f00::1",
    "1::1",
    "not-an-address",
]
GLOBAL = [
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "172.15.255.255",
    "172.32.0.1",
    "100.63.255.255",
    "2606:4700::1111",
    "2a00:1450::1",
    "2620:fe::fe",
]


@pytest.mark.parametrize("address", FORBIDDEN)
def test_special_networks_are_not_dialled(address: str) -> None:
    """Every special-purpose network is objected to, by name."""
    assert Guard().objection(address)


@pytest.mark.parametrize("address", GLOBAL)
def test_global_addresses_are_dialled(address: str) -> None:
    """The neighbours of special networks, and ordinary hosts, are not objected to."""
    assert Guard().objection(address) == ""


def test_an_operator_opens_exactly_what_is_named() -> None:
    """allow_networks opens the networks named, of their own IP version, and no neighbour."""
    guard = Guard(parse_networks(["10.1.0.0/16", "fd00::/8"]))
    assert guard.objection("10.1.2.3") == "" and guard.objection("fd00::1") == ""
    assert guard.objection("10.2.0.1") == "private" and guard.objection("fc00::1") == "private"
    assert guard.objection("::ffff:10.1.2.3") == "IPv4-mapped"


@pytest.mark.parametrize(
    ("network", "inside", "outside"),
    [
        ("64:ff9b::/96", "64:ff9b::a00:1", "64:ff9b::808:808"),
        ("::ffff:0:0/96", "::ffff:10.0.0.1", "::ffff:8.8.8.8"),
        ("2002::/16", "2002:a00:1::1", "2002:808:808::1"),
        ("2001::/32", "2001:0:4136:e378:8000:63bf:f5ff:fffe", "2001:0:4136:e378:8000:63bf:f7f7:f7f7"),
        ("::/0", "::127.0.0.1", "2001:db8::1"),
    ],
)
def test_opening_a_translated_network_does_not_open_what_lies_behind(
    network: str, inside: str, outside: str
) -> None:
    """The IPv4 address inside a NAT64, mapped, 6to4 or Teredo address is checked as well."""
    guard = Guard(parse_networks([network]))
    assert guard.objection(inside)
    assert guard.objection(outside) == ""


def test_a_network_that_is_none_is_named() -> None:
    """A wrong entry of allow_networks is a ValueError that repeats it."""
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/33"):
        parse_networks(["127.0.0.0/8", "10.0.0.0/33"])


@given(st.ip_addresses())
def test_nothing_the_library_calls_private_is_dialled(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    """Our list is at least as strict as the standard library's, over the whole address space."""
    if not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_link_local or ip.is_loopback:
        allowed_by_iana = {ipaddress.ip_network("192.0.0.8/29")}
        assert Guard().objection(str(ip)) or any(ip in n for n in allowed_by_iana if n.version == ip.version)
