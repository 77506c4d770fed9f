"""Who invites whom in these tests, and what is read of a mail."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.testclient import TestClient

from core.sealing import unseal_text
from identity import service as identity
from identity.activation_service import activate
from identity.factor_service import give_totp
from identity.origin import Origin
from identity.verdicts import Opened
from messages.message import SEALED_PARAM
from tests.as_owner import rows
from tests.codes import secret_of
from tests.integration.web.scene import NewClient, Scene, open_account, sign_in

MAIL = "lina.petit@kine.example"
RPPS = "10000000009"
HERS = {"family": "Petit", "given": "Lina", "rpps": RPPS}
PHYSIO = {"role": "physiotherapist", "name": "Lina Petit", "address": MAIL}
SECRET = "quatre girafes mauves au balcon"
HERE = Origin(address="192.0.2.1", device="")


@dataclass(frozen=True)
class Office:
    """The administrator of the practice of the GP who invites."""

    admin: TestClient
    practice: UUID


def circle_of(scene: Scene) -> str:
    return f"/patients/{scene.home.care.patient}/circle"


def page_of(scene: Scene) -> str:
    return f"{circle_of(scene)}/invitations"


def make_office(scene: Scene, new_client: NewClient) -> Office:
    ((practice,),) = rows(
        "select organisation from access.post where person = %s", scene.home.care.gp.person
    )
    assert isinstance(practice, UUID)
    admin = identity.register_person("Ada Ministre")
    identity.give_post(admin, practice, "administrator")
    open_account(admin, "admin")
    return Office(sign_in(new_client(), "admin"), practice)


def links() -> list[str]:
    """Return the links of the mails of invitations, in the order in which they were written."""
    mails = rows(
        "select params from messages.outbox where template = 'circle_invitation' order by id"
    )
    return [
        "/invitations/" + unseal_text(params["token"], SEALED_PARAM)  # type: ignore[index]
        for (params,) in mails
    ]


def invitation() -> UUID:
    ((found,),) = rows("select id from coordination.invitation order by id desc limit 1")
    assert isinstance(found, UUID)
    return found


def confirming() -> dict[str, str]:
    """What a form sends that confirms who asked last."""
    ((at,),) = rows("select asked_at from coordination.invitation order by id desc limit 1")
    assert isinstance(at, datetime)
    return {"act": "confirm", "asked": at.isoformat()}


def open_the_account(code: str, login: str = MAIL) -> None:
    """Take up the link of the other mail with the code, and set a second factor up."""
    ((params, person),) = rows(
        "select params, recipient from messages.outbox where template = 'activation'"
        " order by id desc limit 1"
    )
    token = unseal_text(params["token"], SEALED_PARAM)  # type: ignore[index]
    assert isinstance(activate(token, code, SECRET, HERE), Opened)
    assert isinstance(person, UUID)
    give_totp(person, secret_of(login))
