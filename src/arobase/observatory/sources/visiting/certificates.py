"""Certificates as servers show them: what stands in one, and why a client refuses it."""

import ssl
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import httpcore
from cryptography import x509
from cryptography.x509.oid import NameOID

from arobase.observatory.rules.visits import Certificate, Link
from arobase.observatory.sources.strangers import legible

MOST_NAMES = 200
MOST_LINKS = 10
LONGEST = 300
PROBLEMS: Mapping[int, str] = {  # OpenSSL, x509_vfy.h
    9: "not yet valid",
    10: "expired",
    18: "self-signed",
    19: "unknown authority",
    20: "unknown authority",
    21: "unknown authority",  # or one in between that the server does not send
    23: "revoked",
    62: "wrong name",
    64: "wrong name",
}


def strict(authority: Path | None = None) -> ssl.SSLContext:
    """What a browser would accept: Mozilla's authorities and this machine's, and one more in tests."""
    context = httpcore.default_ssl_context()
    if authority:
        context.load_verify_locations(authority)
    return context


def lenient() -> ssl.SSLContext:
    """Shakes hands with anyone, however old, to read what is shown; never used to ask for a page."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def problem(error: httpcore.ConnectError) -> str:
    """Why a certificate was refused; empty where the failure was of another kind."""
    refused = next((one for one in error.args if isinstance(one, ssl.SSLCertVerificationError)), None)
    if refused is None:
        return ""
    return PROBLEMS.get(refused.verify_code, refused.verify_message or "refused")


def certificate(shown: bytes | None, *, problem: str = "") -> Certificate | None:
    """What stands in a certificate (DER); None where there is none or it cannot be read."""
    if not shown:
        return None
    try:
        read = x509.load_der_x509_certificate(shown)
        return Certificate(
            subject=_of(read.subject, NameOID.COMMON_NAME),
            names=_names(read),
            issuer=_of(read.issuer, NameOID.ORGANIZATION_NAME),
            issuer_name=_of(read.issuer, NameOID.COMMON_NAME),
            valid_from=read.not_valid_before_utc.date(),
            valid_until=read.not_valid_after_utc.date(),
            problem=problem,
        )
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return None


def chain(shaken: Any) -> tuple[Link, ...]:
    """What stands above the certificate of a connection, the nearest first.

    shaken  an `ssl.SSLSocket` or `ssl.SSLObject`, whose methods for it are public from Python 3.13; before, the object
            inside has them
    """
    inner = shaken if hasattr(shaken, "get_verified_chain") else getattr(shaken, "_sslobj", None)
    if inner is None:
        return ()
    is_verified = shaken.context.verify_mode is ssl.CERT_REQUIRED
    told = (inner.get_verified_chain() if is_verified else None) or inner.get_unverified_chain() or []
    ders = (one if isinstance(one, bytes) else ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in told)
    return tuple(link for der in islice(ders, 1, MOST_LINKS + 1) if (link := _link(der)))


def _link(der: bytes) -> Link | None:
    try:
        read = x509.load_der_x509_certificate(der)
        return Link(
            subject=_of(read.subject, NameOID.COMMON_NAME),
            issuer=_of(read.issuer, NameOID.ORGANIZATION_NAME),
            issuer_name=_of(read.issuer, NameOID.COMMON_NAME),
            valid_until=read.not_valid_after_utc.date(),
        )
    except ValueError:
        return None


def _of(name: x509.Name, what: x509.ObjectIdentifier) -> str:
    return next((legible(str(one.value)[:LONGEST]) for one in name.get_attributes_for_oid(what)), "")


def _names(read: x509.Certificate) -> tuple[str, ...]:
    try:
        found = read.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(map(legible, found.get_values_for_type(x509.DNSName)[:MOST_NAMES]))
