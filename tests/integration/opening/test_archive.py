"""An archived record is read and not written; open work keeps it open."""

from datetime import date
from uuid import UUID

import pytest

from coordination import service as coordination
from coordination.opening import service
from coordination.opening.opening import Outcome
from core.access import CLOSED_BY_ARCHIVE, Denied, Permission
from core.care import ARCHIVED, CareContext, open_record
from core.doors import acting_as
from identity import search_service
from identity.search import ByTraits
from tests.as_owner import mutate, rows, run
from tests.conftest import Database
from tests.integration.alerts.home import make_home
from tests.integration.opening.desk import Desk, archive, make_desk, opened, reads
from tests.integration.web.scene import raise_red


@pytest.fixture
def desk(database: Database) -> Desk:
    return make_desk()


def listed(desk: Desk) -> list[UUID]:
    page = coordination.followed_patients(desk.coordinator, "", None)
    return [one.patient_id for one in page.patients]


def test_nobody_writes_in_it_and_it_is_found_by_the_search(desk: Desk) -> None:
    assert listed(desk) == [desk.patient]
    assert archive(desk, True) is Outcome.DONE
    assert listed(desk) == []
    assert reads(desk.gp, desk.patient)
    refused = open_record(desk.gp, desk.patient, Permission.NOTES_WRITE)
    assert refused == Denied(ARCHIVED)
    asked = ByTraits(name="Petit", first_name="Zoé", birth_date=date(1947, 5, 3))
    found = search_service.find_patients(desk.coordinator, asked)
    assert isinstance(found, search_service.Found)
    assert [one.is_archived for one in found.patients] == [True]
    assert archive(desk, False) is Outcome.DONE
    assert listed(desk) == [desk.patient]
    written = open_record(desk.gp, desk.patient, Permission.NOTES_WRITE)
    assert isinstance(written, CareContext)


def test_both_locks_close_the_same_permissions(desk: Desk) -> None:
    closed = {
        permission
        for permission in Permission
        for (is_closed,) in rows("select access.closed_by_archive(%s)", permission)
        if is_closed
    }
    assert closed == CLOSED_BY_ARCHIVE
    assert Permission.ALERTS_ACKNOWLEDGE not in closed, "an alert that exists is answered"
    ctx = opened(desk.gp, desk.patient, Permission.NOTES_WRITE)
    assert archive(desk, True) is Outcome.DONE
    for who in (ctx, desk.gp):
        with acting_as(who) as conn:
            for permission in (Permission.NOTES_WRITE, Permission.NOTES_READ):
                seen = conn.execute("select access.visible_patients(%s)", [permission]).fetchall()
                assert ((desk.patient,) in seen) is (permission is Permission.NOTES_READ)


def test_open_alerts_and_a_running_follow_up_are_named(database: Database) -> None:
    home = make_home()
    raise_red(home)
    gp, patient = home.care.gp, home.care.patient

    def asked() -> Outcome:
        return service.set_archived(opened(gp, patient), 0, archived=True, reason="Fin")

    assert asked() is Outcome.OPEN_ALERTS
    run(
        "update alerts.alert set state = 'closed', next_step_at = null, closed_at = now(),"
        " outcome = 'patient_called_reassured', closed_by = patient_id"
    )
    assert asked() is Outcome.FOLLOWED
    run("update alerts.prescription set ends_at = now() where patient_id = %s", patient)
    assert asked() is Outcome.DONE
    assert asked() is Outcome.STALE


def test_without_the_database_s_word_an_archived_record_is_written(desk: Desk) -> None:
    """A fault from outside: the tests above are able to fail."""
    assert archive(desk, True) is Outcome.DONE
    mutate("access.is_archived", "r.archived_at IS NOT NULL", "false")
    written = open_record(desk.gp, desk.patient, Permission.NOTES_WRITE)
    assert isinstance(written, CareContext)
