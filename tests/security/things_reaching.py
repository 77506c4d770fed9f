"""Things of reaching a patient that paths name: somebody to call, somebody sent to the home."""

from uuid import UUID, uuid4

from tests.security.cast import CANARY, CANARY_PHONE, Cast
from tests.security.makers import makes


@makes("contact_id")
def make_contact(cast: Cast) -> UUID:
    """Somebody to call for the patient, the second of the list."""
    first, contact, by = uuid4(), uuid4(), cast.home.care.nurse.person
    cast.owner.execute(
        "update coordination.person_to_call set removed_at = now(), removed_by = %s"
        " where patient_id = %s and removed_at is null",
        [by, cast.patient],
    )
    for place, made in enumerate((first, contact), start=1):
        cast.owner.execute(
            "insert into coordination.person_to_call (id, patient_id, place, name, tie, phone,"
            " has_key, noted_by, noted_at) values (%s, %s, %s, %s, 'fils', %s, true, %s, now())",
            [made, cast.patient, place, CANARY, CANARY_PHONE, by],
        )
    cast.owner.execute(
        "insert into coordination.attempt (id, patient_id, person_id, name, phone, at, by_person,"
        " outcome, note) values (%s, %s, %s, %s, %s, now(), %s, 'no_answer', %s)",
        [uuid4(), cast.patient, contact, CANARY, CANARY_PHONE, by, CANARY],
    )
    return contact


@makes("check_id")
def make_check(cast: Cast) -> UUID:
    """Somebody on his way to the patient, whose home is known."""
    check, by = uuid4(), cast.home.care.nurse.person
    cast.owner.execute(
        "insert into coordination.doubt_check (id, patient_id, alert_id, who, sent_at, sent_by)"
        " values (%s, %s, %s, %s, now(), %s)",
        [check, cast.patient, cast.alert, CANARY, by],
    )
    cast.owner.execute(
        "insert into coordination.home (patient_id, address, door_code, allergies, changed_at,"
        " changed_by) values (%s, %s, %s, %s, now(), %s) on conflict do nothing",
        [cast.patient, CANARY, CANARY, CANARY, by],
    )
    return check
