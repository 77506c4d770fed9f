"""An exercise of the centre on the patient's record, whose report was never frozen."""

from uuid import UUID, uuid4

from tests.security.cast import Cast
from tests.security.makers import makes


@makes("drill_id")
def make_drill(cast: Cast) -> UUID:
    """Return an exercise under way, of a day ago so that none is in the way of another."""
    drill = uuid4()
    cast.owner.execute(
        "insert into alerts.drill (id, organisation, patient_id, measured_at, started_at)"
        " values (%s, %s, %s, clock_timestamp() - interval '2 days', now() - interval '2 days')",
        [drill, cast.home.care.centre, cast.patient],
    )
    return drill
