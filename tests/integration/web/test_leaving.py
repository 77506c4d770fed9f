"""Leaving a circle closes all of it at once: pages, mails that wait, and calls that were made."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from alerts import service as alerts
from coordination import emergency_service
from core import clock
from core.doors import Service, serving
from messages import service as messages
from messages.delivery import LEASE
from messages.store import claim_messages, is_still_wanted
from tests.as_owner import run
from tests.integration.alerts.home import rows
from tests.integration.web.scene import NewClient, Scene, sign_in
from tests.integration.web.test_circle import circle_of, end
from tests.mailbox import Mailbox

Leaving = Callable[[Scene, NewClient], None]


def nurse_mail(scene: Scene) -> str:
    return f"{scene.home.care.nurse.person}@nurse.example"


def gp_mail(scene: Scene) -> str:
    return f"{scene.home.care.gp.person}@gp.example"


def states(address: str) -> list[str]:
    found = rows("select state from messages.outbox where address = %s order by id", [address])
    return [str(state) for (state,) in found]


def by_the_page(scene: Scene, new_client: NewClient) -> None:
    end(sign_in(new_client(), "gp"), circle_of(scene), "Centre de télésuivi")


def by_the_post(scene: Scene, new_client: NewClient) -> None:
    post = scene.home.care.nurse.post
    run("update access.post set ends_at = now() where id = %s", post)


def closed_to(client: TestClient, scene: Scene) -> bool:
    """Say whether every page of the record is closed to somebody."""
    record = f"/patients/{scene.home.care.patient}"
    paths = (scene.page, f"{record}/circle", f"{record}/notes", f"{record}/journal")
    answers = [client.get(path, follow_redirects=False).status_code for path in paths]
    return all(status in (303, 404) for status in answers)


@pytest.mark.promise("S9")
@pytest.mark.parametrize("leave", [by_the_page, by_the_post])
def test_leaving_closes_pages_and_mail_and_calls_the_next(
    scene: Scene, new_client: NewClient, mailbox: Mailbox, leave: Leaving
) -> None:
    nurse = sign_in(new_client(), "nurse")
    assert nurse.get(scene.page).status_code == 200
    assert states(nurse_mail(scene)) == ["waiting"]
    assert alerts.escalate_due(clock.now()).alerts == 0
    leave(scene, new_client)
    assert closed_to(nurse, scene)
    assert states(nurse_mail(scene)) == ["cancelled"]
    assert alerts.escalate_due(clock.now()).alerts == 1
    messages.send_due(clock.now())
    assert [taken.recipient for taken in mailbox.taken] == [gp_mail(scene)]


@pytest.mark.promise("S9")
def test_whoever_leaves_with_an_alert_in_hand_lets_it_go(
    scene: Scene, new_client: NewClient, mailbox: Mailbox
) -> None:
    nurse = sign_in(new_client(), "nurse")
    assert nurse.post(scene.page, data={"act": "calling_patient"}).status_code == 200
    assert alerts.escalate_due(clock.now()).alerts == 0
    by_the_page(scene, new_client)
    assert closed_to(nurse, scene)
    assert alerts.escalate_due(clock.now()).alerts == 1
    assert states(gp_mail(scene)) == ["waiting"]
    told = rows("select what from alerts.alert_event where alert_id = %s", [scene.alert])
    assert ("promise_lapsed",) in told


@pytest.mark.promise("S9")
def test_a_mail_already_in_the_senders_hand_is_not_sent(
    scene: Scene, new_client: NewClient
) -> None:
    now = clock.now()
    with serving(Service.OUTBOX) as conn:
        leased = claim_messages(conn, now=now, lease_until=now + LEASE, limit=10)
    (mail,) = [one for one in leased if one.address == nurse_mail(scene)]
    by_the_page(scene, new_client)
    with serving(Service.OUTBOX) as conn:
        assert not is_still_wanted(conn, mail, clock.now())
    assert states(nurse_mail(scene)) == ["cancelled"]


@pytest.mark.promise("S9")
def test_a_stay_that_ends_between_lease_and_sending_gets_no_mail(
    scene: Scene, clock_file: Path
) -> None:
    """Nothing has called it off: the sender is the only one left who asks."""
    now = clock.now()
    ends = now + timedelta(minutes=1)
    run("update access.membership set ends_at = %s where party = %s", ends, scene.home.care.centre)
    with serving(Service.OUTBOX) as conn:
        leased = claim_messages(conn, now=now, lease_until=now + 10 * LEASE, limit=10)
    (mail,) = [one for one in leased if one.address == nurse_mail(scene)]
    with serving(Service.OUTBOX) as conn:
        assert is_still_wanted(conn, mail, clock.now())
    clock_file.write_text("61")
    with serving(Service.OUTBOX) as conn:
        assert not is_still_wanted(conn, mail, clock.now())
    assert states(nurse_mail(scene)) == ["sending"]


@pytest.mark.promise("S9")
def test_a_mail_to_whose_stay_is_over_is_called_off_by_whoever_sends(
    scene: Scene, clock_file: Path, mailbox: Mailbox
) -> None:
    ends = clock.now() + timedelta(minutes=1)
    run("update access.membership set ends_at = %s where party = %s", ends, scene.home.care.centre)
    clock_file.write_text("61")
    messages.send_due(clock.now())
    assert states(nurse_mail(scene)) == ["cancelled"]
    assert mailbox.taken == []


@pytest.mark.promise("S9")
def test_a_stay_ends_at_its_hour_before_anybody_closes_it(
    scene: Scene, new_client: NewClient, clock_file: Path, mailbox: Mailbox
) -> None:
    ends = clock.now() + timedelta(minutes=1)
    run("update access.membership set ends_at = %s where party = %s", ends, scene.home.care.centre)
    nurse = sign_in(new_client(), "nurse")
    assert nurse.get(scene.page).status_code == 200
    clock_file.write_text("61")
    assert closed_to(nurse, scene)
    assert emergency_service.keep_circles(clock.now()) == 1
    assert states(nurse_mail(scene)) == ["cancelled"]
    assert alerts.escalate_due(clock.now()).alerts == 1
    assert emergency_service.keep_circles(clock.now()) == 0


def test_without_what_leaving_calls_off_nobody_would_be_called(
    scene: Scene, new_client: NewClient, mailbox: Mailbox
) -> None:
    run("drop trigger a_member_leaves on access.membership")
    by_the_page(scene, new_client)
    assert states(nurse_mail(scene)) == ["waiting"]
    assert alerts.escalate_due(clock.now()).alerts == 0
    # The sender still asks for himself.
    messages.send_due(clock.now())
    assert mailbox.taken == []


def test_a_sender_that_does_not_ask_again_would_write_to_a_leaver(
    scene: Scene, new_client: NewClient, mailbox: Mailbox
) -> None:
    run(
        "create or replace function access.party_in_circle(p_party uuid, p_patient uuid)"
        " returns boolean language sql stable security definer"
        " set search_path = pg_catalog, pg_temp return true"
    )
    by_the_page(scene, new_client)
    messages.send_due(clock.now())
    assert nurse_mail(scene) in [taken.recipient for taken in mailbox.taken]


def test_a_membership_that_outlives_its_end_would_be_seen(
    scene: Scene, new_client: NewClient
) -> None:
    nurse = sign_in(new_client(), "nurse")
    by_the_page(scene, new_client)
    assert closed_to(nurse, scene)
    run(
        "update access.membership set ends_at = null, ended_by = null where party = %s",
        scene.home.care.centre,
    )
    assert not closed_to(nurse, scene)
