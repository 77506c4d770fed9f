"""What the patient was asked and what he answered: a plan, its tasks, answers, a photo, a link."""

from typing import Final
from uuid import UUID, uuid4

from questionnaires.library_service import active_edition
from questionnaires.plans.schedule import schedule_json
from questionnaires.plans.service import programmes
from tests.security.cast import CANARY, Cast, add_party
from tests.security.makers import makes


@makes("plan_id")
def make_plan(cast: Cast) -> UUID:
    """A running plan of the patient, of a programme nobody else uses."""
    plan = uuid4()
    cast.owner.execute(
        "insert into questionnaires.plan (id, patient_id, programme, programme_version, title,"
        " zone, starts_on, high_risk, required_by_law, created_at, created_by)"
        " values (%s, %s, %s, 1, %s, 'Europe/Paris', current_date, false, false, now(), %s)",
        [plan, cast.patient, f"x-{plan.hex}", f'{{"fr": "Plan de {CANARY}"}}', cast.patient],
    )
    return plan


@makes("questionnaire")
def _questionnaire(_cast: Cast) -> str:
    """One that is published, by its name: every plan may ask it."""
    return "mmrc"


SCHEDULE: Final = schedule_json(programmes()["covid-14"].lines[0].schedule)


@makes("task_id")
def make_task(cast: Cast) -> UUID:
    """A questionnaire the patient is asked today, in a plan of its own."""
    line, task = uuid4(), uuid4()
    cast.owner.execute(
        "insert into questionnaires.plan_line (id, plan_id, patient_id, questionnaire, edition,"
        " schedule, begins_at, planned_through)"
        " values (%s, %s, %s, 'home-daily', %s, %s, now(), 'infinity')",
        [line, make_plan(cast), cast.patient, active_edition("home-daily").digest, SCHEDULE],
    )
    cast.owner.execute(
        "insert into questionnaires.task (id, patient_id, line_id, edition, occasion, opens_at,"
        " due_at, alarm_at) select %s, patient_id, id, edition, now(), now(), now(),"
        " now() + interval '1 day' from questionnaires.plan_line where id = %s",
        [task, line],
    )
    return task


@makes("answer_id")
def _answer(cast: Cast) -> UUID:
    """What was measured at the patient's bedside, by somebody in no other relation."""
    answer, person = uuid4(), add_party(cast.owner, "person", "Infirmier")
    cast.owner.execute(
        "insert into questionnaires.answer (id, patient_id, instrument, version, edition, source,"
        " answers, answered_at, received_at, entered_by, client_key, words)"
        " values (%s, %s, 'bedside-measures', '1', %s, 'bedside', '{}', now(), now(), %s, %s, %s)",
        [
            answer,
            cast.patient,
            active_edition("bedside-measures").digest,
            person,
            str(answer),
            CANARY,
        ],
    )
    return answer


@makes("photo_id")
def _photo(cast: Cast) -> UUID:
    """A photograph the patient has sent."""
    photo = uuid4()
    cast.owner.execute(
        "insert into questionnaires.photo (id, patient_id, by_person, at, kind, width, height,"
        " bytes) values (%s, %s, %s, now(), 'image/jpeg', 1, 1, %s)",
        [photo, cast.patient, cast.patient, CANARY.encode()],
    )
    return photo


@makes("answer_link")
def make_answer_link(cast: Cast) -> UUID:
    """A link by which the patient may answer one questionnaire."""
    link = uuid4()
    cast.owner.execute(
        "insert into questionnaires.link (id, patient_id, recipient, edition, token_hash,"
        " code_hash, made_at, expires_at) values (%s, %s, %s, %s, sha256(%s), sha256('x'), now(),"
        " now() + interval '1 day')",
        [link, cast.patient, cast.patient, active_edition("home-daily").digest, link.bytes],
    )
    return link
