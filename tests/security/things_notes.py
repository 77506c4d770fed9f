"""Notes that are withheld, read, mentioned and reminded of."""

from datetime import timedelta
from uuid import UUID, uuid4

from tests.days import day_in_france
from tests.security.cast import CANARY, Cast
from tests.security.makers import MAKERS


def make_withheld(cast: Cast) -> UUID:
    """A note that is not communicable to the patient and his family."""
    item = MAKERS["item_id"](cast)
    cast.owner.execute(
        "insert into access.item_withheld (id, item_id, patient_id, cause, reason, review_on, by,"
        " at) select %s, item_id, patient_id, 'abuse', %s, current_date + 30, author, signed_at"
        " from access.item where item_id = %s",
        [uuid4(), CANARY, item],
    )
    assert isinstance(item, UUID)
    return item


def make_reminder(cast: Cast, item: object) -> UUID:
    """A note comes back today, to its author."""
    reminder = uuid4()
    cast.owner.execute(
        "insert into coordination.note_reminder (id, item_id, patient_id, due_on, party, made_by,"
        " made_at) select %s, item_id, patient_id, current_date, author, author, sent"
        " from coordination.note where item_id = %s",
        [reminder, item],
    )
    return reminder


def in_a_month() -> str:
    """A day on which something may be judged again."""
    return str(day_in_france() + timedelta(days=30))
