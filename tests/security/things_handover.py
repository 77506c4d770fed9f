"""A handover that a nurse of the centre signed about the patient, and nobody has taken over."""

from uuid import UUID, uuid4

from tests.security.cast import CANARY, Cast
from tests.security.makers import makes


@makes("handover_id")
def make_handover(cast: Cast) -> UUID:
    """Return a handover with one line, whose words are the patient's."""
    handover = uuid4()
    cast.owner.execute(
        "insert into alerts.handover (id, organisation, giver, since, given_at, note, done, digest)"
        " values (%s, %s, %s, now() - interval '8 hours', now(), %s, '{}', repeat('a', 64))",
        [handover, cast.home.care.centre, cast.home.care.nurse.person, CANARY],
    )
    cast.owner.execute(
        "insert into alerts.handover_line (handover, place, patient_id, first_call_late,"
        " call_back_due, remark) values (%s, 1, %s, true, false, %s)",
        [handover, cast.patient, CANARY],
    )
    return handover
