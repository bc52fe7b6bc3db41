"""Who is calling: the two API keys and the database roles behind them."""

import hmac
from enum import StrEnum

from starlette.requests import Request


class Role(StrEnum):
    """A database role that requests run as."""

    SERVICE = "service_role"
    ANON = "anon"


class MissingKeyError(Exception):
    """The `apikey` or the `Authorization: Bearer` header is absent."""


class UnknownKeyError(Exception):
    """A key is neither the service key nor the anon key. A signed-in user's JWT is one of these."""


class Keys:
    """Tells the role of a request. Both headers must hold a known key; the bearer decides, as at Supabase.

    Args:
        service_key, anon_key: compared as plain text, so that every form of key works.
    """

    def __init__(self, service_key: str, anon_key: str) -> None:
        self._roles = {service_key: Role.SERVICE, anon_key: Role.ANON}

    def role_of(self, request: Request) -> Role:
        """Return the role, or raise MissingKeyError or UnknownKeyError."""
        self._role(request.headers.get("apikey", ""))
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        return self._role(bearer if scheme.lower() == "bearer" else "")

    def _role(self, given: str) -> Role:
        if not given:
            raise MissingKeyError
        for key, role in self._roles.items():
            if hmac.compare_digest(key.encode(), given.encode()):
                return role
        raise UnknownKeyError
