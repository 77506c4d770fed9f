"""Prescribing: by which profile and ladder a patient is watched."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from alerts.profile import Override, Profile
from core.doors import CareContext


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

    The patient stands in the queues of his organisations at once, without a level.
    """
    raise NotImplementedError


def watching_profile(ctx: CareContext) -> Profile | None:
    """Return the patient's live profile with his own limits, or None without a prescription."""
    raise NotImplementedError
