"""A shift that somebody is asked to take."""

from uuid import UUID, uuid4

from tests.security.cast import Cast
from tests.security.makers import makes


@makes("swap_id")
def make_swap(cast: Cast) -> UUID:
    """A shift of a day that the nurse of the centre is asked to take instead of the GP."""
    shift, swap = uuid4(), uuid4()
    care = cast.home.care
    cast.owner.execute(
        "insert into alerts.shift (id, organisation, person, duty, weekdays, starts, ends,"
        " on_holidays, first_on, last_on, made_by, made_at) values (%s, %s, %s, 'on_call',"
        " '{0,1,2,3,4,5,6}', '20:00', '08:00', 'as_usual', '2020-01-01', '2020-01-31', %s, now())",
        [shift, care.centre, care.gp.person, care.nurse.person],
    )
    cast.owner.execute(
        "insert into alerts.swap (id, organisation, shift, day, to_person, asked_by, asked_at)"
        " values (%s, %s, %s, '2020-01-06', %s, %s, now())",
        [swap, care.centre, shift, care.nurse.person, care.gp.person],
    )
    return swap
