"""What the images are made of."""

import re
from pathlib import PurePosixPath

import pytest
from containers.engine import docker
from containers.images import BASE_IMAGE, SERVICES, image_of
from containers.our_images.image_layers import (
    LayerFile,
    files_beyond_base,
    inspect_image,
    layers_of,
    size_beyond_base_mb,
)

MOST_MB = {"consumer": 130, "generator": 130, "sizing": 480}
BUILD_TOOLS = {
    "gcc",
    "g++",
    "cc",
    "c++",
    "clang",
    "ld",
    "as",
    "make",
    "cargo",
    "rustc",
    "uv",
    "uvx",
    "pip",
    "curl",
    "wget",
}
SECRETS = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}"
    rb"|\bsk-[A-Za-z0-9]{20}|\bsk-proj-[\w-]{20}|\bsb_secret_[\w-]{16}"
    rb"|\beyJ[\w-]{10,}\.eyJpc3MiOiJzdXBhYmFzZ[\w-]{10,}"  # {"iss":"supabase…
)  # fmt: skip
SECRET_FILES = re.compile(r"(^|/)(\.env(\..*)?|.*\.key|id_[a-z0-9]+|\.netrc|\.pypirc|pip\.conf|uv\.toml)$")

pytestmark = pytest.mark.usefixtures("images")


@pytest.fixture(scope="module", params=SERVICES)
def service(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def files(service: str, images: None, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bool]]:
    """Give (path, whether it holds a secret) of every file that the image adds to its base."""
    folder = tmp_path_factory.mktemp(service)
    return [(file.path, _holds_a_secret(file)) for file in files_beyond_base(image_of(service), folder)]


def _holds_a_secret(file: LayerFile) -> bool:
    return bool(SECRET_FILES.search(file.path) or SECRETS.search(file.content))


def test_its_size_beyond_the_base_is_bounded(service: str) -> None:
    assert size_beyond_base_mb(image_of(service)) <= MOST_MB[service]


def test_it_is_built_on_the_base_alone(service: str) -> None:
    base = layers_of(BASE_IMAGE)

    assert layers_of(image_of(service))[: len(base)] == base


def test_no_layer_has_the_devkit_or_tests(files: list[tuple[str, bool]]) -> None:
    unwanted = {"wearon_devkit", "tests", "pytest", "_pytest", "testcontainers", "hypothesis"}

    assert not [path for path, _ in files if unwanted & set(PurePosixPath(path).parts)]


def test_no_layer_has_a_compiler_or_an_installer(files: list[tuple[str, bool]]) -> None:
    programs = [path for path, _ in files if PurePosixPath(path).parent.name in {"bin", "sbin"}]

    assert programs
    assert not [path for path in programs if PurePosixPath(path).name in BUILD_TOOLS]


def test_no_layer_holds_a_secret(files: list[tuple[str, bool]]) -> None:
    assert len(files) > 100
    assert not [path for path, secret in files if secret]


def test_only_its_own_service_is_in_it(service: str, files: list[tuple[str, bool]]) -> None:
    ours = {
        part
        for path, _ in files
        for part in PurePosixPath(path).parts
        if re.fullmatch(r"wearon_[a-z]+", part)
    }

    assert ours == {"wearon_common", f"wearon_{service}"}


def test_it_runs_as_a_fixed_user_and_receives_signals_itself(service: str) -> None:
    config = inspect_image(image_of(service))["Config"]

    assert config["User"] == "10001:10001"
    assert config["Entrypoint"] == [f"wearon-{service}"]
    assert not config["Cmd"]
    assert config["Healthcheck"]["Test"][0] == "CMD"


def test_no_setting_is_built_in(service: str) -> None:
    names = {line.split("=")[0] for line in inspect_image(image_of(service))["Config"]["Env"]}
    base = {line.split("=")[0] for line in inspect_image(BASE_IMAGE)["Config"]["Env"]}

    of_python = {"PYTHONPATH", "PYTHONUNBUFFERED"}
    of_the_image = of_python | {
        "MALLOC_ARENA_MAX",
        "MALLOC_MMAP_THRESHOLD_",
        "MALLOC_TRIM_THRESHOLD_",
        "MPLCONFIGDIR",
        "POSE_MODEL_PATH",
    }
    assert names - base <= {*of_the_image, "PORT"}


def test_without_settings_it_names_those_it_needs(service: str) -> None:
    said = docker(
        "run", "--rm", "--entrypoint", "sh", image_of(service), "-c", f"wearon-{service} 2>&1 || true"
    )

    assert "REDIS_URL: Field required" in said
