"""The people of the demonstration: a dozen patients, a nurse, GPs, a telemonitoring centre.

All are invented; names are common in France, telephone numbers are from the range 06 39 98 xx xx
that the numbering authority (Arcep) keeps for fiction.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import pyotp

from alerts.service import prescribe
from app.demo.circle import Around, gather
from app.demo.follow_up import ask_centre, begin_plan
from core import clock
from core.doors import Actor
from devices.service import assign_device, register_device, register_gateway
from identity import service as identity
from identity.factor_service import give_totp
from identity.factors import new_totp_secret
from identity.people import Sex
from identity.training_service import enter_training
from messages.service import register_contact

CENTRE = "Centre de télésuivi du Val-d’Oise"
PROFILE = "covid-home"
LADDER = "demo-two-rungs"
LIVE_GATEWAY = "gw-demo-argenteuil"
HISTORY_GATEWAY = "gw-demo-historique"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPatient:
    """One invented patient; `spo2` and `pulse` are what he usually shows."""

    birth_name: str
    first_name: str
    birth_date: date
    sex: Sex
    phone: str
    gp: int
    spo2: int
    pulse: int
    used_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenery:
    """What the same people are loaded as: the demonstration, or a training territory."""

    centre: str
    mail_domain: str
    prefix: str
    """Before the names of gateways and devices, so that two territories share none."""
    training: bool

    def party(self, party: UUID) -> UUID:
        """Return a party just registered, made part of the training territory if this is one."""
        return enter_training(party) if self.training else party


DEMONSTRATION = Scenery(centre=CENTRE, mail_domain="demo.invalid", prefix="", training=False)


def code_now(secret: str) -> str:
    """Return the code of now; ValueError when the secret is not in base 32."""
    return pyotp.TOTP(secret.strip()).at(clock.now())


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """An account of the demonstration."""

    who: str
    login: str
    password: str
    secret: str

    def code(self) -> str:
        """Return the code that a code application would show now."""
        return code_now(self.secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """What was loaded: ids by their place in the lists, addresses and accounts."""

    centre: UUID
    nurse: UUID
    gps: tuple[UUID, ...]
    patients: tuple[UUID, ...]
    devices: tuple[str, ...]
    logins: tuple[Login, ...]


GPS = (
    ("Dr Claire Fontaine", "claire.fontaine"),
    ("Dr Paul Lefèvre", "paul.lefevre"),
    ("Dr Samira Benali", "samira.benali"),
)

PATIENTS = (
    DemoPatient(
        birth_name="Girard", used_name="Martin", first_name="Jeanne", sex="female",
        birth_date=date(1948, 3, 12), phone="0639980112", gp=0, spo2=96, pulse=78,
    ),
    DemoPatient(
        birth_name="Moreau", first_name="Lucien", sex="male",
        birth_date=date(1955, 7, 2), phone="0639980123", gp=1, spo2=97, pulse=70,
    ),
    DemoPatient(
        birth_name="Traoré", first_name="Aminata", sex="female",
        birth_date=date(1972, 11, 25), phone="0639980134", gp=2, spo2=98, pulse=74,
    ),
    DemoPatient(
        birth_name="Petit", first_name="Henri", sex="male",
        birth_date=date(1941, 1, 30), phone="0639980145", gp=0, spo2=96, pulse=66,
    ),
    DemoPatient(
        birth_name="Nguyen", first_name="Linh", sex="female",
        birth_date=date(1963, 5, 8), phone="0639980156", gp=1, spo2=98, pulse=72,
    ),
    DemoPatient(
        birth_name="Roux", used_name="Delmas", first_name="Monique", sex="female",
        birth_date=date(1950, 9, 17), phone="0639980167", gp=2, spo2=97, pulse=80,
    ),
    DemoPatient(
        birth_name="Haddad", first_name="Karim", sex="male",
        birth_date=date(1980, 2, 21), phone="0639980178", gp=2, spo2=99, pulse=68,
    ),
    DemoPatient(
        birth_name="Da Silva", first_name="Fernanda", sex="female",
        birth_date=date(1967, 12, 4), phone="0639980189", gp=0, spo2=97, pulse=76,
    ),
    DemoPatient(
        birth_name="Lambert", first_name="Georges", sex="male",
        birth_date=date(1938, 6, 14), phone="0639980190", gp=1, spo2=96, pulse=64,
    ),
    DemoPatient(
        birth_name="Faure", first_name="Élodie", sex="female",
        birth_date=date(1990, 10, 9), phone="0639980201", gp=0, spo2=99, pulse=82,
    ),
    DemoPatient(
        birth_name="Kowalski", first_name="Stéphane", sex="male",
        birth_date=date(1959, 4, 27), phone="0639980212", gp=2, spo2=97, pulse=73,
    ),
    DemoPatient(
        birth_name="Payet", first_name="Marie-Ange", sex="female",
        birth_date=date(1953, 8, 19), phone="0639980223", gp=1, spo2=96, pulse=77,
    ),
)  # fmt: skip

WITH_OXIMETER = 3
"""The first patients of the list wear a virtual oximeter; all have a history."""


def load_territory(now: datetime, scenery: Scenery = DEMONSTRATION) -> Territory:
    """Register everybody, with accounts whose passwords are made on the spot."""
    centre = scenery.party(identity.register_organisation(scenery.centre))
    nurse = scenery.party(identity.register_person("Inès Carpentier"))
    identity.give_post(nurse, centre, "telemonitoring_nurse")
    logins = [_account(nurse, "Infirmière de télésuivi", "ines.carpentier", scenery)]
    gps = [_gp(name, login, scenery, logins) for name, login in GPS]
    for gateway in (LIVE_GATEWAY, HISTORY_GATEWAY):
        register_gateway(scenery.prefix + gateway, centre)
    patients, devices = [], []
    for place, person in enumerate(PATIENTS):
        patient = _patient(person, centre, gps[person.gp].person, scenery)
        patients.append(patient)
        devices.append(_devices(place, patient, centre, now, scenery))
    who = f"Patiente, {PATIENTS[0].first_name} Martin"
    logins.append(_account(patients[0], who, "jeanne.martin", scenery))
    gp = gps[PATIENTS[0].gp]
    doctor = _gather(patients[0], gp, centre, scenery, logins)
    begin_plan(gp, patients[0])
    ask_centre(doctor, centre, now)
    return Territory(
        centre=centre,
        nurse=nurse,
        gps=tuple(gp.person for gp in gps),
        patients=tuple(patients),
        devices=tuple(devices),
        logins=tuple(logins),
    )


def _gp(name: str, login: str, scenery: Scenery, logins: list[Login]) -> Actor:
    gp = scenery.party(identity.register_person(name))
    practice = scenery.party(identity.register_organisation(f"Cabinet du {name}"))
    post = identity.give_post(gp, practice, "gp")
    logins.append(_account(gp, f"Médecin traitant, {name}", login, scenery))
    return Actor(person=gp, post=post, session=None)


def _gather(patient: UUID, gp: Actor, centre: UUID, scenery: Scenery, logins: list[Login]) -> Actor:
    def account(person: UUID, who: str, login: str) -> str:
        logins.append(_account(person, who, login, scenery))
        return logins[-1].login

    around = Around(patient=patient, gp=gp, centre=centre, party=scenery.party, account=account)
    return gather(around, clock.now())


def _account(person: UUID, who: str, login: str, scenery: Scenery) -> Login:
    password = f"chevet-{secrets.token_hex(4)}"
    address = f"{login}@{scenery.mail_domain}"
    identity.open_account(person, address, password)
    secret = new_totp_secret()
    give_totp(person, secret)
    register_contact(person, "email", address)
    return Login(who=who, login=address, password=password, secret=secret)


def _patient(person: DemoPatient, centre: UUID, gp: UUID, scenery: Scenery) -> UUID:
    patient = scenery.party(
        identity.register_patient(
            birth_name=person.birth_name,
            birth_first_names=person.first_name,
            used_name=person.used_name,
            birth_date=person.birth_date,
            sex=person.sex,
            phone=person.phone,
        )
    )
    identity.join_circle(patient, centre, "telemonitoring_centre")
    identity.join_circle(patient, gp, "gp")
    prescribe(patient, PROFILE, LADDER, gp)
    return patient


def _devices(place: int, patient: UUID, centre: UUID, now: datetime, scenery: Scenery) -> str:
    """Give a patient the oximeter of his history and, to the first ones, a Bluetooth one."""
    history = history_device(place, scenery)
    register_device(history, "hand-held oximeter", centre)
    assign_device(history, patient, now - timedelta(days=2))
    if place >= WITH_OXIMETER or scenery.training:
        return history
    address = oximeter_address(place)
    register_device(address, "virtual PLX oximeter", centre)
    assign_device(address, patient, now - timedelta(days=2))
    return address


def history_device(place: int, scenery: Scenery = DEMONSTRATION) -> str:
    """Return the device that measured the history of a patient, by his place in the list."""
    return f"{scenery.prefix}history-{place + 1:02d}"


def oximeter_address(place: int) -> str:
    """Return the Bluetooth address of the oximeter of a patient, by his place in the list."""
    return f"F0:F1:F2:F3:F4:{place + 1:02X}"
