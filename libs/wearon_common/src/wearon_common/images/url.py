import re
from dataclasses import dataclass, field
from urllib.parse import quote

from wearon_common.images.errors import ImageReason, ImageUrlRefused

# Storage services sign URLs of one to two thousand characters.
MAX_URL_LENGTH = 4096

# One strict grammar instead of a lenient parser: what it does not describe is refused, so nothing is
# left for two parsers to disagree about. It has no room for user info, percent-encoded or non-ASCII
# hosts, backslashes or an IPv6 zone. Without re.ASCII, IGNORECASE would take the long s for an s.
_URL = re.compile(
    r"""
    (?P<scheme> https? ) ://
    (?P<host> \[ [0-9a-f:.]+ \] | [a-z0-9._-]+ )
    (?: : (?P<port> [1-9][0-9]{0,4} ) )?
    (?P<target> (?: [/?] [^#]* )? )
    (?: \# .* )?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_PRIVATE_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+):[1-9][0-9]{0,4}", re.IGNORECASE | re.ASCII)
# How resolvers tell a number from a name: 127.1, 2130706433, 0x7f.1 and 017700000001 are all loopback.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)

_DEFAULT_PORTS = {"https": 443, "http": 80}
_MAX_HOST_LENGTH = 253
_PRINTABLE_ASCII = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class ImageUrl:
    """A URL that the policy lets through, in the parts that are put on the wire."""

    scheme: str
    host: str
    """Lower case; an IPv6 literal (private hosts only) without its brackets."""
    port: int
    target: str = field(repr=False)
    """Path and query, ASCII. Kept out of the representation: it carries signatures."""
    is_private_host: bool
    """Whether the operator listed this host and port as one that may be private."""

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def parse_image_url(url: str, private_hosts: frozenset[str] = frozenset()) -> ImageUrl:
    """Take a URL apart, or refuse it.

    The rest of the internet is reached by https on port 443 and by name. The `host:port`s in
    `private_hosts` (lower case) may also be reached by http, on their port, and by address.

    Raises:
        ImageUrlRefused: the URL is malformed, disguised, or leads elsewhere.
    """
    parts = _matched(url)
    scheme = parts["scheme"].lower()
    host = parts["host"].lower()
    port = int(parts["port"] or _DEFAULT_PORTS[scheme])
    is_private_host = f"{host}:{port}" in private_hosts
    if not is_private_host:
        _require_public_form(scheme, host, port)
    return ImageUrl(scheme, host.strip("[]"), port, _target(parts["target"]), is_private_host)


def normalised_private_hosts(private_hosts: frozenset[str]) -> frozenset[str]:
    """Lower-case the listed hosts.

    Raises:
        ValueError: an entry is not exactly `host:port`, and would silently never match.
    """
    for entry in private_hosts:
        if not _PRIVATE_HOST.fullmatch(entry):
            raise ValueError(f"not of the form host:port: {entry!r}")
    return frozenset(entry.lower() for entry in private_hosts)


def _matched(url: str) -> re.Match[str]:
    if len(url) > MAX_URL_LENGTH:
        raise ImageUrlRefused(ImageReason.URL_REFUSED, "longer than an image URL is")
    if not url.isprintable() or " " in url or "\\" in url:
        raise ImageUrlRefused(ImageReason.URL_REFUSED, "contains white space, control characters or \\")
    parts = _URL.fullmatch(url)
    if parts is None:
        raise ImageUrlRefused(ImageReason.URL_REFUSED, "not a plain https URL")
    return parts


def _require_public_form(scheme: str, host: str, port: int) -> None:
    if scheme != "https":
        raise ImageUrlRefused(ImageReason.URL_REFUSED, "not https")
    if port != _DEFAULT_PORTS["https"]:
        raise ImageUrlRefused(ImageReason.URL_REFUSED, "not on the port of https")
    if not _is_name(host):
        raise ImageUrlRefused(ImageReason.URL_REFUSED, "its host is not a name")


def _is_name(host: str) -> bool:
    """Whether the host is a DNS name; an address, in whichever notation, is not."""
    labels = host.split(".")
    if len(host) > _MAX_HOST_LENGTH or not all(map(_LABEL.fullmatch, labels)):
        return False
    return not _NUMBER.fullmatch(labels[-1])


def _target(path_and_query: str) -> str:
    rooted = path_and_query if path_and_query.startswith("/") else f"/{path_and_query}"
    return quote(rooted, safe=_PRINTABLE_ASCII)
