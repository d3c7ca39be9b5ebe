"""An authority of this test run, and the certificates it signs: nothing of it outlives the run."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID


class Authority:
    """Signs certificates into a directory; `cafile` is what those who trust it need."""

    def __init__(self, home: Path, name: str = "test authority") -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._home = home
        self._name = _named(name)
        self._key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._signed(self._name, self._key.public_key(), x509.BasicConstraints(ca=True, path_length=0))
        self.cafile = home / "ca.pem"
        self.cafile.write_bytes(certificate.public_bytes(Encoding.PEM))

    def server(self, host: str) -> Path:
        """Key and certificate of a server in one file, as Kafka's PEM key store has it."""
        key = ec.generate_private_key(ec.SECP256R1())
        address = x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])
        certificate = self._signed(_named(host), key.public_key(), address)
        path = self._home / "server.pem"
        path.write_bytes(_pem(key, NoEncryption()) + certificate.public_bytes(Encoding.PEM))
        return path

    def client(self, name: str, password: str) -> tuple[Path, Path]:
        """Certificate and encrypted key of a client whose name is its common name."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = self._signed(_named(name), key.public_key(), x509.BasicConstraints(ca=False, path_length=None))
        certfile, keyfile = self._home / f"{name}.crt", self._home / f"{name}.key"
        certfile.write_bytes(certificate.public_bytes(Encoding.PEM))
        keyfile.write_bytes(_pem(key, BestAvailableEncryption(password.encode())))
        return certfile, keyfile

    def _signed(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, extension: x509.ExtensionType
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
            .sign(self._key, SHA256())
        )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _pem(key: ec.EllipticCurvePrivateKey, encryption: KeySerializationEncryption) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
