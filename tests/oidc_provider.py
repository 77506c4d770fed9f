"""A real OpenID provider in a process of its own, with the claims of Pro Santé Connect.

`oidc-provider-mock` speaks the protocol; added here are what it lacks and what an attacker in its
place would do: the S256 challenge is enforced, the authorization endpoint is on another host than
the issuer, and `PUT /faults` makes it sign with a key it does not publish.
"""

import base64
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

RPPS = "99700218896"
"""The sample number of the ANS documents."""


@dataclass(frozen=True)
class OidcProvider:
    """The provider as a test drives it: its users, its faults, and a person at its page."""

    issuer: str

    def user(self, sub: str, **claims: Any) -> None:
        """Set the claims of a user; one named like a protocol claim replaces it."""
        httpx2.put(f"{self.issuer}/users/{sub}", json=claims).raise_for_status()

    def fault(self, name: str, on: bool = True) -> None:
        """Turn a fault on or off."""
        httpx2.put(f"{self.issuer}/faults", json={name: on}).raise_for_status()

    def approve(self, address: str, sub: str) -> str:
        """Sign in at the provider's page and return where it sends the browser."""
        answer = httpx2.post(address, data={"sub": sub}, follow_redirects=False)
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]


def professional(rpps: str = RPPS, **more: Any) -> dict[str, Any]:
    """Return the claims of a professional as Pro Santé Connect gives them."""
    return {
        "acr": "eidas1",
        "SubjectNameID": f"8{rpps}",
        "given_name": "Inès",
        "family_name": "MOREAU",
        "SubjectRefPro": {
            "codeCivilite": "MME",
            "exercices": [
                {
                    "codeProfession": "60",
                    "codeCategorieProfessionnelle": "C",
                    "activities": [{"codeModeExercice": "S", "raisonSocialeSite": "Autre centre"}],
                }
            ],
        },
        **more,
    }


@contextmanager
def run_provider(port: int) -> Iterator[OidcProvider]:
    """Run the provider on a loopback port until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.oidc_provider", str(port)],
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    provider = OidcProvider(f"http://127.0.0.1:{port}")
    try:
        _wait_for(provider, process)
        yield provider
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(provider: OidcProvider, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx2.get(provider.issuer + "/jwks").raise_for_status()
            return
        except httpx2.HTTPError:
            time.sleep(0.1)
    raise RuntimeError("the provider did not start")


def _serve(port: int) -> None:
    import flask
    import oidc_provider_mock
    from authlib import jose
    from werkzeug.serving import make_server

    # FranceConnect has a scope for each claim: a user here is told whole.
    oidc_provider_mock._app._STANDARD_CLAIMS.clear()
    app = oidc_provider_mock.app(require_nonce=True)
    challenges: dict[str, str] = {}
    faults: dict[str, bool] = {}
    forged = jose.RSAKey.generate_key(is_private=True)

    @app.put("/faults")
    def set_faults() -> tuple[str, int]:
        faults.update(flask.request.json or {})
        return "", 204

    @app.before_request
    def enforce() -> tuple[dict[str, str], int] | None:
        storage = flask.g.oidc_provider_mock_storage
        published = storage.__dict__.setdefault("published", storage.jwk)
        if flask.request.path == "/oauth2/token":
            storage.jwk = forged if faults.get("signature") else published
            wanted = challenges.pop(flask.request.form.get("code", ""), None)
            verifier = flask.request.form.get("code_verifier", "")
            digest = hashlib.sha256(verifier.encode()).digest()
            if wanted != base64.urlsafe_b64encode(digest).decode().rstrip("="):
                return {"error": "invalid_grant"}, 400
        else:
            storage.jwk = published
        return None

    @app.after_request
    def remember(answer: flask.Response) -> flask.Response:
        if flask.request.path == "/oauth2/authorize" and "location" in answer.headers:
            code = parse_qs(urlsplit(answer.headers["location"]).query).get("code", [""])[0]
            if flask.request.args.get("code_challenge_method") == "S256":
                challenges[code] = flask.request.args.get("code_challenge", "")
        if flask.request.path == "/.well-known/openid-configuration":
            document = answer.get_json()
            document["authorization_endpoint"] = f"http://localhost:{port}/oauth2/authorize"
            answer.set_data(flask.json.dumps(document))
        return answer

    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
