"""Who was called and told in the tests of a ladder of five roles."""

from datetime import datetime, timedelta

from alerts import service as alerts
from core import clock
from core.vitals import Vital
from tests.integration.alerts.home import Home, measure, rows

NOW = timedelta(0)
MINUTE = timedelta(minutes=1)
WAIT = 10 * MINUTE
WEDNESDAY = 2
OPERATOR = "operator@example.org"


def red(home: Home) -> datetime:
    now = clock.now()
    measure(home, [(Vital.SPO2, 85, NOW)], now=now)
    assert alerts.review(now).alerts == 1
    return now


def mailed() -> list[str]:
    """Whom mails went to, in order: the part before the @ of staff, the role of the home's own."""
    found = []
    for (address,) in rows(
        "select address from messages.outbox order by created_at, recipient is null, id"
    ):
        name, _, domain = str(address).partition("@")
        found.append(name if domain in ("staff.example", "example.org") else domain.split(".")[0])
    return found


def told_operator() -> list[str]:
    return [
        str(what)
        for (what,) in rows(
            "select params->>'what' from messages.outbox where recipient is null order by id"
        )
    ]


def skips(home: Home) -> list[object]:
    return [
        why
        for (why,) in rows(
            "select detail->>'why' from alerts.alert_event where what = 'rung_skipped' and"
            " patient_id = %s order by id",
            [home.care.patient],
        )
    ]


def next_step(home: Home) -> datetime:
    ((at,),) = rows(
        "select next_step_at from alerts.alert where patient_id = %s", [home.care.patient]
    )
    assert isinstance(at, datetime)
    return at


def make_home_like(home: Home) -> Home:
    """Another patient of the same centre."""
    from dataclasses import replace

    from identity import service as identity
    from tests.integration.alerts.home import key_of
    from tests.people import make_patient

    patient = make_patient("Durand", "Marie")
    identity.join_circle(patient, home.care.centre, "telemonitoring_centre")
    alerts.prescribe(patient, "covid-home", "home-five-rungs", home.care.gp.person)
    return Home(replace(home.care, patient=patient), key_of(patient))
