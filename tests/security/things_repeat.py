"""A measure the patient is asked to take again."""

from uuid import UUID, uuid4

from tests.security.cast import Cast
from tests.security.makers import makes


@makes("repeat_id")
def make_repeat(cast: Cast) -> UUID:
    """A measure the patient is asked to take again; the one before it is settled."""
    repeat = uuid4()
    cast.owner.execute(
        "update alerts.repeat set state = 'within', ended_at = now()"
        " where patient_id = %s and state = 'asked'",
        [cast.patient],
    )
    cast.owner.execute(
        "insert into alerts.repeat (id, patient_id, patient_key, item, breaches, asked_at, due_at,"
        " state) select %s, id, key, 'spo2', '{}', now(), now() + interval '15 minutes', 'asked'"
        " from access.patient where id = %s",
        [repeat, cast.patient],
    )
    return repeat
