import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx
from containers.edge.edge import Edge

_CALLERS = 4
_ESTIMATE = {"sleep_s": 0.05}


class Traffic:
    """Callers who ask for estimates without a pause; keeps what came of it."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self._last_answers: dict[str, float] = {}
        self._ended = threading.Event()
        self._callers: list[threading.Thread] = []

    @classmethod
    @contextmanager
    def on(cls, edge: Edge) -> Iterator["Traffic"]:
        """Keep the callers asking while the block runs."""
        traffic = cls()
        with ExitStack() as stack:
            clients = [stack.enter_context(edge.client()) for _ in range(_CALLERS)]
            traffic._callers = [threading.Thread(target=traffic._ask, args=[client]) for client in clients]
            for caller in traffic._callers:
                caller.start()
            stack.callback(traffic.end)
            yield traffic

    def end(self) -> None:
        """Let the callers finish what they have asked and stop."""
        self._ended.set()
        for caller in self._callers:
            caller.join()

    def has_heard_from(self, replica: str, since: float) -> bool:
        """Tell whether the replica has answered after that moment of the monotonic clock."""
        return self._last_answers.get(replica, 0.0) > since

    def waited_for(self, replica: str) -> float:
        """Wait for an answer of the replica and return the seconds it took; half a minute means never."""
        started = time.monotonic()
        while not self.has_heard_from(replica, started) and time.monotonic() < started + 30:
            time.sleep(0.05)
        return time.monotonic() - started

    def _ask(self, client: httpx.Client) -> None:
        while not self._ended.is_set():
            try:
                answer = client.post("/estimate-body", json=_ESTIMATE)
            except httpx.HTTPError as failure:
                self.outcomes[type(failure).__name__] += 1
                continue
            self.outcomes[str(answer.status_code)] += 1
            if answer.is_success:
                self._last_answers[answer.json()["replica"]] = time.monotonic()
