"""From no certificate to one that an authority has signed, and what happens when it refuses."""

import json
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from containers.edge.edge import Edge
from containers.edge.edge_acme import running_authority, running_certbot
from containers.engine import docker
from cryptography import x509
from cryptography.x509.oid import NameOID

DOMAIN = "edge.test"
OTHER = "api.edge.test"
ASKED = {"DOMAIN": f"{DOMAIN} {OTHER}", "ACME_EMAIL": "operations@edge.test"}


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    with Edge.run(tmp_path, {"DOMAIN": ASKED["DOMAIN"]}, with_certificate=False) as edge:
        yield edge


def test_the_first_certificate_is_had_and_served_without_anybody_s_help(edge: Edge, tmp_path: Path) -> None:
    with running_authority(edge, tmp_path) as trusted, running_certbot(edge, trusted, ASKED) as certbot:
        kept = certbot.waited_for("certificate_kept")
        assert kept["domains"] == [DOMAIN, OTHER]
        edge.wait_until(lambda: "certificate_taken_over" in edge.raw_log())
        edge.wait_until(lambda: _issuer(edge, DOMAIN) == _issuer(edge, OTHER) == "Pebble Intermediate CA")
        assert certbot.is_healthy()


def test_a_certificate_that_is_held_is_not_asked_for_again(edge: Edge, tmp_path: Path) -> None:
    with running_authority(edge, tmp_path) as trusted:
        with running_certbot(edge, trusted, ASKED) as certbot:
            certbot.waited_for("certificate_kept")
        held = _history(edge)
        _forget_the_wait(edge, held)
        with running_certbot(edge, trusted, ASKED) as certbot:
            certbot.waited_for("certificate_kept")
    assert sorted(path.name for path in (edge.letsencrypt / "archive" / "wearon").glob("fullchain*")) == [
        "fullchain1.pem"
    ]
    assert float(str(_history(edge)["next_at"])) > float(str(held["next_at"])) - 2 * 3600


def test_more_names_make_a_new_certificate(edge: Edge, tmp_path: Path) -> None:
    with running_authority(edge, tmp_path) as trusted:
        with running_certbot(edge, trusted, {**ASKED, "DOMAIN": DOMAIN}) as certbot:
            certbot.waited_for("certificate_kept")
        with running_certbot(edge, trusted, ASKED) as certbot:
            assert certbot.waited_for("certificate_kept")["domains"] == [DOMAIN, OTHER]
        names = _certificate(edge).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        assert set(names.get_values_for_type(x509.DNSName)) == {DOMAIN, OTHER}


def test_a_certificate_of_another_authority_is_replaced_at_once(edge: Edge, tmp_path: Path) -> None:
    with running_authority(edge, tmp_path) as trusted:
        with running_certbot(edge, trusted, ASKED) as certbot:
            certbot.waited_for("certificate_kept")
        staged = _certificate(edge)
        with running_certbot(
            edge, trusted, {**ASKED, "ACME_DIRECTORY_URL": "https://other-authority:14000/dir"}
        ) as certbot:
            certbot.waited_for("certificate_kept")
        assert _certificate(edge) != staged


def test_a_refusal_is_told_and_not_repeated_soon_even_after_a_restart(edge: Edge, tmp_path: Path) -> None:
    asked = {**ASKED, "DOMAIN": "nowhere.edge.test"}
    with running_authority(edge, tmp_path) as trusted, running_certbot(edge, trusted, asked) as certbot:
        failed = certbot.waited_for("certificate_failed")
        assert failed["failures"] == 1
        assert "nowhere.edge.test" in str(failed["problem"])
        docker("restart", "--time", "5", certbot.container)
        edge.wait_until(certbot.is_healthy)
        certbot.looks_again(edge)
        assert _history(edge)["failures"] == 1
        assert httpx.get(f"{edge.plain_url}/x", headers={"Host": DOMAIN}).status_code == 308


def test_without_an_address_for_its_owner_no_certificate_is_asked_for(edge: Edge, tmp_path: Path) -> None:
    trusted = tmp_path / "nobody.pem"
    trusted.touch()
    with running_certbot(edge, trusted, {"DOMAIN": DOMAIN}) as certbot:
        certbot.waited_for("no_certificate_asked_for")
        edge.wait_until(certbot.is_healthy)


def _issuer(edge: Edge, name: str) -> str:
    try:
        shown = x509.load_der_x509_certificate(edge.shown_certificate(name))
    except ssl.SSLError:
        return "nobody"
    [common_name] = shown.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common_name.value).rsplit(" ", 1)[0]


def _certificate(edge: Edge) -> x509.Certificate:
    return x509.load_pem_x509_certificate(
        (edge.letsencrypt / "live" / "wearon" / "fullchain.pem").read_bytes()
    )


def _history(edge: Edge) -> dict[str, object]:
    return dict(json.loads((edge.letsencrypt / "wearon-history.json").read_text()))


def _forget_the_wait(edge: Edge, history: dict[str, object]) -> None:
    (edge.letsencrypt / "wearon-history.json").write_text(json.dumps({**history, "next_at": 0.0}))
