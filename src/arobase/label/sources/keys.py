"""The key that signs badges (Ed25519): made once in the home, readable by its owner alone, or given by a setting."""

from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from openbadgeslib.ob3 import did_key_from_pem, did_web_from_url

from arobase.web.secrets import made_once, written


class UnusableKey(ValueError):
    """The file that should hold the key holds none; carries its path."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path}: expected an Ed25519 private key in PEM, without a password.")
        self.path = path


def private_key() -> bytes:
    """The key as PEM. Raises UnusableKey."""
    return _private_pem(_key())


def public_keys() -> dict[str, bytes]:
    """Every key that this site signs or signed with: PEM by its multibase name, the one in use first.

    A key that was replaced stays as a `.pub` file beside the one in use, until somebody takes it away.
    Raises   UnusableKey
    """
    former = sorted(_path().parent.glob("*.pub"), reverse=True)
    pems = [_public_pem(_key()), *(path.read_bytes() for path in former)]
    return {_name(pem): pem for pem in pems}


def issuer() -> str:
    """The DID of the site: `did:web` under https, else `did:key`, which nobody needs to look up."""
    if settings.SITE_URL.startswith("https://"):
        return did_web_from_url(settings.SITE_URL)
    return f"did:key:{_name(_public_pem(_key()))}"


def verification_method() -> str:
    """How a proof names the key in use."""
    return f"{issuer()}#{_name(_public_pem(_key()))}"


def did_document() -> dict[str, object]:
    """What the site's DID resolves to: every key as a Multikey."""
    did = issuer()
    methods = [
        {"id": f"{did}#{name}", "type": "Multikey", "controller": did, "publicKeyMultibase": name}
        for name in public_keys()
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [one["id"] for one in methods],
    }


def replace_key(*, on: date) -> tuple[str, str]:
    """Sign with a fresh key from now on; names of the former, which still checks what it signed, and of the new."""
    former, fresh = _public_pem(_key()), Ed25519PrivateKey.generate()
    _path().with_name(f"{on:%Y%m%d}-{_name(former)[-8:]}.pub").write_bytes(former)
    written(_path(), _private_pem(fresh)).replace(_path())
    return _name(former), _name(_public_pem(fresh))


def _path() -> Path:
    return Path(settings.BADGE_KEY)


def _key() -> Ed25519PrivateKey:
    path = _path()
    try:
        pem = made_once(path, lambda: _private_pem(Ed25519PrivateKey.generate()))
        key = load_pem_private_key(pem, password=None)
    except (OSError, ValueError, TypeError) as error:
        raise UnusableKey(path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableKey(path)
    return key


def _private_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _name(public_pem: bytes) -> str:
    return did_key_from_pem(public_pem).removeprefix("did:key:")
