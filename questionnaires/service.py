"""Use cases of asking: which questionnaire, the last answers, who has read them."""

from core.doors import CareContext, acting_as
from questionnaires import store
from questionnaires.answered import Answered, ReadReceipt
from questionnaires.library_service import active_edition, edition_of_version, load_edition
from questionnaires.questionnaire import Questionnaire

DAILY = "home-daily"
"""The questionnaire of every day (proposed)."""


def daily() -> Questionnaire:
    """Return the questionnaire of every day, in the edition in force."""
    return active_edition(DAILY)


def edition_of(answered: Answered) -> Questionnaire:
    """Return the edition an answer was given to, whatever became of it since."""
    if answered.edition is None:
        return edition_of_version(answered.instrument, answered.version)
    return load_edition(answered.edition)


def last_answers(ctx: CareContext, most: int = 1) -> list[Answered]:
    """Return the last questionnaires, newest first; needs `answers:read`."""
    with acting_as(ctx) as conn:
        return store.load_last(conn, ctx.patient, most)


def last_with_receipt(ctx: CareContext) -> tuple[Answered | None, ReadReceipt | None]:
    """Return the patient's own last questionnaire and when the team first read it."""
    with acting_as(ctx) as conn:
        last = next(iter(store.load_last(conn, ctx.patient, 1)), None)
        receipt = store.load_receipt(conn, ctx.patient, last.received_at) if last else None
    return last, receipt
