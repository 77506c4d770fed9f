"""A patient in a follow-up of which everything runs, and the pages by which it ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient

from core.settings import settings
from identity import service as identity
from messages import service as messages
from tests.as_owner import run
from tests.conftest import Database
from tests.days import day_in_france
from tests.integration.plans.home import start
from tests.integration.web.conftest import new_client, scene
from tests.integration.web.scene import NewClient, Scene, open_account, sign_in
from tests.mailbox import Mailbox, open_mailbox
from tests.sms_provider import SmsProvider, open_sms_provider

__all__ = ["new_client", "scene"]
PATIENT_MAIL = "jeanne@home.example"
CARER_MAIL = "luc@home.example"


@dataclass(frozen=True)
class Followed:
    """The scene with a follow-up, a plan, a lent device, a carer and a signed-in patient."""

    scene: Scene
    nurse: TestClient
    jeanne: TestClient
    episode: UUID
    carer: UUID

    @property
    def patient(self) -> UUID:
        return self.scene.home.care.patient

    @property
    def page(self) -> str:
        return f"/patients/{self.patient}"

    def exit(self, reason: str = "recovery", **more: object) -> str:
        """End the follow-up by the page, with the alerts it shows."""
        text = self.nurse.get(f"{self.page}/exit").text
        alerts = [part.split('"')[0] for part in text.split('name="alerts" value="')[1:]]
        form = {"reason": reason, "alerts": alerts, **more}
        return self.nurse.post(f"{self.page}/exit/{self.episode}", data=form).text

    def die(self) -> str:
        """Note the death by the page."""
        form = {"day": day_in_france().isoformat(), "sure": "yes"}
        return self.nurse.post(f"{self.page}/death", data=form).text


def include(scene: Scene) -> UUID:
    """Return a running follow-up of the scene's patient."""
    care, episode, inclusion = scene.home.care, uuid4(), uuid4()
    run(
        "insert into coordination.inclusion (id, patient_id, organisation, state, opened_by,"
        " opened_at, saved_at, decided_by, decided_at) values"
        " (%s, %s, %s, 'included', %s, now(), now(), %s, now())",
        inclusion, care.patient, care.centre, care.nurse.person, care.nurse.person,
    )  # fmt: skip
    run(
        "insert into coordination.episode (id, inclusion_id, patient_id, organisation, programme,"
        " eligibility, person_to_call, included_by, included_at, first_contact_due_at) values"
        """ (%s, %s, %s, %s, 'covid-14', '{}', '{"name": "Rose Martin", "phone": "0639980114","""
        """ "tie": "sœur"}', %s, now() - interval '3 days', now())""",
        episode, inclusion, care.patient, care.centre, care.nurse.person,
    )  # fmt: skip
    return episode


def prepare(scene: Scene) -> tuple[UUID, UUID]:
    """Let run everything that an exit has to stop; return the follow-up and the carer."""
    care = scene.home.care
    carer = identity.register_person("Luc Martin")
    identity.join_circle(care.patient, carer, "carer")
    open_account(carer, "luc")
    messages.register_contact(care.patient, "email", PATIENT_MAIL)
    messages.register_contact(carer, "email", CARER_MAIL)
    start(care.nurse, care.patient)
    device = uuid4().hex[:12]
    run(
        "insert into devices.device (id, model, organisation, created_at)"
        " values (%s, 'Oxymètre', %s, now())", device, care.centre,
    )  # fmt: skip
    run(
        "insert into devices.assignment (id, device, patient_id, valid)"
        " values (%s, %s, %s, tstzrange(now() - interval '1 day', null))",
        uuid4(), device, care.patient,
    )  # fmt: skip
    return include(scene), carer


@pytest.fixture
def followed(scene: Scene, new_client: NewClient) -> Followed:
    """Everything that an exit has to stop runs."""
    episode, carer = prepare(scene)
    return Followed(
        scene=scene,
        nurse=sign_in(new_client(), "nurse"),
        jeanne=sign_in(new_client(), "patient"),
        episode=episode,
        carer=carer,
    )


@pytest.fixture
def mailbox(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with open_mailbox() as box:
        monkeypatch.setenv("CHEVET_SMTP_PORT", str(box.port))
        settings.cache_clear()
        yield box


@pytest.fixture
def sms(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmsProvider]:
    with open_sms_provider() as gateway:
        monkeypatch.setenv("CHEVET_SMS_URL", gateway.url)
        settings.cache_clear()
        yield gateway
