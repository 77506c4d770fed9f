"""A browser that signs in through another provider of identities."""

from urllib.parse import urlsplit
from uuid import UUID

from starlette.testclient import TestClient

from tests.as_owner import run
from tests.integration.web.scene import ORIGIN
from tests.oidc_provider import RPPS, OidcProvider

PSC = "/sign-in/with/pro-sante-connect"
FC = "/sign-in/with/france-connect"


def register_rpps(person: UUID, rpps: str = RPPS) -> None:
    """Make a person known by an RPPS number."""
    run(
        "insert into identity.professional (person, rpps, family_name, changed_at) "
        "values (%s, %s, 'Moreau', now())",
        person,
        rpps,
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
