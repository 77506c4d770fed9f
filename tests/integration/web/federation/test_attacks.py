"""Answers that are forged, kept, shared or late are refused.

Each check is also seen to matter: with it substituted away by the test, the attack passes.
"""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from identity.edge import oidc
from identity.federation import token
from tests.as_owner import run
from tests.integration.web.federation.signing import PSC, go, signed_in
from tests.integration.web.scene import NewClient
from tests.oidc_provider import OidcProvider, professional


@pytest.mark.promise("S13")
def test_an_answer_serves_once(nurse: UUID, provider: OidcProvider, new_client: NewClient) -> None:
    client = new_client()
    back = go(client, provider, "ines")
    client.get(back, follow_redirects=False)
    client.post("/sign-out")
    assert client.get(back).status_code == 403
    assert not signed_in(client)


@pytest.mark.promise("S13")
def test_another_browser_cannot_finish(
    nurse: UUID, provider: OidcProvider, new_client: NewClient
) -> None:
    client, thief = new_client(), new_client()
    back = go(client, provider, "ines")
    thief.get(PSC, follow_redirects=False)
    assert thief.get(back).status_code == 403
    assert not signed_in(thief)
    run(
        "update identity.federation_attempt set browser_hash = "
        "(select browser_hash from identity.federation_attempt "
        "order by begun_at desc limit 1)"
    )
    assert thief.get(back, follow_redirects=False).status_code == 303, "the check did nothing"


@pytest.mark.promise("S13")
def test_another_state_is_refused(
    nurse: UUID, provider: OidcProvider, new_client: NewClient
) -> None:
    client = new_client()
    query = parse_qs(urlsplit(go(client, provider, "ines")).query)
    wrong = client.get(PSC + "/answer", params={"code": query["code"][0], "state": "forged"})
    assert wrong.status_code == 403
    assert "expiré" in wrong.text
    assert not signed_in(client)


def test_it_expires(
    nurse: UUID, provider: OidcProvider, new_client: NewClient, clock_file: Path
) -> None:
    client = new_client()
    back = go(client, provider, "ines")
    clock_file.write_text("601")
    late = client.get(back)
    assert late.status_code == 403
    assert "expiré" in late.text
    assert not signed_in(client)


ATTACKS: dict[str, dict[str, Any]] = {
    "nonce": {"nonce": "of-another-sign-in"},
    "issuer": {"iss": "https://evil.example"},
    "audience": {"aud": "another-site"},
    "expiry": {"exp": 1_000_000_000},
    "issued_at": {"iat": 1_000_000_000},
    "level": {"acr": "eidas0"},
}


@pytest.mark.promise("S13")
def test_a_token_that_is_not_for_this_sign_in_is_refused(
    nurse: UUID, provider: OidcProvider, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for check, claims in ATTACKS.items():
        provider.user("ines", **professional(**claims))
        client = new_client()
        refused = client.get(go(client, provider, "ines"))
        assert refused.status_code == 403, check
        assert "n’a pas pu être vérifiée" in refused.text, check
        assert not signed_in(client), check
        with monkeypatch.context() as without:
            without.setitem(token.CHECKS, check, lambda claims, expected: True)
            client.get(go(client, provider, "ines"))
        assert signed_in(client), f"{check}: the attack is stopped by something else"


@pytest.mark.promise("S13")
def test_a_token_without_a_level_is_refused(
    nurse: UUID, provider: OidcProvider, new_client: NewClient
) -> None:
    claims = professional()
    del claims["acr"]
    provider.user("ines", **claims)
    client = new_client()
    assert client.get(go(client, provider, "ines")).status_code == 403
    assert not signed_in(client)


@pytest.mark.promise("S13")
def test_a_forged_signature_is_refused(
    nurse: UUID, provider: OidcProvider, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.fault("signature")
    client = new_client()
    assert client.get(go(client, provider, "ines")).status_code == 403
    assert not signed_in(client)

    def believing(raw: str, *_: object, **__: object) -> Any:
        from joserfc import jws

        return jws.extract_compact(raw.encode())

    monkeypatch.setattr(oidc.jws, "deserialize_compact", believing)
    client.get(go(client, provider, "ines"))
    assert signed_in(client), "the forgery is stopped by something else than the signature"
