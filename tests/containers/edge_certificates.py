from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


class SelfSigned:
    """A certificate for one name, and its key, laid out as certbot lays them out."""

    def __init__(self, name: str) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        self._certificate = (
            x509.CertificateBuilder(subject, subject, self._key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(self._key, SHA256())
        )

    @property
    def der(self) -> bytes:
        return self._certificate.public_bytes(Encoding.DER)

    def write(self, letsencrypt: Path) -> None:
        """Put both files where the edge looks for them."""
        self.write_certificate(letsencrypt)
        pem = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        _live(letsencrypt).joinpath("privkey.pem").write_bytes(pem)

    def write_certificate(self, letsencrypt: Path) -> None:
        """Put the certificate alone there, as in the middle of a renewal."""
        pem = self._certificate.public_bytes(Encoding.PEM)
        _live(letsencrypt).joinpath("fullchain.pem").write_bytes(pem)


def _live(letsencrypt: Path) -> Path:
    folder = letsencrypt / "live" / "wearon"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
