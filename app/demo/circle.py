"""Who else is around Jeanne: her daughter, a nurse, her home help, and whoever meets emergencies.

They enter as people do, by the GP's own page: with stays, the patient's recorded consents, and an
organisation whose staff act through their posts.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from coordination import membership_service
from coordination.circle import Joining
from core.access import Permission
from core.care import open_record
from core.doors import Actor, CareContext
from core.i18n import translator
from identity import service as identity

ZONE: Final = ZoneInfo("Europe/Paris")
HOSPITAL: Final = "Hôpital Simone-Veil"
HOME_HELP: Final = "Aide à domicile des Coteaux"
Account = Callable[[UUID, str, str], str]
"""Opens an account for a person, said who he is, by the first part of his address; its login."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Makes the people around a patient; `party` puts each into the world of the scenery."""

    patient: UUID
    gp: Actor
    centre: UUID
    party: Callable[[UUID], UUID]
    account: Account


def gather(around: Around, now: datetime) -> Actor:
    """Let everybody join; return a doctor of the hospital.

    ValueError when the GP is refused what his page would let him do.
    """
    ctx = open_record(around.gp, around.patient, Permission.CIRCLE_MANAGE)
    if not isinstance(ctx, CareContext):
        raise ValueError("the GP of the demonstration may not manage the circle")
    today = now.astimezone(ZONE).date().isoformat()
    nurse = _person(around, "Marc Dubois", "Infirmier à domicile", "marc.dubois")
    _join(ctx, Joining(kind="person", party=nurse, role="home_nurse", reason="Pansements"))
    daughter = _person(around, "Claire Martin", "Fille de Jeanne Martin", "claire.martin")
    seen = ("identity", "values")
    spoken = Joining(kind="person", party=daughter, role="carer", groups=seen)
    spoken = replace(spoken, consent_means="spoken", consent_on=today)
    _join(ctx, spoken)
    service = around.party(identity.register_organisation(HOME_HELP))
    _post(around, service, "home_help", "Nadia Costa", "Aide à domicile", "nadia.costa")
    helps = replace(spoken, kind="organisation", party=str(service), role="home_help_service")
    _join(ctx, replace(helps, groups=("notes",)))
    membership_service.name_manager(ctx, around.centre, _version(ctx))
    hospital = around.party(identity.register_organisation(HOSPITAL))
    doctor = "Médecin hospitalier, accès en urgence"
    garnier = _post(around, hospital, "hospital_doctor", "Dr Hugo Garnier", doctor, "hugo.garnier")
    reviewer = "Référente des accès en urgence"
    _post(around, hospital, "access_reviewer", "Rita Marchand", reviewer, "rita.marchand")
    return garnier


def _person(around: Around, name: str, who: str, login: str) -> str:
    return around.account(around.party(identity.register_person(name)), who, login)


def _post(around: Around, house: UUID, role: str, name: str, who: str, login: str) -> Actor:
    person = around.party(identity.register_person(name))
    post = identity.give_post(person, house, role)
    around.account(person, who, login)
    return Actor(person=person, post=post, session=None)


def _version(ctx: CareContext) -> int:
    return membership_service.circle(ctx).head.version


def _join(ctx: CareContext, form: Joining) -> None:
    form = replace(form, version=_version(ctx))
    joined = membership_service.join(ctx, form, zone=ZONE, say=translator("fr"))
    if isinstance(joined, membership_service.Refused):
        raise ValueError(f"{form.party} cannot join the demonstration: {joined.problem}")
