"""A patient with a plan, and a clock that the test moves."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from core import clock
from core.access import Permission
from core.care import open_record
from core.doors import Actor, CareContext, Service, serving
from questionnaires.plans import service as plans

MONDAY = datetime(2027, 1, 4, 5, 0, tzinfo=UTC)
"""A winter Monday, 6 h in Paris."""
SetClock = Callable[[datetime], None]


def clock_setter(clock_file: Path) -> SetClock:
    """Return what makes it another time for every process of the test."""

    def set_clock(at: datetime) -> None:
        clock_file.write_text("0")
        real = clock.now()
        clock_file.write_text(str((at - real).total_seconds()))

    return set_clock


def opened(actor: Actor, patient: UUID, permission: Permission) -> CareContext:
    ctx = open_record(actor, patient, permission)
    assert isinstance(ctx, CareContext), ctx
    return ctx


def start(actor: Actor, patient: UUID, programme: str = "covid-14", **choices: object) -> UUID:
    """Start a plan as a professional."""
    ctx = opened(actor, patient, Permission.MONITORING_WRITE)
    made = plans.start_plan(ctx, programme, plans.Choices(**choices))  # type: ignore[arg-type]
    assert isinstance(made, UUID), made
    return made


def states(patient: UUID) -> list[tuple[str, str]]:
    """Return the patient's tasks in order: occasion in UTC, state."""
    with serving(Service.ADMINISTRATION) as conn:
        rows = conn.execute(
            "select to_char(occasion at time zone 'UTC', 'MM-DD HH24:MI'), state"
            " from questionnaires.task where patient_id = %s order by occasion, state",
            [patient],
        ).fetchall()
    return [(str(occasion), str(state)) for occasion, state in rows]
