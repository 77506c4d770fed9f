"""Inviting a patient to open an account: from his record, by a caregiver who knows who he is."""

from dataclasses import dataclass

from core import clock
from core.doors import CareContext, PersonConnection, acting_as
from core.ids import new_id
from identity import activation_service
from identity.store import administration as rows


@dataclass(frozen=True, slots=True)
class PatientInvited:
    """The state of the account afterwards; `code` is shown once, to be given by hand."""

    state: str
    code: str = ""


def account_state(ctx: CareContext) -> str:
    """Return the state of the account of the patient in hand; needs `identity:write`."""
    with acting_as(ctx) as conn:
        return rows.load_patient_account(conn, ctx.patient)


def invite(ctx: CareContext, mail: str) -> PatientInvited:
    """Mail the patient in hand a link to open his account; an account in use is left alone."""
    with acting_as(ctx, action="U", detail={"act": "invite"}) as conn:
        state = prepare_account(conn, ctx, mail)
    if state != "invited":
        return PatientInvited(state)
    return PatientInvited(state, send_invitation(ctx, mail))


def prepare_account(conn: PersonConnection, ctx: CareContext, mail: str) -> str:
    """Make the account in the caller's transaction; needs `identity:write` or `monitoring:write`.

    Returns `invited`, `mail_taken`, `dead`, or the state of an account in use. Once committed, the
    link follows by `send_invitation`.
    """
    return rows.invite_patient(conn, ctx.patient, contact=new_id(clock.now()), mail=mail)


def send_invitation(ctx: CareContext, mail: str) -> str:
    """Mail the link to a prepared account; return the code to give by hand."""
    return activation_service.invite(ctx.patient, mail)
