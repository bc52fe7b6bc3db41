"""The tokens of signed URLs: JWTs that name one object and an end."""

import time
from hashlib import sha256

import jwt

from wearon_devkit.supabase_local.storage.errors import WRONG_TOKEN, StorageError, invalid_token

_ALGORITHM = "HS256"


class Tokens:
    """Signs and checks. Tokens outlive a restart, because the signing key follows from the service key."""

    def __init__(self, service_key: str) -> None:
        self._signing_key = sha256(b"signed storage urls\0" + service_key.encode()).digest()

    def sign(self, bucket: str, path: str, expires_in_s: int) -> str:
        """Return a token that opens `bucket/path` for `expires_in_s` seconds."""
        now_s = int(time.time())
        claims = {"url": f"{bucket}/{path}", "iat": now_s, "exp": now_s + expires_in_s}
        return jwt.encode(claims, self._signing_key, _ALGORITHM)

    def check(self, token: str, bucket: str, path: str) -> None:
        """Raise StorageError unless the token is ours, names this object and has not expired."""
        try:
            claims = jwt.decode(token, self._signing_key, [_ALGORITHM])
        except jwt.ExpiredSignatureError:
            raise invalid_token('"exp" claim timestamp check failed') from None
        except jwt.InvalidTokenError:
            raise invalid_token("signature verification failed") from None
        if claims.get("url") != f"{bucket}/{path}":
            raise StorageError(*WRONG_TOKEN)
