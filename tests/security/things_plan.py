"""Stays, actions, visits and requests for support of a record."""

from uuid import UUID, uuid4

from tests.security.cast import CANARY, Cast
from tests.security.makers import makes


def no_stay(cast: Cast) -> None:
    """No stay of the patient is open or holds any time."""
    cast.owner.execute(
        "update coordination.stay set state = 'cancelled', asks_at = null where patient_id = %s",
        [cast.patient],
    )


@makes("stay_id")
def make_stay(cast: Cast) -> UUID:
    """A stay that is open, the only one."""
    no_stay(cast)
    stay = uuid4()
    cast.owner.execute(
        "insert into coordination.stay (id, patient_id, state, started_at, asks_at, opened_by,"
        " opened_at) values (%s, %s, 'admitted', now() - interval '1 hour', now() + interval"
        " '30 days', %s, now())",
        [stay, cast.patient, cast.home.care.gp.person],
    )
    cast.owner.execute(
        "insert into coordination.stay_event (id, stay_id, patient_id, at, by_person, what,"
        " started_at) select %s, id, patient_id, now(), opened_by, 'admitted', started_at"
        " from coordination.stay where id = %s",
        [uuid4(), stay],
    )
    return stay


@makes("action_id")
def make_action(cast: Cast) -> UUID:
    """Something to do, given to home helps: others see it by the plan."""
    item, author = uuid4(), cast.home.care.gp.person
    cast.owner.execute(
        "insert into access.item (item_id, patient_id, kind, author, author_name, author_role,"
        " patient_name, signed_at) values (%s, %s, 'action', %s, 'Auteur', 'gp', %s, now())",
        [item, cast.patient, author, CANARY],
    )
    cast.owner.execute(
        "insert into coordination.action (item_id, patient_id, author, wording, owner_role, due_on,"
        " state, accept_by, given_at) values (%s, %s, %s, %s, %s, current_date, 'proposed',"
        " now() + interval '2 days', now())",
        [item, cast.patient, author, f"Une action pour {CANARY}", "home_help"],
    )
    cast.owner.execute(
        "insert into coordination.action_event (id, item_id, patient_id, at, by_person, what)"
        " values (%s, %s, %s, now(), %s, 'give')",
        [uuid4(), item, cast.patient, author],
    )
    return item


@makes("line_id")
def make_line(cast: Cast) -> UUID:
    """The patient's doctor comes every day."""
    line = uuid4()
    cast.owner.execute(
        "insert into coordination.visit_line (id, patient_id, party, what, weekdays, starts_on,"
        " made_by, made_at) values (%s, %s, %s, %s, '{1,2,3,4,5,6,7}', current_date - 8, %s,"
        " now())",
        [line, cast.patient, cast.home.care.gp.person, f"Voir {CANARY}", cast.home.care.gp.person],
    )
    return line


def dac(cast: Cast) -> UUID:
    """An organisation that may be asked for support: that of the coordinators of the cast."""
    return cast.organisations["here"]


@makes("support_id")
def make_support(cast: Cast) -> UUID:
    """A request for support by the patient's doctor to the DAC of the cast, not yet received."""
    request, gp = uuid4(), cast.home.care.gp.person
    cast.owner.execute(
        "insert into coordination.support_request (id, patient_id, requester, performer, code,"
        " note, told, authored_on, receive_by, answer_by, state) values (%s, %s, %s, %s,"
        " 'complex', %s, true, now(), now() + interval '2 days', now() + interval '7 days',"
        " 'submitted')",
        [request, cast.patient, gp, dac(cast), f"Seul à la maison, {CANARY}"],
    )
    cast.owner.execute(
        "insert into coordination.support_event (id, request_id, patient_id, at, by_person, what)"
        " values (%s, %s, %s, now(), %s, 'submit')",
        [uuid4(), request, cast.patient, gp],
    )
    return request
