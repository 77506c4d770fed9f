"""Professionals by Pro Santé Connect: known by RPPS, in our posts, out there too."""

from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from core.doors import Service, serving
from core.settings import Settings, refuse_half_a_provider, settings
from identity import service as identity
from tests.as_owner import rows, run
from tests.integration.web.federation.signing import PSC, go, register_rpps, signed_in
from tests.integration.web.scene import NewClient
from tests.oidc_provider import RPPS, OidcProvider, professional
from tests.people import make_centre


def test_a_professional_signs_in(
    nurse: UUID, provider: OidcProvider, new_client: NewClient
) -> None:
    client = new_client()
    assert "S’identifier avec Pro Santé Connect" in client.get("/sign-in").text
    address = client.get(PSC, follow_redirects=False).headers["location"]
    asked = parse_qs(urlsplit(address).query)
    assert urlsplit(address).hostname == "localhost"
    assert asked["acr_values"] == ["eidas1"]
    assert asked["scope"] == ["openid scope_all"]
    assert asked["code_challenge_method"] == ["S256"]
    answer = client.get(go(client, provider, "ines"), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/")
    assert signed_in(client)
    linked = rows("select issuer, subject, person from identity.federated_identity")
    assert linked == [(provider.issuer, "ines", nurse)]
    assert rows("select count(*) from identity.account") == [(1,)]
    again = new_client()
    again.get(go(again, provider, "ines"))
    assert signed_in(again)
    assert rows("select count(*) from identity.federated_identity") == [(1,)]


def test_a_session_by_the_provider_counts_as_two_factors(
    nurse: UUID, provider: OidcProvider, new_client: NewClient
) -> None:
    client = new_client()
    client.get(go(client, provider, "ines"))
    assert rows("select aal from identity.session") == [("two",)]


def test_a_professional_without_an_account_gets_his_own(
    provider: OidcProvider, new_client: NewClient
) -> None:
    _, actor = make_centre()
    register_rpps(actor.person)
    provider.user("ines", **professional())
    client = new_client()
    client.get(go(client, provider, "ines"))
    assert signed_in(client)
    assert rows("select person, login, password_hash from identity.account") == [
        (actor.person, RPPS, "")
    ]


def test_the_posts_offered_are_ours(
    nurse: UUID, provider: OidcProvider, new_client: NewClient
) -> None:
    second = identity.register_organisation("Cabinet du Parc")
    post = identity.give_post(nurse, second, "home_nurse")
    client = new_client()
    page = client.get(go(client, provider, "ines"))
    assert "Cabinet du Parc" in page.text
    assert "Centre de télésuivi" in page.text
    assert "Autre centre" not in page.text
    foreign = identity.give_post(identity.register_person("Autre"), second, "gp")
    assert client.post("/sign-in/post", data={"post": str(foreign)}).status_code == 404
    client.post("/sign-in/post", data={"post": str(post)}, follow_redirects=False)
    assert rows("select post, aal from identity.session where ended_at is null") == [(post, "two")]
    assert "end_session?id_token_hint=" in client.post("/sign-out").text


def test_a_professional_nobody_knows_is_told_so(
    nurse: UUID, provider: OidcProvider, new_client: NewClient
) -> None:
    provider.user("stranger", **professional("10000000017"))
    client = new_client()
    refused = client.get(go(client, provider, "stranger"))
    assert refused.status_code == 403
    assert "Personne n’est connu ici" in refused.text
    assert rows("select count(*) from identity.account") == [(1,)]


def test_a_suspended_account_is_told_so(
    nurse: UUID, provider: OidcProvider, new_client: NewClient
) -> None:
    run("update identity.account set disabled_at = now()")
    client = new_client()
    refused = client.get(go(client, provider, "ines"))
    assert refused.status_code == 403
    assert "suspendu" in refused.text
    assert rows("select count(*) from identity.session") == [(0,)]


def test_another_subject_cannot_take_over_an_account(
    nurse: UUID, provider: OidcProvider, new_client: NewClient
) -> None:
    client, other = new_client(), new_client()
    client.get(go(client, provider, "ines"))
    provider.user("someone", **professional())
    assert other.get(go(other, provider, "someone")).status_code == 403
    assert not signed_in(other)


def test_a_professional_without_a_post_has_nothing_here(
    nurse: UUID, provider: OidcProvider, new_client: NewClient
) -> None:
    with serving(Service.ADMINISTRATION) as conn:
        conn.execute("update access.post set ends_at = now()")
    client = new_client()
    refused = client.get(go(client, provider, "ines"))
    assert "aucun poste" in refused.text
    assert not signed_in(client)


def test_giving_up_at_the_provider(provider: OidcProvider, new_client: NewClient) -> None:
    client = new_client()
    address = client.get(PSC, follow_redirects=False).headers["location"]
    state = parse_qs(urlsplit(address).query)["state"][0]
    gave_up = client.get(f"{PSC}/answer?error=access_denied&state={state}")
    assert "Vous avez renoncé" in gave_up.text


def test_a_provider_that_does_not_answer(
    provider: OidcProvider, new_client: NewClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHEVET_PSC_ISSUER", "http://127.0.0.1:1")
    settings.cache_clear()
    silent = new_client().get(PSC)
    assert silent.status_code == 503
    assert "ne répond pas" in silent.text


def test_signing_out_ends_the_session_there_too(
    nurse: UUID, provider: OidcProvider, new_client: NewClient
) -> None:
    client = new_client()
    client.get(go(client, provider, "ines"))
    out = client.post("/sign-out")
    assert f"{provider.issuer}/oauth2/end_session?id_token_hint=" in out.text
    assert not signed_in(client)


def test_half_a_provider_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="CHEVET_PSC_CLIENT_SECRET"):
        refuse_half_a_provider(Settings(psc_issuer="https://psc.example", psc_client_id="chevet"))
    with pytest.raises(SystemExit, match="https"):
        refuse_half_a_provider(
            Settings(
                profile="production",
                psc_issuer="http://psc.example",
                psc_client_id="chevet",
                psc_client_secret="x" * 20,
            )
        )


def test_without_a_provider_there_is_no_button_and_no_page(new_client: NewClient) -> None:
    client = new_client()
    assert "Pro Santé Connect" not in client.get("/sign-in").text
    assert client.get(PSC).status_code == 404
