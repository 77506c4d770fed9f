"""Today is the day where somebody is: half an hour before and after midnight, here and overseas."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.i18n import say_day
from core.settings import settings
from tests.as_owner import rows, run
from tests.conftest import Database
from tests.integration.plans.home import clock_setter, start
from tests.integration.web.scene import NewClient, open_account, sign_in
from tests.people import Care, make_care

DAY = date(2027, 1, 4)
NIGHT = [
    (zone, hour, DAY + timedelta(days=hour == 0))
    for zone in ("Europe/Paris", "Indian/Reunion")
    for hour in (23, 0)
]
BORN = {"kind": "household", "birth_name": "Martin", "birth_first_names": "Zoé", "sex": "female"}


@pytest.fixture
def care(database: Database) -> Care:
    made = make_care()
    open_account(made.nurse.person, "nurse")
    run("delete from identity.account where person = %s", made.patient)
    open_account(made.patient, "patient")
    return made


@pytest.mark.parametrize(("zone", "hour", "today"), NIGHT)
def test_today_is_the_day_where_somebody_is(
    care: Care,
    clock_file: Path,
    new_client: NewClient,
    monkeypatch: pytest.MonkeyPatch,
    zone: str,
    hour: int,
    today: date,
) -> None:
    night = datetime(today.year, today.month, today.day, hour, 30, tzinfo=ZoneInfo(zone))
    monkeypatch.setenv("CHEVET_TIME_ZONE", zone)
    monkeypatch.setenv("CHEVET_SERVICE_CLOSED_ON", f"{today - timedelta(days=1)},{today}")
    settings.cache_clear()
    run("update identity.account set time_zone = %s", zone)
    clock_setter(clock_file)(night)
    start(care.nurse, care.patient, zone=zone, starts_on=today)
    phone, nurse = sign_in(new_client(), "patient"), sign_in(new_client(), "nurse")
    assert f'min="{today}"' in phone.get("/p/pause").text
    team = phone.get("/p/team").text
    assert say_day(today, "fr") in team
    assert say_day(today - timedelta(days=1), "fr") not in team
    household = f"/patients/{care.patient}/household"
    tomorrow = {**BORN, "birth_date": str(today + timedelta(days=1))}
    assert nurse.post(household, data=tomorrow).status_code == 422
    assert nurse.post(household, data={**BORN, "birth_date": str(today)}).status_code == 200
    assert rows("select birth_date from identity.patient where birth_first_names = 'Zoé'") == [
        (today,)
    ]
