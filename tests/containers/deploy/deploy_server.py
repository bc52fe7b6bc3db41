"""A server as infra/deploy keeps it: its folder, its settings, and the scripts run on it."""

import os
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

from containers.engine import docker

from wearon_devkit.checkout import CHECKOUT

_RELEASED = ("docker-compose.prod.yml", ".env.production.example", "infra")


@dataclass(frozen=True)
class Ran:
    """How a script ended and what it said."""

    status: int
    output: str


@dataclass
class Server:
    """One server; `settings` are written to `.env` before each script runs."""

    home: Path
    project: str
    settings: dict[str, str]
    override: str = ""

    def archive(self, version: str, changes: dict[str, str] | None = None) -> Path:
        """Pack a release of the checkout; `changes` has other contents for some of its files."""
        archive = self.home.parent / f"wearon-{version}.tar.gz"
        with tarfile.open(archive, "w:gz") as packed:
            for name in _RELEASED:
                packed.add(CHECKOUT / name, name)
            for name, content in (changes or {}).items():
                file = self.home.parent / "changed"
                file.write_text(content)
                packed.add(file, name)
        return archive

    def deploy(self, version: str, *options: str, changes: dict[str, str] | None = None) -> Ran:
        """Bring a release of the checkout here, with other contents for some of its files, and deploy it."""
        return self.run("deploy", version, "--archive", str(self.archive(version, changes)), *options)

    def run(self, script: str, *arguments: str) -> Ran:
        """Run one of the scripts to its end."""
        process = self.start(script, *arguments)
        output, _ = process.communicate(timeout=400)
        return Ran(process.returncode, output)

    def start(self, script: str, *arguments: str) -> "subprocess.Popen[str]":
        """Start one of the scripts."""
        self._write()
        return subprocess.Popen(  # noqa: S603 - our own script
            [CHECKOUT / "infra/deploy" / script, *arguments],
            env={"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], "LEAST_FREE_MB": "500"}
            | {"WEARON_HOME": str(self.home), "WEARON_PROJECT": self.project},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def containers(self, service: str) -> list[str]:
        """List the ids of a service's running containers."""
        label = "label=com.docker.compose."
        return docker(
            "ps",
            "--quiet",
            "--filter",
            f"{label}project={self.project}",
            "--filter",
            f"{label}service={service}",
        ).split()

    def releases_of(self, service: str) -> list[str]:
        """List the releases that the running containers of a service are of."""
        return [
            docker("inspect", "--format", '{{index .Config.Labels "wearon.release"}}', container)
            for container in self.containers(service)
        ]

    def inside(self, service: str, *command: str) -> str:
        """Run a command in the only container of a service."""
        [container] = self.containers(service)
        return docker("exec", container, *command)

    def address_of(self, service: str) -> str:
        """Give an address at which this machine reaches the only container of a service."""
        [container] = self.containers(service)
        networks = "{{range .NetworkSettings.Networks}}{{println .IPAddress}}{{end}}"
        return docker("inspect", "--format", networks, container).split()[0]

    def put_certificate(self, letsencrypt: Path) -> None:
        """Put the certificates of a folder where certbot would."""
        name, label = f"{self.project}_certificates", "com.docker.compose"
        labels = (f"{label}.project={self.project}", f"{label}.volume=certificates")
        docker("volume", "create", *(word for each in labels for word in ("--label", each)), name)
        mounts = ("--volume", f"{letsencrypt}:/from:ro", "--volume", f"{name}:/to")
        docker("run", "--rm", *mounts, "--entrypoint", "cp", "nginx:stable-alpine", "-r", "/from/.", "/to")

    def remove(self) -> None:
        """Remove everything that runs for it."""
        label = f"label=com.docker.compose.project={self.project}"
        for kind, listing, removal in (
            ("container", ("ls", "--all", "--quiet"), ("rm", "--force", "--volumes")),
            ("volume", ("ls", "--quiet"), ("rm",)),
            ("network", ("ls", "--quiet"), ("rm",)),
        ):
            found = docker(kind, *listing, "--filter", label).split()
            if found:
                docker(kind, *removal, *found)

    def _write(self) -> None:
        self.home.mkdir(exist_ok=True)
        file = self.home / ".env"
        file.write_text("".join(f"{name}={value}\n" for name, value in self.settings.items()))
        file.chmod(0o600)
        (self.home / "override.yml").write_text(self.override)
