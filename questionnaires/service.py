"""Use cases of asking: which questionnaire, sending it in, the last ones, who has read them."""

from dataclasses import dataclass
from datetime import datetime

from core import clock
from core.doors import CareContext, PersonConnection, acting_as
from core.ids import new_id
from questionnaires import store
from questionnaires.answered import Answered, ReadReceipt
from questionnaires.filling import Given, Rejected, fill
from questionnaires.library_service import active_edition, edition_of_version
from questionnaires.questionnaire import Questionnaire, Value

DAILY = "home-daily"
"""The questionnaire of every day (proposed)."""


@dataclass(frozen=True, slots=True)
class Stored:
    """The questionnaire is stored; `again` when the same key had been sent before."""

    answered: Answered
    again: bool


def daily() -> Questionnaire:
    """Return the questionnaire of every day, in the edition in force."""
    return active_edition(DAILY)


def edition_of(answered: Answered) -> Questionnaire:
    """Return the edition an answer was given to, whatever became of it since."""
    return edition_of_version(answered.instrument, str(answered.version))


def submit(
    ctx: CareContext,
    edition: Questionnaire,
    given: Given,
    client_key: str,
    answered_at: datetime,
) -> Stored | Rejected:
    """Store a filled-in questionnaire, its numbers as readings, and ask for their review.

    All in one transaction, once for each `client_key`: sent again it gives back what is stored.
    Needs a context opened for `answers:write`.
    """
    read = fill(edition, given)
    if isinstance(read, Rejected):
        return read
    now = clock.now()
    with acting_as(ctx, action="C", detail={"instrument": edition.name}) as conn:
        new = store.save_answer(
            conn,
            id=new_id(now),
            patient=ctx.patient,
            edition=edition,
            answers=read.values,
            answered_at=answered_at,
            received_at=now,
            entered_by=ctx.actor.person,
            client_key=client_key,
        )
        if new:
            _ask_for_judgement(conn, ctx, edition, read.values, answered_at, now)
        stored = store.load_answer(conn, ctx.patient, client_key)
    if stored is None:
        raise LookupError("answers just stored are not readable: answers:read is missing")
    return Stored(stored, again=not new)


def _ask_for_judgement(
    conn: PersonConnection,
    ctx: CareContext,
    edition: Questionnaire,
    values: dict[str, Value],
    answered_at: datetime,
    now: datetime,
) -> None:
    """Append the answers, and each number as a reading, to what is due for review."""
    store.save_request_for_review(conn, ctx.patient, answered_at, now)
    for item in edition.flat():
        value = values.get(item.link_id)
        if item.vital is not None and isinstance(value, int | float):
            store.save_reading(
                conn,
                ctx.patient,
                item.vital,
                value,
                measured_at=answered_at,
                received_at=now,
            )


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
