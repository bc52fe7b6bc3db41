"""TLS as the edge speaks it, and its certificate from the first start to the next one."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from containers.edge.edge import NAME, Edge, trusting_anything
from containers.edge_certificates import SelfSigned
from containers.engine import docker

MODERN_CIPHERS = [
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
]


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    with Edge.run(tmp_path_factory.mktemp("edge")) as edge, edge.upstream("sizing"):
        yield edge


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_current_versions_of_tls_are_spoken(edge: Edge, version: ssl.TLSVersion) -> None:
    with edge.shake_hands(_only(version)) as connection:
        assert connection.version() == version.name.replace("_", ".")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
def test_old_versions_of_tls_are_refused(edge: Edge, version: ssl.TLSVersion) -> None:
    with pytest.raises(ssl.SSLError, match=r"(?i)protocol"):
        edge.shake_hands(_only(version))


@pytest.mark.parametrize("cipher", MODERN_CIPHERS)
def test_a_modern_cipher_is_accepted(edge: Edge, cipher: str) -> None:
    with edge.shake_hands(_only(ssl.TLSVersion.TLSv1_2, cipher)) as connection:
        assert (connection.cipher() or [None])[0] == cipher


def test_no_other_cipher_is_accepted(edge: Edge) -> None:
    everything_else = ":".join(["ALL", "@SECLEVEL=0", *(f"!{cipher}" for cipher in MODERN_CIPHERS)])
    with pytest.raises(ssl.SSLError, match=r"(?i)handshake"):
        edge.shake_hands(_only(ssl.TLSVersion.TLSv1_2, everything_else))


def test_http2_is_spoken(edge: Edge) -> None:
    with edge.client(http2=True) as client:
        assert client.get("/health").http_version == "HTTP/2"


@pytest.mark.parametrize("name", [None, "other.example"])
def test_no_certificate_is_shown_to_who_asks_for_another_name(edge: Edge, name: str | None) -> None:
    with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
        edge.shake_hands(trusting_anything(), name)


def test_without_a_certificate_it_starts_and_takes_the_first_one(tmp_path: Path) -> None:
    with Edge.run(tmp_path, with_certificate=False) as edge, edge.upstream("sizing"):
        assert httpx.get(f"{edge.plain_url}/health").status_code == 308
        with pytest.raises(ssl.SSLError, match=r"(?i)unrecognized.name"):
            edge.shake_hands(trusting_anything())
        first = SelfSigned(NAME)
        first.write(edge.letsencrypt)
        edge.wait_until(lambda: _shows(edge, first))
        edge.wait_until(lambda: "certificate_taken_over" in _events(edge))
        with edge.client() as client:
            assert client.get("/health").status_code == 200


def test_a_new_certificate_is_taken_over_without_a_restart(tmp_path: Path) -> None:
    with Edge.run(tmp_path) as edge, edge.upstream("sizing"):
        following = SelfSigned(NAME)
        following.write(edge.letsencrypt)
        edge.wait_until(lambda: _shows(edge, following))
        with edge.client() as client:
            assert client.get("/health").status_code == 200
        assert docker("inspect", "--format", "{{.RestartCount}}", edge.container) == "0"


def test_half_a_renewal_changes_nothing_until_its_other_half_comes(tmp_path: Path) -> None:
    current, following = SelfSigned(NAME), SelfSigned(NAME)
    current.write(tmp_path / "letsencrypt")
    with Edge.run(tmp_path, with_certificate=False) as edge:
        following.write_certificate(edge.letsencrypt)
        edge.wait_until(lambda: "certificate_refused" in _events(edge))
        assert _shows(edge, current)
        following.write(edge.letsencrypt)
        edge.wait_until(lambda: _shows(edge, following))


def test_a_restart_on_a_bad_certificate_still_answers_acme(tmp_path: Path) -> None:
    SelfSigned(NAME).write(tmp_path / "letsencrypt")
    SelfSigned(NAME).write_certificate(tmp_path / "letsencrypt")
    with Edge.run(tmp_path, with_certificate=False) as edge:
        assert {"certificate_refused", "starting_without_tls"} <= set(_events(edge))
        assert httpx.get(f"{edge.plain_url}/.well-known/acme-challenge/x").status_code == 404


def _only(version: ssl.TLSVersion, ciphers: str = "DEFAULT:@SECLEVEL=0") -> ssl.SSLContext:
    context = trusting_anything()
    context.set_ciphers(ciphers)
    context.minimum_version = context.maximum_version = version
    return context


def _shows(edge: Edge, certificate: SelfSigned) -> bool:
    try:
        return edge.shown_certificate(NAME) == certificate.der
    except ssl.SSLError:
        return False


def _events(edge: Edge) -> list[str]:
    return [line["event"] for line in edge.log()]
