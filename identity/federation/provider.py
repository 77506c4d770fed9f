"""Which providers there are, what is asked of each, and the values of one sign-in. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class ProviderName(StrEnum):
    """A provider, as it stands in addresses and rows."""

    PRO_SANTE_CONNECT = "pro-sante-connect"
    FRANCE_CONNECT = "france-connect"


PROVIDER_NAMES: Final[dict[ProviderName, str]] = {
    ProviderName.PRO_SANTE_CONNECT: "Pro Santé Connect",
    ProviderName.FRANCE_CONNECT: "FranceConnect+",
}
"""Proper names, the same in every language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider as this site is registered with it."""

    name: ProviderName
    issuer: str
    client_id: str
    client_secret: str
    scope: str
    acr_asked: str
    """Level asked for (`acr_values`)."""
    acr_accepted: frozenset[str]
    """Levels at least as good; anything else in the token is refused."""
    key_pem: str = ""
    """Private key for tokens encrypted to this site; empty where none are."""


def pro_sante_connect(issuer: str, client_id: str, client_secret: str) -> Provider:
    """Return Pro Santé Connect (ANS DMN référentiel, PSC 1–6: `acr_values=eidas1`)."""
    return Provider(
        name=ProviderName.PRO_SANTE_CONNECT,
        issuer=issuer,
        client_id=client_id,
        client_secret=client_secret,
        scope="openid scope_all",
        acr_asked="eidas1",
        acr_accepted=frozenset({"eidas1", "eidas2", "eidas3"}),
    )


def france_connect(issuer: str, client_id: str, client_secret: str, key_pem: str) -> Provider:
    """Return FranceConnect+, which gives levels eidas2 (substantial) and eidas3 (high)."""
    return Provider(
        name=ProviderName.FRANCE_CONNECT,
        issuer=issuer,
        client_id=client_id,
        client_secret=client_secret,
        scope="openid given_name family_name birthdate gender birthplace birthcountry",
        acr_asked="eidas2",
        acr_accepted=frozenset({"eidas2", "eidas3"}),
        key_pem=key_pem,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What we need of a provider's discovery document; hosts may differ from the issuer's."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    end_session_endpoint: str
    takes_secret_in_body: bool


def parse_metadata(document: dict[str, Any], issuer: str) -> Metadata | None:
    """Return the metadata of a discovery document, or None when it is not that of `issuer`.

    Source: OpenID Connect Discovery 1.0 §4.3 (the issuer must be the one that was asked).
    """
    needed = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
    if document.get("issuer") != issuer:
        return None
    if not all(isinstance(document.get(name), str) for name in needed):
        return None
    methods = document.get("token_endpoint_auth_methods_supported") or []
    return Metadata(
        issuer=issuer,
        authorization_endpoint=document["authorization_endpoint"],
        token_endpoint=document["token_endpoint"],
        userinfo_endpoint=document["userinfo_endpoint"],
        jwks_uri=document["jwks_uri"],
        end_session_endpoint=str(document.get("end_session_endpoint") or ""),
        takes_secret_in_body="client_secret_post" in methods,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A sign-in under way: what only the browser that began it may finish."""

    nonce: str
    verifier: str
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the provider said once every check has passed."""

    claims: dict[str, Any]
    """Of the identity token, completed by those of userinfo."""
    id_token: str
    """To be shown again at sign-out (`id_token_hint`)."""
