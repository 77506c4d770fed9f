"""Inviting a patient: whoever chooses the mailbox does not get the code, or others are told."""

import pytest
from starlette.testclient import TestClient

from coordination.inclusion import notice_service
from core import clock
from core.sealing import unseal_text
from core.settings import settings
from identity.activation_service import activate
from identity.origin import Origin
from identity.verdicts import Opened
from messages import service as messages
from messages.message import SEALED_PARAM
from tests.as_owner import mutate, rows, run
from tests.conftest import Database
from tests.integration.web.scene import NewClient, open_account, sign_in
from tests.integration.web.test_answer_pages import plain
from tests.people import Care, make_care

HERS = "nurse.private@mailbox.example"


@pytest.fixture
def care(database: Database, monkeypatch: pytest.MonkeyPatch) -> Care:
    made = make_care()
    open_account(made.nurse.person, "nurse")
    run("delete from identity.account where person = %s", made.patient)
    run("update identity.patient set phone = '06 12 34 56 78' where patient_id = %s", made.patient)
    messages.register_contact(made.gp.person, "email", "lefevre@gp.example")
    messages.register_contact(made.nurse.person, "email", "nurse@centre.example")
    monkeypatch.setenv("CHEVET_SMS_URL", "json://127.0.0.1:9/sms/{to}")
    settings.cache_clear()
    return made


@pytest.fixture
def nurse(care: Care, new_client: NewClient) -> TestClient:
    return sign_in(new_client(), "nurse")


def invite(nurse: TestClient, care: Care, mail: str = HERS) -> str:
    where = f"/patients/{care.patient}/follow-up/invitation"
    return plain(nurse.post(where, data={"mail": mail}).text)


def sent(template: str) -> list[tuple[object, ...]]:
    return rows(
        "select channel, address, params from messages.outbox where template = %s order by id",
        template,
    )


def told(care: Care) -> set[object]:
    notice_service.tell(clock.now())
    return {address for _, address, _ in sent("record_notice")}


def test_whoever_invites_does_not_see_the_code(care: Care, nurse: TestClient) -> None:
    page = invite(nurse, care)
    assert "qui finit par 78" in page
    ((way, number, texted),) = sent("activation_code")
    assert (way, number) == ("sms", "+33612345678")
    code = unseal_text(texted["code"], SEALED_PARAM)  # type: ignore[index]
    assert code not in page
    ((_, mailbox, mailed),) = sent("activation")
    assert mailbox == HERS
    token = unseal_text(mailed["token"], SEALED_PARAM)  # type: ignore[index]
    assert f"<strong>{HERS}</strong>" in page
    assert "code par SMS" in page
    assert told(care) == set()
    origin = Origin(address="192.0.2.1", device="")
    assert isinstance(activate(token, code, "un mot de passe assez long 7", origin), Opened)


def test_a_telephone_she_wrote_herself_is_told_to_the_others(care: Care, nurse: TestClient) -> None:
    """The fault: she changes the telephone to her own, then invites to her own mailbox."""
    run("alter table identity.patient disable trigger user")
    run(
        "update identity.patient set phone = '06 87 65 43 21', changed_by = %s, changed_at = %s",
        care.nurse.person,
        clock.now(),
    )
    assert "qui finit par 21" in invite(nurse, care)
    assert told(care) == {"lefevre@gp.example"}


def test_a_code_shown_is_told_to_the_others(care: Care, nurse: TestClient) -> None:
    run("update identity.patient set phone = '01 44 55 66 77'")
    page = invite(nurse, care)
    assert "Donnez vous-même ce code" in page
    assert sent("activation_code") == []
    assert "code donné de vive voix ou sur papier" in page
    assert told(care) == {"lefevre@gp.example"}
    ((path,),) = rows(
        "select params ->> 'path' from messages.outbox where template = 'record_notice'"
    )
    assert path == f"/patients/{care.patient}/follow-up"


def test_a_record_she_registered_today_tells_nobody(care: Care, nurse: TestClient) -> None:
    run("alter table identity.patient disable trigger user")
    run("update identity.patient set phone = null, registered_by = %s", care.nurse.person)
    run("update access.patient set created_at = %s", clock.now())
    assert "code donné de vive voix ou sur papier" in invite(nurse, care)
    assert told(care) == set()


def test_a_mailbox_of_the_staff_is_refused(care: Care, nurse: TestClient) -> None:
    where = f"/patients/{care.patient}/follow-up/invitation"
    for mail in ("nurse@centre.example", "Lefevre@GP.example"):
        assert "autre compte" in plain(nurse.post(where, data={"mail": mail}).text)
    assert rows("select 1 from identity.patient_invitation") == []


@pytest.mark.parametrize(
    "fault",
    [
        ("c.channel = 'email' and c.ended_at is null", "false"),
        ("lower(c.address) = lower(p_mail)", "c.address = p_mail"),
    ],
)
def test_the_test_sees_a_mailbox_of_the_staff_let_through(
    care: Care, nurse: TestClient, fault: tuple[str, str]
) -> None:
    mutate("identity.invite_patient", *fault)
    with pytest.raises(AssertionError):
        test_a_mailbox_of_the_staff_is_refused(care, nurse)
