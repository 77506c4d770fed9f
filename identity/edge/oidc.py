"""Speaks OpenID Connect with a provider: discovery, authorization code with PKCE, verified token.

No transaction is open while a provider is spoken to. Whatever a provider may answer that is not a
verified identity is a value, never an exception.
"""

import json
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final
from urllib.parse import urlencode

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwe, jwk, jws
from joserfc.errors import JoseError

from core import clock
from identity.federation.provider import Answer, Attempt, Metadata, Provider, parse_metadata
from identity.federation.token import BadToken, Expected, check_token

TIMEOUT_S: Final = 5.0
KEPT_S: Final = 3600.0
"""How long discovery and keys are kept; an unknown key is asked for at once, but not more often
than every minute."""
RETRY_S: Final = 60.0
SIGNATURES: Final = ["RS256", "PS256", "ES256"]
"""Asymmetric signatures only: « none » and shared secrets are refused."""
ENCRYPTIONS: Final = ["RSA-OAEP", "RSA-OAEP-256", "ECDH-ES", "A128GCM", "A256GCM", "A128CBC-HS256"]
MOST_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The provider did not answer as it should; the person may try again later."""

    reason: str


class Directory:
    """What is known of the providers' addresses and keys, asked once an hour."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}

    def metadata(self, provider: Provider) -> Metadata | Unreachable:
        """Return a provider's discovery document."""
        url = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
        document = self._document(url)
        if document is None:
            return Unreachable("discovery")
        return parse_metadata(document, provider.issuer) or Unreachable("discovery of another")

    def keys(self, url: str, *, older_than_s: float = KEPT_S) -> jwk.KeySet | None:
        """Return a provider's keys, no older than asked."""
        document = self._document(url, older_than_s=older_than_s)
        try:
            # A key set may hold keys of kinds we do not know: they sign nothing for us.
            return jwk.KeySet.import_key_set({"keys": (document or {}).get("keys", [])})
        except (JoseError, ValueError, TypeError, KeyError):
            return None

    def forget(self) -> None:
        """Ask for everything again."""
        with self._lock:
            self._kept.clear()

    def _document(self, url: str, *, older_than_s: float = KEPT_S) -> dict[str, Any] | None:
        at = clock.monotonic()
        with self._lock:
            kept = self._kept.get(url)
        if kept and at - kept[0] < older_than_s:
            return kept[1]
        try:
            with httpx2.Client(timeout=TIMEOUT_S, follow_redirects=False) as client:
                answer = client.get(url)
                found = answer.json() if answer.status_code == 200 else None
        except (httpx2.HTTPError, ValueError):
            found = None
        if not isinstance(found, dict):
            return kept[1] if kept else None
        with self._lock:
            self._kept[url] = (at, found)
        return found


directory: Final = Directory()


def authorization_address(
    provider: Provider, attempt: Attempt, state: str, redirect_uri: str
) -> str | Unreachable:
    """Return where to send the browser, with state, nonce and the S256 challenge (RFC 7636)."""
    metadata = directory.metadata(provider)
    if isinstance(metadata, Unreachable):
        return metadata
    with _client(provider, metadata, redirect_uri) as client:
        address, _ = client.create_authorization_url(
            metadata.authorization_endpoint,
            state=state,
            nonce=attempt.nonce,
            code_verifier=attempt.verifier,
            acr_values=provider.acr_asked,
        )
    return str(address)


def redeem(
    provider: Provider, attempt: Attempt, code: str, redirect_uri: str
) -> Answer | BadToken | Unreachable:
    """Change a code for an identity, every check of the token passed."""
    metadata = directory.metadata(provider)
    if isinstance(metadata, Unreachable):
        return metadata
    try:
        with _client(provider, metadata, redirect_uri) as client:
            token = client.fetch_token(
                metadata.token_endpoint, code=code, code_verifier=attempt.verifier
            )
            raw = str(token.get("id_token") or "")
            claims = _signed(provider, metadata, raw)
            if claims is None:
                return BadToken("signature")
            expected = Expected(provider=provider, nonce=attempt.nonce, now=clock.now())
            wrong = check_token(claims, expected)
            if wrong is not None:
                return wrong
            more = _userinfo(provider, metadata, client.get(metadata.userinfo_endpoint))
    except (httpx2.HTTPError, AuthlibBaseError, ValueError) as error:
        return Unreachable(type(error).__name__)
    if more is None or more.get("sub") != claims["sub"]:
        # OpenID Connect Core 1.0 §5.3.2: userinfo of somebody else must not be used.
        return BadToken("userinfo")
    return Answer(claims={**more, **claims}, id_token=raw)


def logout_address(provider: Provider, id_token: str, back: str) -> str | None:
    """Return where the provider's own session is ended (OpenID RP-Initiated Logout 1.0)."""
    metadata = directory.metadata(provider)
    if isinstance(metadata, Unreachable) or not metadata.end_session_endpoint:
        return None
    asked = {
        "id_token_hint": id_token,
        "client_id": provider.client_id,
        "post_logout_redirect_uri": back,
        "state": "out",
    }
    joint = "&" if "?" in metadata.end_session_endpoint else "?"
    return metadata.end_session_endpoint + joint + urlencode(asked)


def _client(provider: Provider, metadata: Metadata, redirect_uri: str) -> Any:
    method = "client_secret_post" if metadata.takes_secret_in_body else "client_secret_basic"
    return OAuth2Client(
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        scope=provider.scope,
        redirect_uri=redirect_uri,
        token_endpoint_auth_method=method,
        code_challenge_method="S256",
        timeout=TIMEOUT_S,
    )


def _userinfo(
    provider: Provider, metadata: Metadata, answer: httpx2.Response
) -> dict[str, Any] | None:
    """Return the claims of userinfo: plain JSON, or a signed token as FranceConnect+ gives."""
    if answer.status_code != 200 or len(answer.content) > MOST_BYTES:
        return None
    if answer.headers.get("content-type", "").startswith("application/jwt"):
        return _signed(provider, metadata, answer.text.strip())
    found = answer.json()
    return found if isinstance(found, dict) else None


def _signed(provider: Provider, metadata: Metadata, raw: str) -> dict[str, Any] | None:
    """Return the claims of a token signed by the provider, or None; decrypted first if need be.

    A key we do not know yet is asked for again: providers change theirs.
    """
    try:
        if raw.count(".") == 4 and provider.key_pem:
            ours = _own_key(provider.key_pem)
            opened = jwe.decrypt_compact(raw, ours, algorithms=ENCRYPTIONS).plaintext
            raw = (opened or b"").decode()
        if len(raw) > MOST_BYTES:
            return None
    except (JoseError, ValueError):
        return None
    for age_s in (KEPT_S, RETRY_S):
        keys = directory.keys(metadata.jwks_uri, older_than_s=age_s)
        if keys is None:
            continue
        try:
            found = json.loads(jws.deserialize_compact(raw, keys, algorithms=SIGNATURES).payload)
        except (JoseError, ValueError):
            continue
        return found if isinstance(found, dict) else None
    return None


def _own_key(pem: str) -> jwk.RSAKey | jwk.ECKey:
    try:
        return jwk.import_key(pem, "RSA")
    except (JoseError, ValueError):
        return jwk.import_key(pem, "EC")
