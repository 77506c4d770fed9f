"""Use cases of the patient who is asked to measure again: what is asked, and what he answers."""

from uuid import UUID

from alerts.repeat import MyRepeat
from alerts.store import repeats
from core.doors import CareContext, acting_as
from questionnaires.library_service import active_edition
from questionnaires.phone_service import known_edition
from questionnaires.questionnaire import Questionnaire


def mine(ctx: CareContext) -> list[MyRepeat]:
    """Return what may still be measured again, the latest first; needs `answers:write`."""
    with acting_as(ctx) as conn:
        asked = repeats.load_mine(conn, ctx.patient)
    return [one for one in asked if one.is_open]


def find(ctx: CareContext, repeat: UUID) -> MyRepeat | None:
    """Return what the patient was asked, open or over, whenever; None when it is not his."""
    with acting_as(ctx) as conn:
        return repeats.load_one(conn, ctx.patient, repeat)


def questions_of(repeat: MyRepeat, digest: str = "") -> Questionnaire:
    """Return the questions that guide him: those the page was made of, else those of now."""
    known = known_edition(digest) if digest else None
    now = active_edition(repeat.questionnaire)
    return known if known is not None and known.name == now.name else now


def note_answered(ctx: CareContext, repeat: UUID, key: str) -> bool:
    """Attach the answer kept under a key to a repeat, and to its alert; False if it is not his."""
    with acting_as(ctx, action="U", detail={"repeat": str(repeat)}) as conn:
        return repeats.save_answered(conn, repeat, key)
