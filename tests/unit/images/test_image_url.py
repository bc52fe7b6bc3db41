import pytest

from wearon_common.images import ImageUrlRefused
from wearon_common.images.url import MAX_URL_LENGTH, normalised_private_hosts, parse_image_url

HOSTILE_URLS = [
    "",
    "/photo.jpg",
    "//images.example/a",
    "images.example/a",
    "https:",
    "https://",
    "https:///a",
    "https:/images.example/a",
    "https:images.example/a",
    "http://images.example/a",
    "ftp://images.example/a",
    "file:///etc/passwd",
    "file://images.example/etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "dict://127.0.0.1:6379/info",
    "ws://images.example/a",
    "data:image/png;base64,iVBORw0KGgo=",
    "javascript:alert(1)",
    "jar:https://images.example/a!/b",
    "view-source:https://images.example/a",
    "http\u017f://images.example/a",
    "https://user@images.example/a",
    "https://user:password@images.example/a",
    "https://images.example@127.0.0.1/a",
    "https://127.0.0.1@images.example/a",
    "https://127.0.0.1%40images.example/a",
    "https://images.example\\@127.0.0.1/a",
    "https://127.0.0.1\\.images.example/a",
    "https:\\\\images.example\\a",
    "https://images.example/a\\b",
    " https://images.example/a",
    "https://images.example/a ",
    "https://images.example/a b",
    "https://images.example/a\tb",
    "https://images.example/a\r\nHost: inside",
    "https://images.exa\nmple/a",
    "https://images.example/\x00",
    "https://images.example/\x7f",
    "https://images.example/\u2028",
    "https://images.example/\ud800",
    "https://images.example/\u00a0",
    "https://images.example:80/a",
    "https://images.example:6379/a",
    "https://images.example:0443/a",
    "https://images.example:+443/a",
    "https://images.example:/a",
    "https://images.example:0/a",
    "https://images.example:65979/a",
    "https://images.example:443:443/a",
    "https://images.example:\u0664\u0664\u0663/a",
    "https://127.0.0.1/a",
    "https://127.0.0.1./a",
    "https://127.1/a",
    "https://127.0.1/a",
    "https://2130706433/a",
    "https://0x7f000001/a",
    "https://0x7f.1/a",
    "https://0x/a",
    "https://0177.0.0.1/a",
    "https://017700000001/a",
    "https://0/a",
    "https://169.254.169.254/latest/meta-data",
    "https://8.8.8.8/a",
    "https://[::1]/a",
    "https://[::ffff:127.0.0.1]/a",
    "https://[fe80::1%25eth0]/a",
    "https://[fe80::1%eth0]/a",
    "https://[v1.fe80]/a",
    "https://[::1/a",
    "https://::1/a",
    "https://\uff11\uff12\uff17.0.0.1/a",
    "https://\u2460\u2461\u2466.0.0.1/a",
    "https://127\u30020\u30020\u30021/a",
    "https://\uff4c\uff4f\uff43\uff41\uff4chost/a",
    "https://b\u00fccher.example/a",
    "https://images.example./a",
    "https://.images.example/a",
    "https://images..example/a",
    "https://-images.example/a",
    "https://images.example%2fa/b",
    "https://images%2eexample/a",
    "https://*.example/a",
    "https://images.example;127.0.0.1/a",
    "https://images.example,127.0.0.1/a",
    "https://" + "a" * 64 + ".example/a",
    "https://" + "a." * 127 + "example/a",
    "https://images.example/" + "a" * MAX_URL_LENGTH,
]


@pytest.mark.parametrize("url", HOSTILE_URLS, ids=lambda url: repr(url)[:60])
def test_a_url_that_is_not_plainly_public_https_is_refused(url: str) -> None:
    with pytest.raises(ImageUrlRefused):
        parse_image_url(url)


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("https://images.example", "images.example", "/"),
        ("HTTPS://IMAGES.Example:443/A.jpg", "images.example", "/A.jpg"),
        ("https://images.example?x=1", "images.example", "/?x=1"),
        ("https://images.example#@inside", "images.example", "/"),
        ("https://images.example/a?to=http://user@127.0.0.1:80/", "images.example", None),
        ("https://images.example/a%20b?token=T%2F1&x=[1]", "images.example", "/a%20b?token=T%2F1&x=[1]"),
        ("https://images.example/\u5199\u771f.jpg", "images.example", "/%E5%86%99%E7%9C%9F.jpg"),
        ("https://xn--bcher-kva.example/a", "xn--bcher-kva.example", "/a"),
        ("https://my_bucket.s3.example/a", "my_bucket.s3.example", "/a"),
        ("https://4.images.example0/a", "4.images.example0", "/a"),
    ],
)
def test_a_plain_https_url_is_taken_apart(url: str, host: str, target: str | None) -> None:
    parts = parse_image_url(url)
    assert (parts.scheme, parts.host, parts.port, parts.authority) == ("https", host, 443, host)
    assert parts.target == target or target is None
    assert not parts.is_private_host


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("http://127.0.0.1:54321/a", "127.0.0.1:54321"),
        ("https://127.0.0.1:54321/a", "127.0.0.1:54321"),
        ("http://[::1]:8000/a", "[::1]:8000"),
        ("http://storage/a", "storage"),
        ("http://STORAGE:80/a", "storage"),
    ],
)
def test_a_listed_host_may_be_reached_by_http_and_by_address(url: str, authority: str) -> None:
    listed = normalised_private_hosts(frozenset({"127.0.0.1:54321", "[::1]:8000", "Storage:80"}))
    parts = parse_image_url(url, listed)
    assert parts.is_private_host
    assert parts.authority == authority


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:54322/a",
        "http://127.0.0.1/a",
        "http://127.1:54321/a",
        "http://127.0.0.1.:54321/a",
        "http://127.0.0.1:54321@images.example/a",
        "http://x.127.0.0.1:54321/a",
        "https://storage.example:54321/a",
        "ftp://127.0.0.1:54321/a",
    ],
)
def test_only_the_exact_host_and_port_is_listed(url: str) -> None:
    with pytest.raises(ImageUrlRefused):
        parse_image_url(url, frozenset({"127.0.0.1:54321"}))


@pytest.mark.parametrize(
    "entry", ["127.0.0.1", "http://127.0.0.1:80", "host:", ":80", "*:80", "host:80/", ""]
)
def test_a_list_entry_that_could_never_match_is_an_error(entry: str) -> None:
    with pytest.raises(ValueError, match="host:port"):
        normalised_private_hosts(frozenset({entry}))


def test_neither_a_refusal_nor_a_parsed_url_shows_path_or_query() -> None:
    with pytest.raises(ImageUrlRefused) as refusal:
        parse_image_url("http://images.example/secret?token=secret")
    shown = (
        str(refusal.value) + repr(refusal.value) + repr(parse_image_url("https://a.example/secret?secret"))
    )
    assert "secret" not in shown
