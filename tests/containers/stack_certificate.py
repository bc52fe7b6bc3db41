"""A certificate for the production stack, put where certbot would put it."""

import socket
import ssl
from pathlib import Path

from containers.edge_certificates import SelfSigned
from containers.production_stack import ProductionStack
from processes import wait_for

_LIVE = "/etc/letsencrypt/live/wearon"
_TAKEN_OVER_WITHIN_S = 60


def install_certificate(stack: ProductionStack, name: str, folder: Path) -> ssl.SSLContext:
    """Install one for `name`, wait until Nginx serves it, and give a context that trusts it."""
    SelfSigned(name).write(folder)
    live = folder / "live" / "wearon"
    stack.inside("certbot", "mkdir", "-p", _LIVE)
    for file in ("privkey.pem", "fullchain.pem"):
        stack.inside("certbot", "sh", "-c", f"cat >{_LIVE}/{file}", text=(live / file).read_text())

    trusted = ssl.create_default_context(cafile=live / "fullchain.pem")
    host, port = stack.address("nginx", 443).rsplit(":", 1)
    assert wait_for(lambda: _is_served(host, int(port), name, trusted), _TAKEN_OVER_WITHIN_S), name
    return trusted


def _is_served(host: str, port: int, name: str, trusted: ssl.SSLContext) -> bool:
    try:
        with (
            socket.create_connection((host, port), timeout=5) as plain,
            trusted.wrap_socket(plain, server_hostname=name),
        ):
            return True
    except OSError:
        return False
