"""Whoever has left a post reads, withdraws and is told nothing of what he asked for in it."""

from uuid import UUID

from starlette.testclient import TestClient

from coordination.inclusion.notice_service import keep_follow_ups
from core import clock
from identity import service as identity
from tests.as_owner import rows, run
from tests.integration.web.scene import NewClient, sign_in
from tests.integration.web.test_requests import PERSON, ask, care, gp, nurse
from tests.people import Care

__all__ = ["care", "gp", "nurse"]


def leave(gp: UUID) -> None:
    run(
        "update access.post set starts_at = now() - interval '1 day', ends_at = now()"
        " - interval '1 second' where person = %s",
        gp,
    )


def elsewhere(gp: UUID, new_client: NewClient) -> TestClient:
    """The same person signs in where he works now."""
    identity.give_post(gp, identity.register_organisation("Autre cabinet"), "gp")
    return sign_in(new_client(), "gp")


def test_of_a_former_post_nothing_is_read_and_nothing_opens(
    care: Care, nurse: TestClient, gp: TestClient, new_client: NewClient
) -> None:
    id = ask(gp, care)
    nurse.post(f"/requests/{id}", data={"act": "accept"})
    leave(care.gp.person)
    now = elsewhere(care.gp.person, new_client)
    assert "LENOIR" not in now.get("/requests").text
    assert "LENOIR" not in now.get(f"/requests/{id}").text
    nurse.post(f"/requests/{id}/patient", data=PERSON)
    ((patient,),) = rows("select patient_id from coordination.request")
    assert patient is not None
    circle = rows("select role from access.membership where patient_id = %s order by 1", patient)
    assert circle == [("patient",), ("telemonitoring_centre",)]


def test_of_a_former_post_nothing_is_withdrawn_or_told(
    care: Care, nurse: TestClient, gp: TestClient, new_client: NewClient
) -> None:
    id = ask(gp, care)
    leave(care.gp.person)
    elsewhere(care.gp.person, new_client).post(f"/requests/{id}", data={"act": "withdraw"})
    assert rows("select state from coordination.request") == [("sent",)]
    nurse.post(f"/requests/{id}", data={"act": "accept"})
    keep_follow_ups(clock.now())
    assert rows("select state from coordination.request") == [("accepted",)]
    assert rows("select 1 from messages.outbox where address = 'gp@example.org'") == []
