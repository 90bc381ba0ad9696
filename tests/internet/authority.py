"""The authority of the test Internet, and every kind of certificate that a server may show."""

import base64
import hashlib
import ssl
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LONG = timedelta(days=365)
SHORT = timedelta(days=30)


def _name(common: str, organisation: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@dataclass
class Authority:
    """Signs certificates; its own stands in `path` once written."""

    folder: Path
    organisation: str = "Autorité de l’Internet d’essai"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    leaf_key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        self.now = datetime.fromtimestamp(time.time(), UTC)
        self.name = _name("Racine d’essai", self.organisation)
        self.own = self._signed(self.name, self.key, (), is_authority=True)
        self.path = self.folder / f"authority-{self.own.serial_number}.pem"
        self.path.write_bytes(self.own.public_bytes(serialization.Encoding.PEM))

    @property
    def pin(self) -> str:
        """SHA-256 of the key of every certificate that it signs for a server, in base64 (RFC 7469, section 2.4)."""
        public = self.leaf_key.public_key()
        der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(hashlib.sha256(der).digest()).decode()

    def _signed(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        names: Sequence[str],
        *,
        since: timedelta = -SHORT,
        until: timedelta = LONG,
        is_authority: bool = False,
        is_self_signed: bool = False,
    ) -> x509.Certificate:
        built = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if is_self_signed else self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now + since)
            .not_valid_after(self.now + until)
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if names:
            built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(one) for one in names]), False)
        return built.sign(key if is_self_signed else self.key, hashes.SHA256())

    def _resold(self, names: Sequence[str]) -> list[x509.Certificate]:
        """A certificate by somebody who has its authority from this one, and that authority."""
        between = Authority(self.folder, organisation="Revendeur d’essai")
        between.name = _name("Intermédiaire d’essai", between.organisation)
        link = self._signed(between.name, between.key, (), is_authority=True)
        return [between._signed(_name(names[0], "Commune"), self.leaf_key, names), link]

    def context(self, kind: str, names: Sequence[str]) -> ssl.SSLContext:
        """What a server of these names speaks with, when its certificate is of this kind (world.yaml)."""
        more: dict = {
            "expired": {"since": -2 * SHORT, "until": -SHORT},
            "early": {"since": SHORT},
            "self-signed": {"is_self_signed": True},
        }.get(kind, {})
        shown = ["ailleurs.test"] if kind == "wrong name" else names
        leaf = self._signed(_name(shown[0], "Commune"), self.leaf_key, shown, **more)
        sent = self._resold(names) if kind == "resold" else [leaf]
        both = self.folder / f"{names[0].replace('*', 'any')}.pem"
        shown_too = b"".join(one.public_bytes(serialization.Encoding.PEM) for one in sent)
        both.write_bytes(_pem(self.leaf_key) + shown_too)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(both)
        if kind == "old":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
            context.set_ciphers("ALL:@SECLEVEL=0")
        return context
