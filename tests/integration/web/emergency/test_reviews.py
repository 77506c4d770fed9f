"""Whoever looks at an emergency afterwards: somebody else, in time, and the patient reads it."""

from pathlib import Path
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from coordination import emergency_service as service
from core import clock
from core.settings import settings
from identity import service as identity
from tests.as_owner import run
from tests.integration.alerts.home import rows
from tests.integration.web.emergency.breaking import (
    HOUR,
    REASON,
    REVIEWS,
    emergency,
    posted,
    review_of,
)
from tests.integration.web.scene import NewClient, Scene, sign_in


def test_somebody_else_reviews_it_and_the_patient_reads_the_verdict(
    scene: Scene, urgent: TestClient, reviewer: TestClient, new_client: NewClient
) -> None:
    urgent.get(emergency(scene))
    page = reviewer.get(review_of(reviewer)).text
    assert REASON in page
    assert "Jeanne Martin" in page
    assert "Rien n’a été ouvert" not in page
    assert reviewer.get(emergency(scene)).status_code == 404
    assert urgent.get(REVIEWS).status_code == 403
    action = review_of(reviewer)
    assert reviewer.post(action, data={"verdict": "justified"}).status_code == 422
    verdict = {"verdict": "justified", "note": "SAMU confirmé."}
    assert "judged" in str(reviewer.post(action, data=verdict).url)
    again = {"verdict": "not_justified", "note": "Non."}
    assert "gone" in str(reviewer.post(action, data=again).url)
    assert rows("select verdict, note from coordination.break_glass") == [
        ("justified", "SAMU confirmé.")
    ]
    assert "SAMU confirmé." in sign_in(new_client(), "patient").get("/p/journal").text


def test_nobody_reviews_his_own_access_nor_that_of_a_foreign_house(
    scene: Scene, reviewer: TestClient, hospital: UUID, new_client: NewClient
) -> None:
    action = review_of(reviewer)
    foreign = identity.register_organisation("Clinique d’ailleurs")
    posted(foreign, "Fred Loin", "foreign", "access_reviewer")
    other = sign_in(new_client(), "foreign")
    assert action not in other.get(REVIEWS).text
    verdict = {"verdict": "justified", "note": "Je m’en porte garant."}
    assert "gone" in str(other.post(action, data=verdict).url)
    # The doctor himself becomes reviewer of the house.
    run(
        "update access.post set role = 'access_reviewer' where person ="
        " (select person from identity.account where login = 'urgent')"
    )
    own = sign_in(new_client(), "urgent")
    assert "une autre personne" in own.get(action).text
    assert "gone" in str(own.post(action, data=verdict).url)
    assert rows("select verdict from coordination.break_glass") == [(None,)]


@pytest.mark.parametrize("hours", [71, 73])
def test_a_review_that_is_late_alarms_the_operator(
    scene: Scene,
    reviewer: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    clock_file: Path,
    hours: int,
) -> None:
    monkeypatch.setenv("CHEVET_OPERATOR_MAIL", "operator@example.org")
    settings.cache_clear()
    clock_file.write_text(str(hours * HOUR))
    service.keep_circles(clock.now())
    service.keep_circles(clock.now())
    alarms = rows("select 1 from messages.outbox where address = 'operator@example.org'")
    assert len(alarms) == (1 if hours > 72 else 0)
