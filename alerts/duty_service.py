"""The watch over the rota: a gap where somebody must be is told once, until somebody is there."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.rota.public_days import Region
from alerts.rota.rota import Duty, Nobody, Rota, on_duty
from alerts.rota.standing import must_be_kept
from alerts.store import duties
from core.doors import Service, ServiceConnection, serving
from core.opening import is_open
from core.settings import settings
from messages.message import Occurrence
from messages.service import tell_operator

WATCHED = (Duty.TELEMONITORING_NURSE, Duty.ON_CALL)
"""Duties whose gap is told before any alert finds it: the first by day, the other at night."""


def watch_duties(now: datetime) -> int:
    """Tell of every gap that begins, forget those that are filled; return how many were told."""
    site = settings()
    zone, region = ZoneInfo(site.time_zone), Region(site.holidays)
    service_open = is_open(site.opening(), now, zone)
    with serving(Service.ESCALATION) as conn:
        rotas = {
            row.organisation: duties.rota_of(row, zone, region)
            for row in duties.load_all_rotas(conn)
        }
        _fill(conn, rotas, now)
        return sum(
            _tell(conn, organisation, duty, now)
            for organisation, rota in rotas.items()
            for duty in WATCHED
            if rota.keeps(duty) and must_be_kept(duty, service_open=service_open)
            if isinstance(on_duty(rota, duty, now), Nobody)
        )


def _fill(conn: ServiceConnection, rotas: dict[UUID, Rota], now: datetime) -> None:
    for gap in duties.load_gaps(conn):
        rota, duty = rotas.get(gap.organisation), Duty(gap.duty)
        if rota is None or on_duty(rota, duty, now) != Nobody(planned=True):
            duties.fill_gap(conn, gap.organisation, duty, now)


def _tell(conn: ServiceConnection, organisation: UUID, duty: Duty, now: datetime) -> bool:
    new = duties.save_gap(conn, organisation, duty, now)
    if new:
        tell_gap(conn, organisation, duty, now)
    return new


def tell_gap(conn: ServiceConnection, organisation: UUID, duty: Duty, now: datetime) -> None:
    """Tell the operator that nobody is on duty, in the caller's transaction."""
    reference = f"{organisation}:{duty}:{now:%Y-%m-%dT%H:%M}"
    tell_operator(conn, Occurrence.NOBODY_ON_DUTY, reference, now, about=organisation)
