"""The id that leads through every log line, message and call about one request."""

import hashlib
import re

from wearon_common.redaction import redact

# Printable ASCII, no space at either end: it must be the same in a log line, a header and a shell's argument.
_TRACEABLE = re.compile(r"[!-~](?:[ -~]{0,126}[!-~])?")
_DIGITS = 32


def traceable(request_id: str) -> str:
    """Give the id as it is where it is fit to be shown, else `sha256:` and 32 hex digits of its SHA-256.

    Clients write what they like into it: text of any length and alphabet, an e-mail address, a token.
    """
    if _TRACEABLE.fullmatch(request_id) and redact(request_id) == request_id:
        return request_id
    digest = hashlib.sha256(request_id.encode(errors="surrogatepass")).hexdigest()
    return f"sha256:{digest[:_DIGITS]}"
