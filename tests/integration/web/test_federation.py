"""Signing in by Pro Santé Connect and FranceConnect+, against a provider in its own process.

Each check is also seen to matter: with it substituted away by the test, the attack passes.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import psycopg
import pytest
from starlette.testclient import TestClient

from core.doors import Service, serving
from core.settings import Settings, refuse_half_a_provider, settings
from identity import service as identity
from identity.edge import oidc
from identity.federation import token
from tests.conftest import Database
from tests.integration.web.scene import ORIGIN, NewClient, open_account
from tests.oidc_provider import RPPS, OidcProvider, professional, run_provider
from tests.people import make_centre, make_patient

PSC = "/sign-in/with/pro-sante-connect"
FC = "/sign-in/with/france-connect"


@pytest.fixture(scope="module")
def running() -> Iterator[OidcProvider]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with run_provider(port) as provider:
        yield provider


@pytest.fixture
def provider(
    running: OidcProvider, database: Database, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OidcProvider]:
    """The provider, and this site registered with it under both names."""
    monkeypatch.setenv("CHEVET_BASE_URL", ORIGIN)
    for prefix in ("PSC", "FC"):
        monkeypatch.setenv(f"CHEVET_{prefix}_ISSUER", running.issuer)
        monkeypatch.setenv(f"CHEVET_{prefix}_CLIENT_ID", "chevet")
        monkeypatch.setenv(f"CHEVET_{prefix}_CLIENT_SECRET", "from-the-environment")
    settings.cache_clear()
    oidc.directory.forget()
    yield running
    running.fault("signature", on=False)


@pytest.fixture
def nurse(provider: OidcProvider, new_client: NewClient) -> UUID:
    """A nurse with an account, known by her RPPS number and at the provider."""
    _, actor = make_centre()
    open_account(actor.person, "nurse")
    register_rpps(actor.person)
    provider.user("ines", **professional())
    return actor.person


@contextmanager
def serving_as_owner() -> Iterator[psycopg.Connection[Any]]:
    """The test's own database, as nobody in the product reaches it."""
    with psycopg.connect(settings().owner_dsn) as conn:
        yield conn


def rows(query: LiteralString) -> list[tuple[object, ...]]:
    with serving_as_owner() as conn:
        return conn.execute(query).fetchall()


def register_rpps(person: UUID, rpps: str = RPPS) -> None:
    with serving_as_owner() as conn:
        conn.execute(
            "insert into identity.professional (person, rpps, family_name, changed_at) "
            "values (%s, %s, 'Moreau', now())",
            [person, rpps],
        )


def go(client: TestClient, provider: OidcProvider, sub: str, path: str = PSC) -> str:
    """Begin here, sign in there; return the address the provider sends the browser back to."""
    away = client.get(path, follow_redirects=False)
    assert away.status_code == 303, away.text
    back = urlsplit(provider.approve(away.headers["location"], sub))
    assert f"{back.scheme}://{back.netloc}" == ORIGIN
    return f"{back.path}?{back.query}"


def signed_in(client: TestClient) -> bool:
    return client.get("/", follow_redirects=False).headers.get("location") != "/sign-in?next=/"


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
    with serving_as_owner() as conn:
        conn.execute(
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
    assert client.get(back).status_code == 403
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
    with serving_as_owner() as conn:
        conn.execute("update identity.account set disabled_at = now()")
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


CITIZEN = {
    "acr": "eidas2",
    "family_name": "MARTIN",
    "given_name": "Jeanne",
    "birthdate": "1951-04-02",
    "gender": "female",
    "birthplace": "75056",
}


def fc_user(provider: OidcProvider, sub: str, **more: Any) -> None:
    # The mock gives standard claims for the standard scopes only; FranceConnect has one each.
    provider.user(sub, **{**CITIZEN, **more})


def test_an_invited_patient_signs_in_by_her_strict_traits(
    provider: OidcProvider, new_client: NewClient
) -> None:
    patient = make_patient()
    open_account(patient, "jeanne")
    fc_user(provider, "jeanne")
    client = new_client()
    answer = client.get(go(client, provider, "jeanne", FC), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/p")
    assert client.get("/p").status_code == 200


OTHERS: tuple[dict[str, str], ...] = (
    {"birthdate": "1951-04-03"},
    {"family_name": "MARTINE"},
    {"given_name": "Jean"},
    {"gender": "male"},
    {"acr": "eidas1"},
)


def test_other_traits_open_nothing(provider: OidcProvider, new_client: NewClient) -> None:
    open_account(make_patient(), "jeanne")
    client = new_client()
    for traits in OTHERS:
        fc_user(provider, "jeanne", **traits)
        assert client.get(go(client, provider, "jeanne", FC)).status_code == 403, traits
        assert not signed_in(client)


def test_a_link_is_worth_what_the_traits_say_today(
    provider: OidcProvider, new_client: NewClient
) -> None:
    open_account(make_patient(), "jeanne")
    fc_user(provider, "jeanne")
    client, later = new_client(), new_client()
    client.get(go(client, provider, "jeanne", FC))
    assert signed_in(client)
    fc_user(provider, "jeanne", birthdate="1951-04-03")
    refused = later.get(go(later, provider, "jeanne", FC))
    assert refused.status_code == 403
    assert "n’est pas celle avec laquelle" in refused.text
    assert not signed_in(later)


def test_a_patient_who_was_not_invited_or_has_a_double_is_refused(
    provider: OidcProvider, new_client: NewClient
) -> None:
    patient = make_patient()
    fc_user(provider, "jeanne")
    client = new_client()
    assert "Personne n’est connu ici" in client.get(go(client, provider, "jeanne", FC)).text
    open_account(patient, "jeanne")
    open_account(make_patient(), "double")
    assert client.get(go(client, provider, "jeanne", FC)).status_code == 403
    assert not signed_in(client)


def test_a_namesake_without_an_account_is_not_let_into_the_other_one(
    provider: OidcProvider, new_client: NewClient
) -> None:
    """Two people of the same traits, one invited: nothing says which of them is signing in."""
    open_account(make_patient(), "jeanne")
    make_patient()
    fc_user(provider, "the-other-jeanne")
    client = new_client()
    assert client.get(go(client, provider, "the-other-jeanne", FC)).status_code == 403
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
