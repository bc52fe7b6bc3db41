"""first-deploy from nothing: a server without Docker, firewall and settings comes to measure photos."""

import json
from collections.abc import Iterator

import pytest
from containers.absent_images import others_idle
from containers.deploy.deploy_lab import AT_WORK
from containers.deploy.deploy_registry import Registry
from containers.deploy.deploy_server import Server
from containers.deploy.deploy_stand_ins import StandIns
from containers.deploy.empty_server import EmptyServer
from containers.edge_certificates import SelfSigned
from containers.engine import docker, own_project
from containers.images import DEVKIT_IMAGE
from containers.production_file import read_production

from wearon_devkit.pictures import PERSONS

DONE = 0
NGINX, REDIS = "nginx:stable-alpine", "redis:7-alpine"
PHOTO = PERSONS[0]
SETTINGS = {"DOMAIN": "localhost", "LEAST_FREE_MB": "500"}


@pytest.fixture(scope="module")
def server(images: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmptyServer]:
    """An empty server on the network of a registry and of stand-ins; a release lies there."""
    folder = tmp_path_factory.mktemp("server")
    with (
        StandIns.running(own_project("first"), folder, openai_latency_s="1-2") as world,
        Registry.running() as registry,
        EmptyServer.running(world.network, {**world.settings, **SETTINGS}) as server,
    ):
        docker("network", "connect", "--alias", "registry", world.network, registry.container)
        registry.publish("1")
        server.settings["SUPABASE_URL"] = f"http://{server.address_of('supabase')}:54321"
        server.bring_release(Server(folder / "home", "unused", {}).archive("1"))
        yield server


@pytest.fixture(scope="module")
def prepared(server: EmptyServer, tmp_path_factory: pytest.TempPathFactory) -> EmptyServer:
    """The server with an engine, and with what it cannot pull; the certificate is its owner's."""
    server.first_deploy("1")
    for image in (NGINX, REDIS, DEVKIT_IMAGE):
        server.load_image(image)
    server.write("/opt/wearon/override.yml", others_idle(read_production()["services"], AT_WORK))
    folder = tmp_path_factory.mktemp("certificate")
    SelfSigned("localhost").write(folder)
    server.bring(folder, "/certificates")
    mounts = ("--volume", "/certificates:/from:ro", "--volume", "wearon_certificates:/to")
    server.inside("docker", "run", "--rm", *mounts, "--entrypoint", "cp", NGINX, "-r", "/from/.", "/to")
    server.bring(PHOTO.path, "/photo.jpg")
    return server


def containers_of(server: EmptyServer) -> dict[str, str]:
    """Map each running container's id to its status."""
    lines = server.inside("docker", "ps", "--format", "{{.ID}} {{.Status}}").splitlines()
    return dict(line.split(" ", 1) for line in lines)


def test_an_empty_server_ends_as_one_that_measures_photos(prepared: EmptyServer) -> None:
    ran = prepared.first_deploy("1")

    assert ran.status == DONE, ran.output
    assert all("(healthy)" in status for status in containers_of(prepared).values())
    photo = ["--form", "image=@/photo.jpg", "--form", f"height_cm={PHOTO.height_cm}"]
    url = "https://localhost/estimate-body/upload"
    answer = json.loads(prepared.inside("curl", "--silent", "--insecure", *photo, url))
    assert answer["recommended_size"]


def test_a_second_run_changes_nothing(prepared: EmptyServer) -> None:
    before = containers_of(prepared).keys()

    ran = prepared.first_deploy("1")

    assert ran.status == DONE, ran.output
    assert "making" not in ran.output
    assert containers_of(prepared).keys() == before


def test_the_firewall_lets_in_what_it_must_alone(prepared: EmptyServer) -> None:
    allowed = [line for line in prepared.inside("ufw", "status").splitlines() if "ALLOW" in line]

    assert {line.split()[0] for line in allowed} == {"22/tcp", "80/tcp", "443/tcp"}
