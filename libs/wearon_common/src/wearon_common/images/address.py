"""Which IP addresses are public.

The tables are our own because the standard library's `is_global` changed its answers between
Python 3.11.0 and 3.13. Source: IANA's IPv4 and IPv6 special-purpose address registries
(https://www.iana.org/assignments/iana-ipv4-special-registry, iana-ipv6-special-registry).
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TypeAlias

IPAddress: TypeAlias = IPv4Address | IPv6Address

_V4_NOT_PUBLIC = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network (RFC 791)
            "10.0.0.0/8",  # private (RFC 1918)
            "100.64.0.0/10",  # carrier-grade NAT (RFC 6598); cloud metadata at Alibaba
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # looks public, yet every Azure machine reaches its own host agent there
            "169.254.0.0/16",  # link-local (RFC 3927); cloud metadata
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # IETF protocol assignments (RFC 6890); cloud metadata at Oracle
            "192.0.2.0/24",  # documentation (RFC 5737)
            "192.31.196.0/24",  # AS112 anycast (RFC 7535)
            "192.52.193.0/24",  # AMT anycast (RFC 7450)
            "192.88.99.0/24",  # 6to4 relays, deprecated (RFC 7526)
            "192.168.0.0/16",  # private
            "192.175.48.0/24",  # AS112 anycast (RFC 7534)
            "198.18.0.0/15",  # benchmarking (RFC 2544)
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and the broadcast address
        ),
    )
)

# Everything outside is loopback, mapped, ULA, link-local, site-local, multicast or unassigned.
_V6_GLOBAL_UNICAST = IPv6Network("2000::/3")

_V6_NOT_PUBLIC = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # IETF protocol assignments: Teredo, benchmarking, ORCHID (RFC 2928)
            "2001:db8::/32",  # documentation (RFC 3849)
            "2002::/16",  # 6to4, deprecated: each address is a tunnel to the IPv4 one it wraps (RFC 7526)
            "2620:4f:8000::/48",  # AS112 anycast (RFC 7534)
            "3fff::/20",  # documentation (RFC 9637)
        ),
    )
)

# The two prefixes whose last 32 bits are the IPv4 address that is really talked to, and behind which
# public hosts do live. The other wrappings (IPv4-compatible, local NAT64 64:ff9b:1::/48, 6to4, Teredo)
# have no public host behind them and fall to the tables above, whatever they wrap.
_V6_WRAPPING_V4 = (
    IPv6Network("::ffff:0:0/96"),  # IPv4-mapped (RFC 4291)
    IPv6Network("64:ff9b::/96"),  # NAT64 (RFC 6052): all that an IPv6-only machine sees of IPv4
)


def is_public(address: IPAddress) -> bool:
    """Whether anyone on the internet could talk to the address as well as we can.

    An IPv6 address that wraps an IPv4 one is as public as the address inside it. A scoped address
    (`fe80::1%eth0`) is never public.
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _V4_NOT_PUBLIC)
    if address.scope_id is not None:
        return False
    if any(address in network for network in _V6_WRAPPING_V4):
        return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
    return address in _V6_GLOBAL_UNICAST and not any(address in network for network in _V6_NOT_PUBLIC)
