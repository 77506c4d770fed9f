"""Inviting a patient to open an account: from his record, by a caregiver who knows who he is.

Link and code are two keys: whoever chooses the mailbox does not see the code where the record
holds a mobile telephone and the site sends SMS. Elsewhere he gives it by hand, and the others who
follow the patient are told (docs/decisions/0100).
"""

from dataclasses import dataclass

from core import clock
from core.doors import CareContext, PersonConnection, acting_as
from core.ids import new_id
from core.settings import settings
from identity import activation_service
from identity.phone_numbers import parse_mobile
from identity.store import administration as rows
from identity.store.administration import Invitation


@dataclass(frozen=True, slots=True)
class PatientInvited:
    """The state of the account afterwards; `code` is shown once, to be given by hand.

    `texted` are the last digits of the telephone the code was sent to, unseen by anybody here.
    """

    state: str
    code: str = ""
    texted: str = ""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An account made ready, and the telephone (E.164) its code will go to, if there is one."""

    state: str
    mobile: str | None = None


def account_state(ctx: CareContext) -> str:
    """Return the state of the account of the patient in hand; needs `identity:write`."""
    with acting_as(ctx) as conn:
        return rows.load_patient_account(conn, ctx.patient)


def invitations(ctx: CareContext) -> list[Invitation]:
    """Return who invited the patient in hand and where to, newest first; needs `identity:read`."""
    with acting_as(ctx, detail={"read": "invitations"}) as conn:
        return rows.load_invitations(conn, ctx.patient)


def invite(ctx: CareContext, mail: str) -> PatientInvited:
    """Mail the patient in hand a link to open his account; an account in use is left alone."""
    with acting_as(ctx, action="U", detail={"act": "invite"}) as conn:
        prepared = prepare_account(conn, ctx, mail)
    if prepared.state != "invited":
        return PatientInvited(prepared.state)
    return send_invitation(ctx, mail, prepared)


def prepare_account(conn: PersonConnection, ctx: CareContext, mail: str) -> Prepared:
    """Make the account in the caller's transaction; needs `identity:write` or `monitoring:write`.

    Its state is `invited`, `mail_taken`, `dead`, or that of an account in use. Once committed, the
    link follows by `send_invitation`.
    """
    now = clock.now()
    typed = rows.load_invitation_phone(conn, ctx.patient) if settings().sms_url else ""
    mobile = parse_mobile(typed) if typed else None
    state = rows.invite_patient(
        conn,
        ctx.patient,
        contact=new_id(now),
        mail=mail,
        code_by="sms" if mobile else "hand",
        invitation=new_id(now),
    )
    return Prepared(state, mobile)


def send_invitation(ctx: CareContext, mail: str, prepared: Prepared) -> PatientInvited:
    """Mail the link to a prepared account; the code goes to his telephone, or is returned."""
    mobile = prepared.mobile
    code = activation_service.invite(ctx.patient, mail, mobile=mobile)
    return PatientInvited(prepared.state, code, (mobile or "")[-2:])
