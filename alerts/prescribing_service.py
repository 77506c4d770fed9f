"""Prescribing: by which profile and ladder a patient is watched."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from msgspec import structs

from alerts.edge.library import load_ladder, load_profile
from alerts.judging import NO_NEWS2, make_watch, never_measured, read_profile
from alerts.ladder import Purpose
from alerts.prescribed import content_of, profile_of, usual_of
from alerts.prescription import Content, canonical, digest_of, parse_content
from alerts.profile import Override, Profile, Signed, for_patient
from alerts.records import to_json
from alerts.standing import look
from alerts.store import calling, duties, prescribing, reviewing, showing
from alerts.store.prescribing import VersionRow
from core import clock
from core.doors import (
    CareContext,
    PersonConnection,
    Service,
    ServiceConnection,
    VisiblePatientId,
    acting_as,
    serving,
)
from core.i18n import zone
from core.ids import new_id
from core.settings import settings

FIRST_LOOK: Final = timedelta(hours=24)
"""What came unwatched and was measured this shortly before is judged by the new prescription.
Source: proposed, the age limit of a NEWS2 here."""


NO_SUBSTITUTE: Final = "This record has no GP: first name who is called in his place."
"""English msgid of the refusal of such a ladder."""


class NotBegun(StrEnum):
    """Why nobody is watched from now on; whatever was begun with it is to be taken back."""

    DEAD = "dead"
    UNSHARED = "unshared"
    """The record is not shared: its alerts would reach nobody."""
    ARCHIVED = "archived"
    NEWER = "newer"
    """Somebody signed for this patient meanwhile."""
    SUBSTITUTE = "substitute"
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
    patient: VisiblePatientId,
    *,
    profile: tuple[str, int],
    ladder: tuple[str, int],
    now: datetime,
) -> UUID | NotBegun:
    """Start watching a patient in the transaction of a person with `monitoring:write`.

    What begins is signed by him in full, as any later version: the template's content. Of a live
    prescription by the same template all that was set for this patient stays, of another his usual
    values and his scale of NEWS2.

    Returns the prescription or why not. Raises ValueError for a demonstration ladder in production.
    """
    before = next(
        (row for row in prescribing.load_versions(conn, patient) if not row.ends_at), None
    )
    content = _begun(before, profile, ladder)
    refuse_demonstration(*content.ladder)
    if lacks_substitute(conn, patient, *content.ladder):
        return NotBegun.SUBSTITUTE
    prescription = new_id(now)
    text = canonical(content)
    word = reviewing.start_watching(
        conn,
        id=prescription,
        patient=patient,
        before=before.id if before else None,
        content=text,
        digest=digest_of(text),
        look_at=first_look(content, Signed(prescription=prescription, version=1), now),
        missing=to_json(never_measured(profile_of(content, load_profile(*content.template)))),
        news2=to_json(NO_NEWS2),
        since=now - FIRST_LOOK,
    )
    return prescription if word == "begun" else NotBegun(word)


def _begun(before: VersionRow | None, profile: tuple[str, int], ladder: tuple[str, int]) -> Content:
    """Return what is signed now, with what a clinician had set for this patient."""
    if before is None:
        return content_of(load_profile(*profile), ladder)
    known, same = content_in(before), before.profile_id == profile[0]
    if same and before.content is not None:
        return structs.replace(known, ends_on=None)
    return content_of(
        load_profile(*profile),
        ladder,
        overrides=_overrides(before) if same else (),
        usual={**before.usual_values, **usual_of(known)},
        spo2_scale=known.spo2_scale,
    )


def _overrides(row: VersionRow) -> tuple[Override, ...]:
    shipped = load_profile(row.profile_id, row.profile_version)
    return read_profile(shipped, row.adjustments).overrides


def content_in(row: VersionRow) -> Content:
    """Return what a stored version prescribes in full, signed or taken from a template."""
    if row.content is not None:
        return parse_content(row.content)
    return content_of(
        load_profile(row.profile_id, row.profile_version),
        (row.ladder_id, row.ladder_version),
        overrides=_overrides(row),
        usual=row.usual_values,
        spo2_scale=row.spo2_scale,
    )


def first_look(content: Content, signed: Signed, now: datetime) -> datetime | None:
    """Return when what begins now is to be looked at first, by the clock."""
    wanted = zone(settings().time_zone)
    return look(content, signed, begun=now, looked_at=now, last={}, zone=wanted, now=now).look_at


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
