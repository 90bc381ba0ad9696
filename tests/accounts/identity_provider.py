"""A small OpenID Connect provider on loopback, that checks what it is sent and answers signed, as ProConnect does."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "arobase", "un secret partagé"
PERSON = {"sub": "42", "email": "camille@lehavre.exemple.fr", "email_verified": True, "given_name": "Camille"}


class IdentityProvider(ThreadingHTTPServer):
    """Signs everyone in as PERSON.

    is_signed    whether it signs what it tells about the person
    signing_key  what it signs with; another one than it publishes is a forgery
    """

    def __init__(self, *, is_signed: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.is_signed = is_signed
        self.published_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.signing_key = self.published_key
        self.challenges: dict[str, str] = {}

    def signed(self, claims: Mapping[str, Any]) -> str:
        now = int(time.time())
        full = {**claims, "iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 60}
        return jwt.encode(full, self.signing_key, algorithm="RS256", headers={"kid": "one"})


class _Answers(BaseHTTPRequestHandler):
    server: IdentityProvider

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        url = self.server.url
        if path == "/.well-known/openid-configuration":
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "userinfo_endpoint": "userinfo"}
            self.answer({"issuer": url, "jwks_uri": f"{url}/keys", **{end: f"{url}/{at}" for end, at in ends.items()}})
        elif path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.server.published_key.public_key()))
            self.answer({"keys": [{**key, "kid": "one", "alg": "RS256", "use": "sig"}]})
        elif path == "/authorize":
            self.server.challenges["the code"] = query["code_challenge"][0]
            back = query["redirect_uri"][0] + "?" + urlencode({"code": "the code", "state": query["state"][0]})
            self.send_response(302)
            self.send_header("Location", back)
            self.end_headers()
        elif path == "/userinfo" and self.headers["Authorization"] == "Bearer a token":
            self.answer(self.server.signed(PERSON) if self.server.is_signed else PERSON)
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        verifier = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        known = form["client_id"] == [CLIENT] and form["client_secret"] == [SECRET]
        if not known or challenge != self.server.challenges.get(form["code"][0]):
            self.send_error(401)
            return
        token = self.server.signed({"sub": PERSON["sub"]})
        self.answer({"access_token": "a token", "token_type": "Bearer", "id_token": token})

    def answer(self, document: object) -> None:
        body = (document if isinstance(document, str) else json.dumps(document)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/jwt" if isinstance(document, str) else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def an_identity_provider(*, is_signed: bool = True) -> Iterator[IdentityProvider]:
    """Answers until the block ends."""
    with IdentityProvider(is_signed=is_signed) as provider:
        thread = threading.Thread(target=provider.serve_forever, daemon=True)
        thread.start()
        yield provider
        provider.shutdown()
        thread.join()
