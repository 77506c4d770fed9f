"""English words of the journal of accesses; each is the msgid of its translation. Pure."""

from collections.abc import Iterable
from datetime import tzinfo
from typing import Final

from coordination.circle_words import basis_label
from coordination.journal import EMERGENCY, OWN, Access
from core import spreadsheet
from core.i18n import Translate
from identity.words import permission_label, role_label

PURPOSE_LABELS: Final[dict[str, str]] = {
    "TREAT": "for care",
    "ETREAT": "for emergency care",
    EMERGENCY: "in an emergency (break-glass)",
    OWN: "by the person, in his own record",
    "FAMRQT": "at the request of the family",
    "CAREMGT": "to coordinate the care",
    "COC": "to coordinate the care",
}
"""PurposeOfUse of HL7 v3 ActReason, in words a patient reads."""
SERVICE_LABELS: Final[dict[str, str]] = {
    "review": "Check of the measurements and answers",
    "escalation": "Passing alerts on",
    "outbox": "Sending of messages",
    "sealer": "Protection of this list against changes",
    "heartbeat": "Check that the service is alive",
    "administration": "Administration of the site",
    "ingest": "Receipt of the measurements",
    "planning": "Planning of the questionnaires",
    "silence": "Search for questionnaires without an answer",
    "reminder": "Reminders of the questionnaires",
}
HEADING_LABELS: Final[dict[str, str]] = {
    "day": "Day",
    "time": "Time",
    "who": "Person",
    "role": "Role in the circle",
    "organisation": "Organisation of the post",
    "what": "What was opened or done",
    "result": "Result",
    "why": "For what",
    "right": "Through which right",
}


def purpose_label(purpose: str) -> str:
    """Return the msgid of a purpose of use; an unknown one is shown as it is."""
    return PURPOSE_LABELS.get(purpose, purpose)


def service_label(service: str) -> str:
    """Return the msgid of a machine's work; an unknown one is shown as it is."""
    return SERVICE_LABELS.get(service, service)


def to_csv(accesses: Iterable[Access], say: Translate, zone: tzinfo) -> str:
    """Return one line an access, for a spreadsheet."""
    heading = [say(label) for label in HEADING_LABELS.values()]
    return spreadsheet.to_csv([heading, *(_cells(access, say, zone) for access in accesses)])


def _cells(access: Access, say: Translate, zone: tzinfo) -> list[str]:
    at = access.at.astimezone(zone)
    return [
        f"{at:%d/%m/%Y}",
        f"{at:%H:%M:%S}",
        access.person_name or say("A service of the platform"),
        say(role_label(access.role)) if access.role else "",
        access.organisation_name or "",
        say(permission_label(access.permission)),
        say("refused") if access.refused else say("allowed"),
        say(purpose_label(access.purpose)),
        say(basis_label(access.basis)) if access.basis else "",
    ]
