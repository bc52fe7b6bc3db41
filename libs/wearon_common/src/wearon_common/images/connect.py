from collections.abc import Iterable, Sequence

import httpcore

from wearon_common.images.address import IPAddress

# Enough to get past a dead address or two; a name may list hundreds.
_MAX_ATTEMPTS = 4


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the given addresses and to nothing else, whatever host it is asked for.

    The host name stays what TLS asks for and checks the certificate against; it is never resolved here.
    """

    def __init__(self, addresses: Sequence[IPAddress]) -> None:
        self._addresses = [str(address) for address in addresses[:_MAX_ATTEMPTS]]
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address that answers, each within `timeout` seconds.

        Raises:
            httpcore.ConnectError, httpcore.ConnectTimeout: none of them did; the last failure.
        """
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._addresses:
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure
