"""The numbers of an answer as readings and observations, kept in step with its corrections."""

from core.doors import CareContext, PersonConnection
from questionnaires import answers_store as store
from questionnaires.answered import Entry
from questionnaires.answers_store import NewAnswer
from questionnaires.extracting import extract
from questionnaires.history import amending
from questionnaires.questionnaire import Questionnaire
from questionnaires.store import save_request_for_review


def record(
    conn: PersonConnection, ctx: CareContext, questionnaire: Questionnaire, new: NewAnswer
) -> None:
    """Ask for the review of an answer, and store its numbers as readings and observations."""
    save_request_for_review(conn, ctx.patient, new.answered_at, new.received_at)
    found = extract(questionnaire, new.answers, new.scores)
    store.add_measured(conn, new, found.measured, found.coded)


def amend(
    conn: PersonConnection,
    ctx: CareContext,
    questionnaire: Questionnaire,
    before: Entry,
    after: NewAnswer,
) -> None:
    """Bring the numbers of the record to what a correction says, and have it judged."""
    save_request_for_review(conn, ctx.patient, after.answered_at, after.received_at)
    found = extract(questionnaire, after.answers, after.scores)
    readings = {one.link_id: one for one in store.load_readings_of(conn, before.id)}
    plan = amending({link: float(before.answers[link]) for link in readings}, found.measured)
    for link in plan.kept:
        store.add_reading_of(conn, ctx.patient, after.id, readings[link])
    for change in plan.amended:
        reading = readings[change.link_id]
        done = store.amend_reading(
            conn, ctx.patient, reading, change.value, after.reason or "", after.received_at
        )
        if not done:
            raise LookupError("a reading of this very answer cannot be amended")
        if change.value is not None:
            store.add_reading_of(conn, ctx.patient, after.id, reading)
    store.add_measured(conn, after, plan.added, found.coded)
