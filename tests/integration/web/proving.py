"""What tests of signing in ask of a browser."""

from starlette.testclient import TestClient

from identity.people import SignedIn
from identity.session_service import who_is

NEW_PASSWORD = "quatre girafes mauves au balcon"
TRY = "identity.gate_try(text, text, text, bytea, boolean)"


def session(client: TestClient) -> SignedIn | None:
    return who_is(client.cookies["chevet_session"])


def second(client: TestClient, code: str, **more: str) -> int:
    form = {"code": code, **more}
    return client.post("/sign-in/second", data=form, follow_redirects=False).status_code


def opens(client: TestClient, path: str) -> bool:
    return client.get(path, follow_redirects=False).status_code == 200
