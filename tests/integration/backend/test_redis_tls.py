"""Redis over TLS: a certificate that nobody vouches for, or that is another server's, is refused."""

import json
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from certificate_authority import CertificateAuthority
from service_process import service, starting_service
from shop import Shop
from tcp_proxy import tcp_proxy

from wearon_common.channel import Channel
from wearon_devkit.environment import Environment

QUICK = {"CONSUMER_ERROR_BACKOFF_SECONDS": "0.2"}


@pytest.fixture
def authority(tmp_path: Path) -> CertificateAuthority:
    return CertificateAuthority(tmp_path)


@pytest.fixture
def trust(authority: CertificateAuthority, tmp_path: Path) -> dict[str, str]:
    """What tells a service to trust the authority."""
    [certificate] = authority.client_context().get_ca_certs(binary_form=True)
    file = tmp_path / "authority.pem"
    file.write_text(ssl.DER_cert_to_PEM_cert(certificate))
    return {"SSL_CERT_FILE": str(file)}


@pytest.fixture
def shop(platform: Environment) -> Iterator[Shop]:
    with Shop.opened(platform) as shop:
        yield shop


@pytest.fixture
def encrypted(platform: Environment, authority: CertificateAuthority) -> Iterator[Environment]:
    """The platform, its Redis behind TLS under the name `localhost`."""
    port = urlsplit(platform.redis_url).port or 0
    with tcp_proxy(port, authority.server_context("localhost")) as proxy:
        yield replace(platform, redis_url=f"rediss://localhost:{proxy.port}/0")


def test_a_task_passes_through_a_redis_whose_certificate_is_good(
    shop: Shop, encrypted: Environment, trust: dict[str, str], tmp_path: Path
) -> None:
    try_on = shop.submit()
    with (
        service("consumer", encrypted, tmp_path / "consumer", **trust) as consumer,
        service("generator", encrypted, tmp_path / "generator", **trust),
    ):
        assert shop.outcome(try_on).status == "completed"
        assert consumer.events("task_dispatched")
        assert consumer.stop()[1] < 5


def test_a_certificate_that_nobody_vouches_for_is_refused(
    shop: Shop, encrypted: Environment, tmp_path: Path
) -> None:
    shop.submit()
    with (
        starting_service("consumer", encrypted, tmp_path / "consumer", **QUICK) as consumer,
        starting_service("generator", encrypted, tmp_path / "generator") as generator,
    ):
        [event, *_] = consumer.wait_for_event("consumer_error")
        generator.wait_until(lambda: any("Cannot connect" in line for line in generator.lines()))
        refusals = [line for line in generator.lines() if "Cannot connect" in line]
        assert generator.health().status_code == 503
        assert generator.stop()[1] < 10
    assert "CERTIFICATE_VERIFY_FAILED" in event["detail"]
    assert "CERTIFICATE_VERIFY_FAILED" in json.loads(refusals[0])["event"]
    assert shop.redis.llen("wearon:tasks:generation") == 1


def test_a_good_certificate_of_another_server_is_refused(
    shop: Shop, encrypted: Environment, trust: dict[str, str], tmp_path: Path
) -> None:
    other_name = replace(encrypted, redis_url=encrypted.redis_url.replace("localhost", "127.0.0.1"))
    shop.submit()
    with (
        starting_service("consumer", other_name, tmp_path / "consumer", **QUICK, **trust) as consumer,
        starting_service("generator", other_name, tmp_path / "generator", **trust) as generator,
    ):
        [event, *_] = consumer.wait_for_event("consumer_error")
        generator.wait_until(lambda: any("IP address mismatch" in line for line in generator.lines()))
    assert "IP address mismatch" in event["detail"]
    assert not shop.queued(Channel.B2C)
