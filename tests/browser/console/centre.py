"""A telemonitoring centre with patients in every state, as ingest and the review leave them."""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from alerts import service as alerts
from core import clock
from core.access import Permission
from core.doors import Actor, Service, serving
from core.vitals import Quality, Vital
from identity import service as identity
from identity.factor_service import give_totp
from identity.people import Sex
from messages import service as messages
from questionnaires import answers_service as answers
from questionnaires.answered import Source
from questionnaires.library_service import active_edition
from tests.codes import secret_of
from tests.integration.alerts.home import Home, key_of, measure, measure_stretch, opened
from tests.people import Care, make_centre, make_gp

PASSWORD = "chevet-console-test"


@dataclass(frozen=True)
class Centre:
    """The centre, the sign-in name of its nurse, and its patients by birth name."""

    organisation: UUID
    nurse: Actor
    colleague: Actor
    gp: Actor
    homes: dict[str, Home]
    login: str = "ines"


def make_busy_centre() -> Centre:
    """Return a centre where one patient is red, others orange, calm, or without a value."""
    organisation, nurse = make_centre("Centre de télésuivi des Deux Rives")
    karim = identity.register_person("Karim Benali")
    post = identity.give_post(karim, organisation, "telemonitoring_nurse")
    identity.open_account(nurse.person, "ines", PASSWORD)
    identity.open_account(karim, "karim", PASSWORD)
    for person, login in ((nurse.person, "ines"), (karim, "karim")):
        give_totp(person, secret_of(login))
    gp = make_gp()
    for person in (nurse.person, karim, gp.person):
        messages.register_contact(person, "email", f"{person}@care.example")
    colleague = Actor(person=karim, post=post, session=None)
    homes = {
        name: add_patient(organisation, nurse, gp, name, first, born, sex)
        for name, first, born, sex in (
            ("Martin", "Jeanne", date(1951, 4, 2), "female"),
            ("Lefèvre", "Émile", date(1944, 11, 30), "male"),
            ("Diallo", "Aminata", date(1963, 7, 14), "female"),
            ("Nguyen", "Thi Hoa", date(1958, 1, 9), "female"),
            ("Petit-Roche", "Bernard", date(1949, 9, 21), "male"),
        )
    }
    now = clock.now()
    breathe(homes["Martin"], now, from_percent=97, to_percent=90)
    breathe(homes["Diallo"], now, from_percent=97, to_percent=97)
    minutes = timedelta(minutes=1)
    measure(homes["Martin"], [(Vital.PULSE, 104, 3 * minutes), (Vital.TEMPERATURE, 38.4, minutes)])
    measure(homes["Lefèvre"], [(Vital.SPO2, 94, 9 * minutes), (Vital.PULSE, 88, 9 * minutes)])
    measure(homes["Diallo"], [(Vital.PULSE, 71, 2 * minutes), (Vital.TEMPERATURE, 36.8, minutes)])
    measure(
        homes["Petit-Roche"],
        [(Vital.SPO2, 96, 20 * minutes), (Vital.TEMPERATURE, 39.2, 15 * minutes)],
    )
    measure(homes["Martin"], [(Vital.SPO2, 88, 30 * minutes)], quality=Quality.QUESTIONABLE)
    alerts.review(clock.now())
    return Centre(organisation, nurse, colleague, gp, homes)


def add_patient(
    organisation: UUID,
    nurse: Actor,
    gp: Actor,
    name: str,
    first: str,
    born: date,
    sex: Sex,
) -> Home:
    """Return a patient watched by the centre and his GP."""
    patient = identity.register_patient(
        birth_name=name,
        birth_first_names=first,
        birth_date=born,
        sex=sex,
        ins_status="qualified",
        phone="06 12 34 56 78",
    )
    identity.join_circle(patient, organisation, "telemonitoring_centre")
    identity.join_circle(patient, gp.person, "gp")
    alerts.prescribe(patient, "covid-home", "home-two-rungs", gp.person)
    actor = Actor(person=patient, post=None, session=None, purpose="PATRQT")
    care = Care(patient=patient, centre=organisation, nurse=nurse, gp=gp, patient_actor=actor)
    return Home(care, key_of(patient))


def breathe(home: Home, now: datetime, *, from_percent: int, to_percent: int) -> None:
    """Store 40 minutes of oximetry, one sample a second, with ten minutes off the finger."""
    for begin, length in ((40, 15), (15, 14)):
        start = now - timedelta(minutes=begin)
        seconds = range(length * 60)
        slope = (to_percent - from_percent) / (40 * 60)
        samples = [
            round(from_percent + slope * ((40 - begin) * 60 + s) + 0.8 * math.sin(s / 41))
            for s in seconds
        ]
        measure_stretch(home, Vital.SPO2, samples, start, now)
        _summarise(home, Vital.SPO2, samples, start)
        pulse = [round(78 + 6 * math.sin(s / 97)) for s in seconds]
        measure_stretch(home, Vital.PULSE, pulse, start, now)
        _summarise(home, Vital.PULSE, pulse, start)


def _summarise(home: Home, vital: Vital, samples: list[int], start: datetime) -> None:
    with serving(Service.INGEST) as conn:
        for minute in range(len(samples) // 60):
            part = sorted(samples[minute * 60 : minute * 60 + 60])
            conn.execute(
                "insert into vitals.minute (minute_at, patient_key, vital, low, median, high,"
                " count, quality) values (%s, %s, %s, %s, %s, %s, 60, 0)",
                [start + timedelta(minutes=minute), home.key, int(vital),
                 part[0], part[30], part[-1]],
            )  # fmt: skip


def answer_by_phone(home: Home) -> None:
    """Let the patient say that he is short of breath at rest."""
    stored = answers.submit(
        opened(home.care.patient_actor, home.care.patient, Permission.ANSWERS_WRITE),
        active_edition("home-daily").digest,
        {"dyspnoea": "rest", "faintness_or_confusion": "no", "cannot_eat_or_drink": "no"},
        key="by-phone",
        source=Source.PATIENT,
        answered_at=clock.now(),
    )
    assert isinstance(stored, answers.Stored)
