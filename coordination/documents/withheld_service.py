"""Use case of a document that is not communicable: it is judged again."""

from dataclasses import dataclass
from datetime import date

from coordination import notes_store
from coordination.documents.document import Document, Wrong
from coordination.documents.keeping_service import Done, NotYours
from coordination.noting import LONGEST_REASON, Written, parse_review_day
from core import clock
from core.doors import CareContext, acting_as
from core.ids import new_id


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """It is not withheld."""


def review(
    ctx: CareContext, found: Document, said: Written, *, kept: bool, today: date
) -> Done | NothingToDo | NotYours | Wrong:
    """Judge a withheld document again; its author and the doctors in charge do."""
    reason = said.reason.strip()
    day = parse_review_day(said.review_on, today) if kept else None
    with acting_as(ctx.actor, patient=ctx.patient) as conn:
        withheld = notes_store.load_withheld(conn, ctx.patient, found.item_id)
    if withheld is None:
        return NothingToDo()
    if not withheld.may_review:
        return NotYours()
    problems = {"review_on": "review"} if kept and day is None else {}
    if not reason or len(reason) > LONGEST_REASON:
        problems["reason"] = "reason"
    if problems:
        return Wrong(problems)
    with acting_as(ctx, action="U", detail={"item": str(found.item_id)}) as conn:
        done = notes_store.save_review(conn, new_id(clock.now()), found.item_id, day, reason)
    return Done() if done else NothingToDo()
