"""Things of a follow-up that paths name: requests, episodes, ties, devices to fetch, letters."""

from uuid import UUID, uuid4

from core import clock
from core.access import Role
from tests.people import make_patient
from tests.security.cast import CANARY, DAY, Cast, add_member
from tests.security.makers import makes


@makes("request_id")
def make_request(cast: Cast) -> UUID:
    """A request for the patient, from his GP to the centre that follows him, still waiting."""
    request, care = uuid4(), cast.home.care
    cast.owner.execute(
        "insert into coordination.request (id, requested_by, post, organisation, centre,"
        " birth_name, first_name, birth_date, sex, phone, programme, risk, reason, patient_told,"
        " sent_at, state) select %s, p.person, p.id, p.organisation, %s, %s, 'Jeanne',"
        " '1951-04-02', 'female', '0639980112', 'covid-14', 'usual', 'Retour à domicile', true,"
        " now(), 'sent' from access.post p where p.person = %s limit 1",
        [request, care.centre, CANARY, care.gp.person],
    )
    return request


@makes("episode_id")
def make_episode(cast: Cast) -> UUID:
    """A follow-up of the patient, with what he agreed to and an attempt to speak with him."""
    episode, inclusion, care = uuid4(), uuid4(), cast.home.care
    cast.owner.execute(
        "insert into coordination.inclusion (id, patient_id, organisation, state, opened_by,"
        " opened_at, saved_at, decided_by, decided_at) values"
        " (%s, %s, %s, 'included', %s, now(), now(), %s, now())",
        [inclusion, cast.patient, care.centre, care.nurse.person, care.nurse.person],
    )
    cast.owner.execute(
        "insert into coordination.episode (id, inclusion_id, patient_id, organisation, programme,"
        " eligibility, included_by, included_at, first_contact_due_at) values"
        " (%s, %s, %s, %s, 'p-' || %s, '{}', %s, now() - interval '3 days', now())",
        [episode, inclusion, cast.patient, care.centre, episode.hex, care.nurse.person],
    )
    cast.owner.execute(
        "insert into coordination.agreement (id, episode_id, patient_id, kind, agreed, text_id,"
        " text_version, wording, means, given_by, recorded_by, at) values"
        " (%s, %s, %s, 'telemonitoring', true, 'telemonitoring', 1, %s, 'spoken', %s, %s, now())",
        [uuid4(), episode, cast.patient, CANARY, cast.patient, care.nurse.person],
    )
    cast.owner.execute(
        "insert into coordination.first_contact (id, episode_id, patient_id, at, by_person,"
        " outcome, note) values (%s, %s, %s, now(), %s, 'no_answer', %s)",
        [uuid4(), episode, cast.patient, care.nurse.person, CANARY],
    )
    return episode


@makes("tie_id")
def make_tie(cast: Cast) -> UUID:
    """Somebody else who lives with the patient, in the same circle."""
    tie, other = uuid4(), make_patient(uuid4().hex, "Proche")
    add_member(
        cast.owner,
        other,
        cast.home.care.centre,
        Role.TELEMONITORING_CENTRE,
        clock.now() - DAY,
        None,
    )
    cast.owner.execute(
        "insert into coordination.household_link (id, patient_id, other_id, kind, noted_by,"
        " noted_at) values (%s, %s, %s, 'household', %s, now())",
        [tie, cast.patient, other, cast.home.care.nurse.person],
    )
    return tie


@makes("kit_id")
def make_kit(cast: Cast) -> UUID:
    """A device of the centre to fetch from the patient's home."""
    kit, assignment, device = uuid4(), uuid4(), uuid4().hex
    cast.owner.execute(
        "insert into devices.device (id, model, organisation, created_at)"
        " values (%s, 'oxymètre', %s, now())",
        [device, cast.home.care.centre],
    )
    cast.owner.execute(
        "insert into devices.assignment (id, device, patient_id, valid)"
        " values (%s, %s, %s, tstzrange(now() - interval '1 day', null))",
        [assignment, device, cast.patient],
    )
    cast.owner.execute(
        "insert into coordination.kit_return (id, patient_id, organisation, assignment, device,"
        " asked_at) values (%s, %s, %s, %s, %s, now())",
        [kit, cast.patient, cast.home.care.centre, assignment, device],
    )
    return kit


@makes("letter_id")
def make_letter(cast: Cast) -> UUID:
    """The letter of a follow-up of the patient that has ended."""
    letter = uuid4()
    cast.owner.execute(
        "insert into coordination.exit_letter (id, patient_id, episode_id, made_at, made_by, pdf)"
        " values (%s, %s, %s, now(), %s, %s)",
        [letter, cast.patient, make_episode(cast), cast.home.care.nurse.person, CANARY.encode()],
    )
    return letter
