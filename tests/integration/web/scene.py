"""Who visits the pages in these tests, and how he signs in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from uuid import UUID

from httpx2 import Response
from starlette.testclient import TestClient

from alerts import service as alerts
from core import clock
from core.doors import Actor, Service, before_sign_in, serving
from core.vitals import Vital
from identity import store
from identity.edge.http import SESSION_COOKIE
from identity.factor_service import give_totp
from identity.session_service import only_post, open_session
from tests.codes import code_of, secret_of
from tests.integration.alerts.home import Home, make_home, measure, seen_by_nurse
from tests.passwords import light_hasher
from tests.people import make_gp

PASSWORD = "correct horse battery"
ORIGIN = "http://testserver"
NewClient = Callable[[], TestClient]


@dataclass(frozen=True)
class Scene:
    """A patient at home with one red alert; a nurse, a GP and a stranger who is a GP too."""

    home: Home
    stranger: Actor
    alert: UUID

    @property
    def page(self) -> str:
        return f"/patients/{self.home.care.patient}/alerts/{self.alert}"


def make_scene() -> Scene:
    """Return a scene in which everybody has an account."""
    home, stranger = make_home(), make_gp("Dr Anne Inconnue")
    care = home.care
    for person, login in (
        (care.nurse.person, "nurse"),
        (care.gp.person, "gp"),
        (care.patient, "patient"),
        (stranger.person, "stranger"),
    ):
        open_account(person, login)
    with serving(Service.ADMINISTRATION) as conn:
        conn.execute("update identity.patient set phone = '0639980112'")
    return Scene(home, stranger, raise_red(home))


@lru_cache
def password_hash() -> str:
    """Hash the one password of these tests once."""
    return light_hasher().hash(PASSWORD)


def open_account(person: UUID, login: str) -> None:
    """Let a person sign in, with a password and a code application."""
    with serving(Service.ADMINISTRATION) as conn:
        store.save_account(
            conn,
            person=person,
            login=login,
            password_hash=password_hash(),
            locale="fr",
            time_zone="Europe/Paris",
            now=clock.now(),
        )
    give_totp(person, secret_of(login))


def raise_red(home: Home) -> UUID:
    """Measure a day that ends at 90 %, review it and return the alert."""
    spots = [(Vital.SPO2, 96.0, timedelta(hours=hours)) for hours in range(20, 1, -2)]
    pulse = [(Vital.PULSE, 80.0, timedelta(hours=hours)) for hours in range(20, 1, -2)]
    measure(home, [*spots, *pulse])
    alerts.review(clock.now())
    measure(home, [(Vital.SPO2, 90.0, timedelta(minutes=3))])
    alerts.review(clock.now())
    (alert,) = open_of(home)
    return alert


def open_of(home: Home) -> list[UUID]:
    return [line.alert_id for line in seen_by_nurse(home)]


def sign_in(client: TestClient, login: str, next: str = "") -> TestClient:
    """Give the browser a session of two factors; `next` is then opened, if there is one.

    The ways in are tested elsewhere; here a session opens without the fifth of a second a
    password takes.
    """
    with before_sign_in() as conn:
        account = store.load_account(conn, login)
    assert account is not None, login
    post = only_post(account.person)
    token = open_session(account.person, aal="two", post=post, is_patient=account.is_patient)
    client.cookies.set(SESSION_COOKIE, token, domain="testserver.local", path="/")
    if next:
        assert client.get(next).status_code == 200
    return client


def give_password(
    client: TestClient, login: str, next: str = "", password: str = PASSWORD
) -> Response:
    """Give the first factor through the page, as a browser does."""
    form = {"login": login, "password": password, "next": next}
    return client.post("/sign-in", data=form, follow_redirects=False)


def give_code(client: TestClient, login: str, next: str = "") -> Response:
    """Give the second factor through the page."""
    form = {"code": code_of(login), "next": next}
    return client.post("/sign-in/second", data=form, follow_redirects=False)


def sign_in_by_page(client: TestClient, login: str, next: str = "") -> Response:
    """Give both factors through the pages; return the last answer."""
    first = give_password(client, login, next)
    assert first.status_code == 303, first.text
    return give_code(client, login, next)
