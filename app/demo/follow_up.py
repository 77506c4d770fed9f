"""What is asked of Jeanne at home, and somebody the hospital asks the centre to follow."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from coordination.inclusion import request_service
from coordination.inclusion.request import Person, Wish
from core.access import Permission
from core.care import open_record
from core.doors import Actor, CareContext
from questionnaires.plans.plan import PlanRefused
from questionnaires.plans.service import start_plan

ASKED_FOR: Final = Person(
    birth_name="Berger", first_name="Simone", birth_date=date(1946, 5, 21), sex="female"
)
"""Known to nobody yet: her record is opened when the request is accepted."""


def begin_plan(gp: Actor, patient: UUID) -> None:
    """Ask a patient how she is for two weeks, as her GP's page would."""
    ctx = open_record(gp, patient, Permission.MONITORING_WRITE)
    if not isinstance(ctx, CareContext):
        raise ValueError("the GP of the demonstration may not begin a plan")
    begun = start_plan(ctx, "covid-14")
    if isinstance(begun, PlanRefused):
        raise ValueError(f"no plan for the demonstration: {begun.why}")


def ask_centre(doctor: Actor, centre: UUID, now: datetime) -> None:
    """Send the request of a hospital doctor, which waits for the centre's answer."""
    wish = Wish(
        centre=centre,
        person=ASKED_FOR,
        phone="0639980234",
        programme="covid-14",
        risk="raised",
        reason="Pneumopathie à Covid-19, sortie sous oxygène",
        discharge_on=(now + timedelta(days=1)).date(),
        oxygen_l_min=Decimal(2),
        patient_told=True,
    )
    said = request_service.send(doctor, None, wish)
    if not isinstance(said, request_service.Sent):
        raise ValueError(f"the request of the demonstration is refused: {said}")
