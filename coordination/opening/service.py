"""Use cases of how a record stands: sharing, archive, transfer, and what the patient says of it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from coordination.opening import store
from coordination.opening.opening import Outcome, Proposal, Record, Said
from coordination.opening.store import Paper, Sleeping, ToAnswer
from core import clock
from core.access import Permission
from core.doors import (
    Actor,
    CareContext,
    Service,
    acting_as,
    note_access,
    note_run,
    serving,
)
from core.ids import new_id
from questionnaires.edge.photo import Unusable, draw, turn
from questionnaires.photo_service import NotKept
from questionnaires.photo_service import count_try as count_drawing


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is shown beside the actor's patients: records proposed to his organisation, and those
    of which he is a member that sleeps."""

    to_answer: list[ToAnswer]
    sleeping: list[Sleeping]


def record(ctx: CareContext) -> Record | None:
    """Return how the record stands and how it came to; needs `circle:read`."""
    with acting_as(ctx, detail={"read": "record"}) as conn:
        head = store.load_head(conn, ctx.patient)
        if head is None:
            return None
        return Record(
            head=head,
            changes=store.load_changes(conn, ctx.patient),
            sleepers=store.load_sleepers(conn, ctx.patient),
            transfers=store.load_transfers(conn, ctx.patient),
            statements=store.load_statements(conn, ctx.patient),
        )


def set_sharing(ctx: CareContext, version: int, *, shared: bool, reason: str) -> Outcome:
    """Share the record with its circle, or let the others sleep; needs `circle:manage`."""
    detail = {"shared": shared}
    with acting_as(ctx, action="U", detail=detail) as conn:
        return store.save_sharing(
            conn, ctx.patient, new_id(clock.now()), version, shared=shared, reason=reason
        )


def set_archived(ctx: CareContext, version: int, *, archived: bool, reason: str) -> Outcome:
    """Archive the record, or open it again; needs `circle:manage`."""
    detail = {"archived": archived}
    with acting_as(ctx, action="U", detail=detail) as conn:
        return store.save_archived(
            conn, ctx.patient, new_id(clock.now()), version, archived=archived, reason=reason
        )


def note(
    ctx: CareContext, said: Said, photo: bytes, say: Callable[[str], str]
) -> Outcome | Unusable | NotKept:
    """Write down what the patient was told, agreed to or opposes, with the picture of the paper.

    For the patient himself or somebody with `circle:manage`. A picture that cannot be drawn leaves
    nothing written down: the form is sent again.
    """
    statement = new_id(clock.now())
    drawn = _drawn(ctx, photo) if photo else None
    if isinstance(drawn, Unusable | NotKept):
        return drawn
    detail = {"statement": str(statement), "kind": said.kind.value, "paper": drawn is not None}
    with acting_as(ctx, action="C", detail=detail) as conn:
        wording = say(said.text.wording)
        outcome = store.save_statement(conn, ctx.patient, statement, said, wording)
        if outcome is Outcome.DONE and drawn is not None:
            store.save_paper(conn, ctx.patient, statement, drawn)
        return outcome


def _drawn(ctx: CareContext, photo: bytes) -> Paper | Unusable | NotKept:
    """Have the picture drawn anew, as the photographs of answers are; each try counts."""
    with turn() as mine:
        if not mine:
            return Unusable.BUSY
        refused = count_drawing(ctx)
        if refused is not None:
            return refused
        drawn = draw(photo)
    if isinstance(drawn, Unusable):
        return drawn
    return Paper(
        id=new_id(clock.now()), width=drawn.width, height=drawn.height, bytes=drawn.picture
    )


def withdraw(ctx: CareContext, statement: UUID) -> bool:
    """Write down that the patient takes an agreement or an opposition back."""
    with acting_as(ctx, action="U", detail={"statement": str(statement)}) as conn:
        return store.end_statement(conn, ctx.patient, statement)


def paper(ctx: CareContext, paper_id: UUID) -> Paper | None:
    """Return the picture of a signed paper; needs `circle:manage`."""
    with acting_as(ctx, detail={"paper": str(paper_id)}) as conn:
        return store.load_paper(conn, ctx.patient, paper_id)


def propose(ctx: CareContext, proposal: Proposal, version: int) -> Outcome:
    """Propose the record to another organisation; needs `circle:manage`."""
    transfer = new_id(clock.now())
    with acting_as(ctx, action="C", detail={"transfer": str(transfer)}) as conn:
        return store.save_proposal(conn, ctx.patient, transfer, proposal, version)


def withdraw_proposal(ctx: CareContext, transfer: UUID) -> bool:
    """Take a proposal back before it is answered; needs `circle:manage`."""
    with acting_as(ctx, action="U", detail={"transfer": str(transfer)}) as conn:
        return store.end_proposal(conn, ctx.patient, transfer)


def waiting(actor: Actor) -> Waiting:
    """Return the records that wait for an answer of the actor's organisation, and those asleep.

    Each of the former is written down for its patient: his name was read.
    """
    with acting_as(actor) as conn:
        found = store.load_to_answer(conn)
        for one in found:
            detail = {"transfer": str(one.id)}
            note_access(conn, actor, Permission.PATIENTS_INCLUDE, one.patient_id, "R", detail)
        return Waiting(to_answer=found, sleeping=store.load_sleeping(conn))


def answer(actor: Actor, transfer: UUID, *, accepts: bool, why: str) -> UUID | None:
    """Accept or refuse a record for the actor's organisation; return whose it is."""
    with acting_as(actor) as conn:
        patient = store.save_answer(
            conn, transfer, new_id(clock.now()), accepts=accepts, answer=why
        )
        if patient is not None:
            detail = {"transfer": str(transfer), "accepts": accepts}
            note_access(conn, actor, Permission.PATIENTS_INCLUDE, patient, "U", detail)
        return patient


def heed_opposition() -> bool:
    """Close the sharing of one record whose follow-up ended after an opposition; whether one was.

    The sentinel calls it again and again, each time in a transaction of its own.
    """
    with serving(Service.ADMINISTRATION) as conn:
        patient = store.heed_opposition(conn)
        if patient is not None:
            note_run(conn, Service.ADMINISTRATION, "heed_opposition", closed=1)
    return patient is not None
