"""Failures in Supabase Storage's words: HTTP 400, with the real status as text in the body."""

from starlette.responses import JSONResponse


class StorageError(Exception):
    """A failure that is answered as Supabase Storage would.

    Args:
        status_code: the status that is meant, as text: storage3 gives it to its caller.
        error: the kind, such as `not_found` or `Duplicate`.
    """

    def __init__(self, status_code: str, error: str, message: str) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.error = error
        self.message = message

    def answer(self) -> JSONResponse:
        """Return the HTTP answer."""
        body = {"statusCode": self.status_code, "error": self.error, "message": self.message}
        return JSONResponse(body, 400)


OBJECT_NOT_FOUND = ("404", "not_found", "Object not found")
BUCKET_NOT_FOUND = ("404", "Bucket not found", "Bucket not found")
ALREADY_EXISTS = ("409", "Duplicate", "The resource already exists")
TOO_LARGE = ("413", "Payload too large", "The object exceeded the maximum allowed size")
NO_POLICY = ("403", "Unauthorized", "new row violates row-level security policy")
MISSING_KEY = ("403", "Unauthorized", "headers must have required property 'authorization'")
UNKNOWN_KEY = ("403", "Unauthorized", "Invalid Compact JWS")
WRONG_TOKEN = ("400", "InvalidSignature", "The url do not match the signature")
MISSING_TOKEN = ("400", "Error", "querystring must have required property 'token'")


def invalid_token(reason: str) -> StorageError:
    """Make the failure of a signed URL whose token is damaged or has expired."""
    return StorageError("400", "InvalidJWT", reason)


def invalid_key(path: str) -> StorageError:
    """Make the failure of an object path that storage would not take."""
    return StorageError("400", "InvalidKey", f"Invalid key: {path}")


def invalid_mime_type(mime_type: str) -> StorageError:
    """Make the failure of a content type that the bucket does not allow."""
    return StorageError("415", "invalid_mime_type", f"mime type {mime_type} is not supported")


def invalid_body(message: str) -> StorageError:
    """Make the failure of a request body that does not validate."""
    return StorageError("400", "Error", message)
