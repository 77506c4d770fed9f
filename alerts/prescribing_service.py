"""Prescribing: by which profile and ladder a patient is watched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from alerts.edge.library import load_ladder, load_profile
from alerts.judging import NO_NEWS2, make_watch, never_measured
from alerts.ladder import Purpose
from alerts.profile import Override, Profile, for_patient
from alerts.records import to_json
from alerts.store import calling, duties, reviewing, showing
from core import clock
from core.doors import (
    CareContext,
    PersonConnection,
    Service,
    ServiceConnection,
    acting_as,
    serving,
)
from core.ids import new_id
from core.settings import settings

FIRST_LOOK: Final = timedelta(hours=24)
"""What came unwatched and was measured this shortly before is judged by the new prescription.
Source: proposed, the age limit of a NEWS2 here."""


NO_SUBSTITUTE: Final = "This record has no GP: first name who is called in his place."
"""English msgid of the refusal of such a ladder."""


@dataclass(frozen=True, slots=True)
class NoSubstitute:
    """The record has no GP and names nobody in his place: this ladder is not prescribed."""


def prescribe(
    patient: UUID,
    profile_id: str,
    ladder_id: str,
    prescribed_by: UUID,
    *,
    profile_version: int = 1,
    ladder_version: int = 1,
    overrides: Sequence[Override] = (),
    usual_values: Mapping[str, float] | None = None,
    spo2_scale: int = 1,
) -> UUID:
    """Start watching a patient by a profile and a ladder, in place of any prescription before.

    The patient stands in the queues of his organisations at once, without a level. Raises
    ValueError for a demonstration ladder in production and for a record that lacks a substitute
    of its GP, LookupError for an unknown patient.
    """
    profile = for_patient(load_profile(profile_id, profile_version), overrides)
    refuse_demonstration(ladder_id, ladder_version)
    prescription = new_id(now := clock.now())
    with serving(Service.ADMINISTRATION) as conn:
        if lacks_substitute(conn, patient, ladder_id, ladder_version):
            raise ValueError(NO_SUBSTITUTE)
        known = reviewing.save_prescription(
            conn,
            id=prescription,
            patient=patient,
            profile=(profile_id, profile_version),
            ladder=(ladder_id, ladder_version),
            adjustments=to_json(tuple(overrides)),
            usual_values=usual_values or {},
            spo2_scale=spo2_scale,
            prescribed_by=prescribed_by,
            now=now,
        )
        if not known:
            raise LookupError(f"no patient {patient}")
        _enter_queues(conn, patient, profile, now)
    return prescription


def prescribe_in(
    conn: PersonConnection,
    patient: UUID,
    *,
    profile: tuple[str, int],
    ladder: tuple[str, int],
    now: datetime,
) -> UUID | NoSubstitute | None:
    """Start watching a patient in the transaction of a person with `monitoring:write`.

    Returns the prescription, None for somebody who died, NoSubstitute for a ladder with a GP on a
    record « sans médecin traitant » that names nobody in his place. Raises ValueError for a
    demonstration ladder in production.
    """
    refuse_demonstration(*ladder)
    if lacks_substitute(conn, patient, *ladder):
        return NoSubstitute()
    prescription = new_id(now)
    begun = reviewing.start_watching(
        conn,
        id=prescription,
        patient=patient,
        profile=profile,
        ladder=ladder,
        missing=to_json(never_measured(load_profile(*profile))),
        news2=to_json(NO_NEWS2),
        since=now - FIRST_LOOK,
    )
    return prescription if begun else None


def refuse_demonstration(ladder_id: str, version: int) -> None:
    """Raise ValueError for a demonstration ladder in production."""
    demonstration = load_ladder(ladder_id, version).purpose is Purpose.DEMONSTRATION
    if demonstration and settings().profile == "production":
        raise ValueError(f"{ladder_id} is only for a demonstration")


def lacks_substitute(
    conn: ServiceConnection | PersonConnection, patient: UUID, ladder_id: str, version: int
) -> bool:
    """Say whether a ladder calls a GP on a record that has none, and names nobody in his place."""
    return load_ladder(ladder_id, version).asks_gp and duties.lacks_substitute(conn, patient)


def _enter_queues(conn: ServiceConnection, patient: UUID, profile: Profile, now: datetime) -> None:
    missing = to_json(never_measured(profile))
    reviewing.save_first_summary(conn, patient, missing, to_json(NO_NEWS2), now)
    reviewing.ask_first_review(conn, patient, now - FIRST_LOOK)
    calling.rerank(conn, patient)
    calling.hint_queues(conn, patient)


def watching_profile(ctx: CareContext) -> Profile | None:
    """Return the patient's live profile with his own limits, or None without a prescription."""
    with acting_as(ctx) as conn:
        row = showing.load_prescription(conn, ctx.patient)
    if row is None:
        return None
    shipped = load_profile(row.profile_id, row.profile_version)
    return make_watch(shipped, row.adjustments, row.usual_values, row.content).profile
