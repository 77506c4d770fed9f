"""Leaving reaches what is held at one remove: through a merged record, or in somebody's place."""

from collections.abc import Callable
from datetime import date

import pytest

from alerts import service as alerts
from core import clock
from identity import service as identity
from identity.administration import operator_service
from tests.as_owner import rows, run
from tests.integration.web.emergency.test_merged_records import merge_into
from tests.integration.web.scene import NewClient, Scene, sign_in
from tests.integration.web.test_leaving import by_the_post, nurse_mail, states
from tests.integration.web.test_substitutes import substitute_of
from tests.mailbox import Mailbox

pytestmark = pytest.mark.promise("S9")
Leaving = Callable[[Scene, NewClient], None]


@pytest.fixture
def merged(scene: Scene) -> Scene:
    """The scene, whose centre is in the circle of the record it was merged into alone."""
    kept = identity.register_patient(
        birth_name="Martin", birth_first_names="Jeanne", birth_date=date(1951, 4, 2), sex="female"
    )
    merge_into(kept)
    centre = scene.home.care.centre
    run("update access.membership set patient_id = %s where party = %s", kept, centre)
    return scene


def by_the_membership(scene: Scene, new_client: NewClient) -> None:
    run("update access.membership set ends_at = now() where party = %s", scene.home.care.centre)


@pytest.mark.parametrize("leave", [by_the_membership, by_the_post])
def test_a_call_to_who_left_the_other_record_is_called_off(
    merged: Scene, new_client: NewClient, mailbox: Mailbox, leave: Leaving
) -> None:
    assert states(nurse_mail(merged)) == ["waiting"]
    assert alerts.escalate_due(clock.now()).alerts == 0
    leave(merged, new_client)
    assert states(nurse_mail(merged)) == ["cancelled"]
    assert alerts.escalate_due(clock.now()).alerts == 1


@pytest.mark.parametrize("leave", [by_the_membership, by_the_post])
def test_an_alert_in_hand_through_the_other_record_is_let_go(
    merged: Scene, new_client: NewClient, mailbox: Mailbox, leave: Leaving
) -> None:
    nurse = sign_in(new_client(), "nurse")
    assert nurse.post(merged.page, data={"act": "calling_patient"}).status_code == 200
    run("update messages.outbox set state = 'sent'")
    assert alerts.escalate_due(clock.now()).alerts == 0
    leave(merged, new_client)
    assert alerts.escalate_due(clock.now()).alerts == 1


def test_a_suspended_substitute_lets_go_of_what_he_had_in_hand(
    scene: Scene, new_client: NewClient, mailbox: Mailbox
) -> None:
    rose = substitute_of(scene.home.care.gp)
    client = sign_in(new_client(), "rose")
    assert client.post(scene.page, data={"act": "calling_patient"}).status_code == 200
    run("update messages.outbox set state = 'sent'")
    assert rows("select owner from alerts.alert where id = %s", scene.alert) == [(rose.person,)]
    assert alerts.escalate_due(clock.now()).alerts == 0
    operator_service.suspend("rose", suspended=True)
    assert alerts.escalate_due(clock.now()).alerts == 1
