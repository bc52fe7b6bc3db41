"""Downloads that count only once their checksum is right."""

import hashlib
import ssl
import sys
import urllib.error
import urllib.request
from base64 import b64encode
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

STALL_TIMEOUT_S = 30
ATTEMPTS = 3
CHUNK_BYTES = 256 * 1024
MEGABYTE = 1_000_000


class DownloadError(Exception):
    """What was wanted could not be had; the message says why and what may help."""


def fetch(url: str, sha256: str, target: Path) -> None:
    """Write what `url` holds to `target`, showing progress on stderr.

    Raises `DownloadError` when the address cannot be read or its content has another SHA-256 (hex).
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with open_url(url) as response:
                digest = _save(response, target)
            break
        except (OSError, HTTPException) as error:
            if attempt == ATTEMPTS:
                raise DownloadError(f"the download of {url} broke off: {error}") from error
    if digest != sha256:
        target.unlink()
        raise DownloadError(f"{url} has the SHA-256 {digest}, expected {sha256}: it was not kept")


def open_url(url: str, accept: str = "*/*") -> HTTPResponse:
    """Open an http address, which may carry a user and a password.

    Raises `DownloadError` when nobody answers there, or with a refusal.
    """
    address, credentials = _split_credentials(url)
    headers = {"User-Agent": "wearon-set-up", "Accept": accept, **credentials}
    try:
        request = urllib.request.Request(address, headers=headers)  # noqa: S310 - its scheme was checked
        response: HTTPResponse = urllib.request.urlopen(request, timeout=STALL_TIMEOUT_S)  # noqa: S310 - as above
    except urllib.error.HTTPError as error:
        raise DownloadError(f"{address} answered {error.code} {error.reason}") from error
    except OSError as error:
        raise DownloadError(f"{address} cannot be reached: {_reason(error)}") from error
    return response


def _split_credentials(url: str) -> tuple[str, dict[str, str]]:
    """Private package indexes put a user and a password into the address, which urllib does not read."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        raise DownloadError(f"{parts.scheme}:// is no http address")
    credentials, _, host = parts.netloc.rpartition("@")
    address = urlunsplit(parts._replace(netloc=host))
    encoded = b64encode(unquote(credentials).encode()).decode()
    return address, {"Authorization": f"Basic {encoded}"} if credentials else {}


def _reason(error: OSError) -> str:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"{cause.verify_message} (certificates come with: apt-get install ca-certificates)"
    return f"{cause} (the first set-up needs the network; HTTPS_PROXY and UV_DEFAULT_INDEX are honoured)"


def _save(response: HTTPResponse, target: Path) -> str:
    """Write the body and return its SHA-256."""
    digest = hashlib.sha256()
    total_bytes = int(response.headers.get("Content-Length") or 0)
    with target.open("wb") as file:
        while chunk := response.read(CHUNK_BYTES):
            digest.update(chunk)
            file.write(chunk)
            _show_progress(file.tell(), total_bytes)
        if file.tell() < total_bytes:
            raise OSError(f"{file.tell()} of {total_bytes} bytes came")
    return digest.hexdigest()


def _show_progress(done_bytes: int, total_bytes: int) -> None:
    """Rewrite one line on a terminal; a log gets none."""
    if sys.stderr.isatty():
        end = "\n" if done_bytes == total_bytes else ""
        sys.stderr.write(f"\r  {done_bytes / MEGABYTE:.1f} of {total_bytes / MEGABYTE:.1f} MB{end}")
        sys.stderr.flush()
