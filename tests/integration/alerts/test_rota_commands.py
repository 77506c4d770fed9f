"""The operator's commands for the rota: what they write decides who is called."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from alerts import service as alerts
from app.cli import app
from core.vitals import Vital
from identity.administration import operator_service
from messages import service as messages
from tests.conftest import Database
from tests.integration.alerts.duty import ordinary_day, set_clock
from tests.integration.alerts.home import Home, make_home, measure, rows

WEDNESDAY = 2


@pytest.fixture
def home(database: Database) -> Home:
    return make_home(ladder="home-five-rungs")


def chevet(*words: object, fails: bool = False) -> str:
    done = CliRunner().invoke(app, ["rota", *(str(word) for word in words)])
    assert (done.exit_code != 0) == fails, done.output
    return done.output.strip()


def staff(home: Home, login: str) -> UUID:
    account = operator_service.create_account(given="Léa", family="Petit", mail=login, rpps=None)
    assert isinstance(account, UUID), account
    post = operator_service.give_post(login, str(home.care.centre), "telemonitoring_nurse", None)
    assert isinstance(post, UUID), post
    ((person,),) = rows("select person from identity.account where login = %s", [login])
    assert isinstance(person, UUID)
    if not rows("select 1 from messages.contact_point where party = %s", [person]):
        messages.register_contact(person, "email", login)
    return person


def called(home: Home) -> list[object]:
    return [
        person
        for (person,) in rows(
            "select jsonb_array_elements_text(detail -> 'people') from alerts.alert_event"
            " where what = 'called' and patient_id = %s order by id",
            [home.care.patient],
        )
    ]


def test_a_shift_that_is_planned_by_command_is_called_and_its_gaps_are_shown(
    home: Home, clock_file: Path
) -> None:
    lea = staff(home, "lea@nurse.example")
    day = ordinary_day(WEDNESDAY)
    now = set_clock(clock_file, day, "10:00")
    centre = home.care.centre
    shift = chevet(
        "shift", centre, "lea@nurse.example", "telemonitoring_nurse", "08:00", "12:00",
        "--days", "wed",
    )  # fmt: skip
    shown = chevet("show", centre, "--days", 1)
    assert "petit" in shown.lower()
    assert "GAP" in shown
    measure(home, [(Vital.SPO2, 85, timedelta(0))], now=now)
    alerts.review(now)
    assert called(home)[:1] == [str(lea)]
    chevet("leave", centre, "lea@nurse.example", day, day)
    assert "away: nobody" in chevet("show", centre, "--days", 1)
    chevet("remove", shift)
    chevet("remove", shift, fails=True)


def test_what_cannot_be_planned_is_refused_with_a_sentence(home: Home) -> None:
    centre = home.care.centre
    assert "no rota" in chevet("show", centre, fails=True).lower()
    assert "sign-in name" in chevet(
        "shift", centre, "nobody@x.example", "on_call", "20:00", "08:00", fails=True
    )
    assert "08:00" in chevet(
        "shift", centre, "nobody@x.example", "on_call", "8 o'clock", "08:00", fails=True
    )
    assert "Europe/Paris" in chevet("place", centre, "--zone", "Mars/Base", fails=True)
    chevet("place", centre, "--holidays", "alsace-moselle")
    account = operator_service.create_account(
        given="Paul", family="Gris", mail="paul@x.example", rpps=None
    )
    assert isinstance(account, UUID)
    assert "post" in chevet(
        "shift", centre, "paul@x.example", "on_call", "20:00", "08:00", fails=True
    )
    assert "circle" in chevet("gp", home.care.patient, "paul@x.example", fails=True)
    assert "mon-fri" in chevet(
        "gp", home.care.patient, "paul@x.example", "--hours", "always", fails=True
    )
    chevet("without-gp", home.care.patient)
    assert rows("select count(*) from alerts.without_gp where ended_at is null") == [(1,)]
    assert "circle" in chevet(
        "without-gp", home.care.patient, "--substitute", "paul@x.example", fails=True
    )
    assert rows("select count(*) from alerts.without_gp where ended_at is null") == [(1,)]
