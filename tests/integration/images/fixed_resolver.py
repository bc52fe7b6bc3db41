import asyncio
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address


class FixedResolver:
    """Gives the scripted answers in turn, the last one for ever; keeps the questions.

    Args:
        answers: the addresses of each answer.
        delay_s: how long every answer takes.
    """

    def __init__(self, *answers: Sequence[str], delay_s: float = 0) -> None:
        self.questions: list[tuple[str, int]] = []
        self._answers = answers
        self._delay_s = delay_s

    async def resolve(self, host: str, port: int) -> Sequence[IPv4Address | IPv6Address]:
        """Return the next answer, whatever the name."""
        turn = min(len(self.questions), len(self._answers) - 1)
        self.questions.append((host, port))
        await asyncio.sleep(self._delay_s)
        return [ip_address(address) for address in self._answers[turn]]

    async def aclose(self) -> None:
        """Hold nothing."""
