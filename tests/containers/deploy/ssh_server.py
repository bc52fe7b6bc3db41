"""A server that is reached over SSH, with a user who may use sudo, as a cloud's image is."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import uuid4

from containers.engine import docker
from processes import wait_for

_IMAGE = "wearon-ssh-server"
_DOCKERFILE = """
FROM debian:bookworm-slim
RUN apt-get update \\
 && apt-get install --yes --no-install-recommends openssh-server sudo \\
 && rm -rf /var/lib/apt/lists/* /etc/ssh/ssh_host_* \\
 && useradd --create-home --shell /bin/bash deployer \\
 && echo 'deployer ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/deployer \\
 && mkdir -p /run/sshd /home/deployer/.ssh
CMD ["sh", "-c", "ssh-keygen -A && exec /usr/sbin/sshd -D -e"]
"""


@dataclass(frozen=True)
class SshServer:
    """Its address, its own public keys as in known_hosts, and the private key that it lets in."""

    name: str
    target: str
    known_hosts: str
    private_key: str

    @classmethod
    @contextmanager
    def running(cls, folder: Path) -> Iterator[Self]:
        """Run one until the context ends."""
        docker("build", "--quiet", "--tag", _IMAGE, "-", text=_DOCKERFILE)
        name = f"{_IMAGE}-{uuid4().hex[:8]}"
        docker("run", "--detach", "--rm", "--name", name, "--publish", "127.0.0.1::22", _IMAGE)
        try:
            host, port = docker("port", name, "22").splitlines()[0].split(":")
            private, public = _key_pair(folder / "key")
            server = cls(name, f"ssh://deployer@{host}:{port}", cls._host_keys(name, host, port), private)
            server.run("cat >>/home/deployer/.ssh/authorized_keys", text=public)
            yield server
        finally:
            docker("rm", "--force", name)

    @staticmethod
    def _host_keys(name: str, host: str, port: str) -> str:
        key = "/etc/ssh/ssh_host_ed25519_key.pub"
        assert wait_for(
            lambda: docker("exec", name, "sh", "-c", f"cat {key} || true") != "", timeout_s=60, every_s=0.5
        )
        return f"[{host}]:{port} {docker('exec', name, 'cat', key)}"

    def run(self, script: str, text: str | None = None) -> str:
        """Run a script there as root and return what it printed."""
        return docker("exec", "--interactive", self.name, "sh", "-c", script, text=text)


def _key_pair(file: Path) -> tuple[str, str]:
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(file)]
    subprocess.run(command, check=True)  # noqa: S603 - our own words
    return file.read_text(), file.with_suffix(".pub").read_text()
