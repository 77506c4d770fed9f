"""Reading who is around a patient and may be called now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from alerts.rota.public_days import Region
from alerts.rota.standing import Known
from alerts.store import duties
from core.doors import ServiceConnection
from core.opening import is_open, parse_opening
from core.settings import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Who is around a patient, read once in a transaction however many of his alerts call."""

    known: Known
    held: dict[str, Sequence[duties.CandidateRow]] = field(default_factory=dict)

    def candidates(
        self, conn: ServiceConnection, patient: UUID, role: str
    ) -> Sequence[duties.CandidateRow]:
        """Return whom a rung may call, read when a rung first asks."""
        if role not in self.held:
            self.held[role] = duties.load_candidates(conn, patient, role)
        return self.held[role]


def look_around(conn: ServiceConnection, patient: UUID, now: datetime) -> Around:
    """Return who is around a patient now, for the calls of one transaction."""
    return Around(known=load_known(conn, patient, now))


def load_known(conn: ServiceConnection, patient: UUID, now: datetime) -> Known:
    """Return what decides over who is called for a patient now."""
    site = settings()
    zone, region = ZoneInfo(site.time_zone), Region(site.holidays)
    return Known(
        rotas={
            row.organisation: duties.rota_of(row, zone, region)
            for row in duties.load_rotas(conn, patient, now)
        },
        hours={row.gp: parse_opening(row.hours) for row in duties.load_gp_hours(conn, patient)},
        open=is_open(site.opening(), now, zone),
        region=region,
        zone=zone,
    )
