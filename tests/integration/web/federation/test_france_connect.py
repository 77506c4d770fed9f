"""Patients by FranceConnect+: invited, and of the same strict traits."""

from typing import Any

from tests.integration.web.federation.signing import FC, go, signed_in
from tests.integration.web.scene import NewClient, open_account
from tests.oidc_provider import OidcProvider
from tests.people import make_patient

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
