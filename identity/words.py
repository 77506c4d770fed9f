"""English words for roles, rights and sexes on pages; each is the msgid of its translation."""

from datetime import date
from typing import Any, Final

from core.access import Permission, Role
from core.i18n import translator
from identity.numbers import say_ins
from identity.records import TRAIT_LABELS

ROLE_LABELS: Final[dict[str, str]] = {
    Role.PATIENT: "Patient",
    Role.CARER: "Family carer",
    Role.TRUSTED_PERSON: "Trusted person",
    Role.LEGAL_REPRESENTATIVE: "Legal representative",
    Role.PROPERTY_REPRESENTATIVE: "Legal representative for property",
    Role.GP: "GP",
    Role.COORDINATING_DOCTOR: "Coordinating doctor",
    Role.HOME_NURSE: "Home nurse",
    Role.PHARMACIST: "Pharmacist",
    Role.PHYSIOTHERAPIST: "Physiotherapist",
    Role.TELEMONITORING_NURSE: "Telemonitoring nurse",
    Role.SOCIAL_WORKER: "Social worker",
    Role.HOME_HELP: "Home help",
    Role.DAC_COORDINATOR: "DAC coordinator",
    Role.HOSPITAL_DOCTOR: "Hospital doctor",
    Role.EMERGENCY: "Emergency access",
    Role.ADMINISTRATOR: "Administrator of accounts",
    Role.IDENTITY_OFFICER: "Identity officer",
    Role.ACCESS_REVIEWER: "Reviewer of emergency accesses",
    Role.TELEMONITORING_CENTRE: "Telemonitoring centre",
    Role.HOME_HELP_SERVICE: "Home help service",
    Role.DAC: "Coordination support service (DAC)",
    Role.WARD: "Hospital ward",
    Role.PRACTICE: "Practice",
}

SEX_LABELS: Final[dict[str, str]] = {
    "female": "Woman",
    "male": "Man",
    "unknown": "Sex unknown",
}

PERMISSION_LABELS: Final[dict[str, str]] = {
    Permission.IDENTITY_READ: "read the identity",
    Permission.IDENTITY_WRITE: "change the identity",
    Permission.CIRCLE_READ: "see the care circle",
    Permission.CIRCLE_MANAGE: "manage the care circle",
    Permission.VITALS_READ: "read the measurements",
    Permission.VITALS_WRITE: "enter measurements",
    Permission.ALERTS_READ: "read the alerts",
    Permission.ALERTS_ACKNOWLEDGE: "answer the alerts",
    Permission.ANSWERS_READ: "read the answers",
    Permission.ANSWERS_WRITE: "answer the questionnaire",
    Permission.MONITORING_WRITE: "begin, change and end the follow-up",
    Permission.NOTES_READ: "read the shared notes",
    Permission.NOTES_WRITE: "write shared notes",
    Permission.DOCUMENTS_READ: "read the documents",
    Permission.DOCUMENTS_WRITE: "add documents",
    Permission.PLAN_READ: "read the care plan",
    Permission.PLAN_WRITE: "change the care plan",
    Permission.PLAN_COMMENT: "comment the care plan",
    Permission.STAYS_READ: "see stays in hospital",
    Permission.STAYS_WRITE: "note stays in hospital",
    Permission.ACTIONS_READ: "see what is to be done",
    Permission.ACTIONS_WRITE: "give something to do",
    Permission.VISITS_READ: "see the planned visits",
    Permission.VISITS_REPORT: "say whether a visit was made",
    Permission.SUPPORT_READ: "see what is asked of a DAC",
    Permission.SUPPORT_REQUEST: "ask a DAC for support",
    Permission.SUPPORT_ANSWER: "answer requests for support",
    Permission.SOCIAL_READ: "read the social section",
    Permission.SOCIAL_WRITE: "change the social section",
    Permission.LEGAL_READ: "read the legal protection",
    Permission.LEGAL_WRITE: "change the legal protection",
    Permission.LEGAL_FLAG: "see that a legal protection exists",
    Permission.CHAT_READ: "read the chat",
    Permission.CHAT_WRITE: "write in the chat",
    Permission.ITEMS_HIDE: "hide an item from a member",
    Permission.AUDIT_READ: "see who opened the record",
    Permission.CONTRIBUTIONS_READ: "print his own signed notes after leaving",
    Permission.QUEUE_READ: "see the queue of the centre",
    Permission.QUARANTINE_READ: "see the readings set aside",
    Permission.QUARANTINE_RESOLVE: "resolve the readings set aside",
    Permission.BREAK_GLASS: "open a record in an emergency",
    Permission.BREAK_GLASS_REVIEW: "review emergency accesses",
    Permission.PATIENTS_SEARCH: "search for a patient",
    Permission.PATIENTS_INCLUDE: "register a patient",
    Permission.PATIENTS_MERGE: "merge two records of one patient",
    Permission.TELEMONITORING_REQUEST: "ask a centre to follow a patient",
    Permission.DIRECTORY_READ: "search the directory",
    Permission.DIRECTORY_IMPORT: "import a directory",
    Permission.INSTRUMENTS_MANAGE: "import and publish questionnaires",
    Permission.ROTA_MANAGE: "plan who is on duty",
    Permission.ACCOUNTS_MANAGE: "manage the accounts of the organisation",
}

STATUS_LABELS: Final[dict[str, str]] = {
    "provisional": "Provisional identity",
    "recovered": "Recovered identity",
    "validated": "Validated identity",
    "qualified": "Qualified identity",
}

SOURCE_LABELS: Final[dict[str, str]] = {
    "declared": "Said by the person",
    "document": "Identity document",
    "insi": "INSi service",
    "other_system": "Another system",
}

DOCUMENT_LABELS: Final[dict[str, str]] = {
    "identity_card": "National identity card",
    "passport": "Passport",
    "residence_permit": "Residence permit",
    "family_record": "Family record book, with a parent's document",
    "birth_certificate": "Birth certificate, with a parent's document",
    "electronic": "Electronic identity (France Identité, FranceConnect+)",
}

CAUSE_LABELS: Final[dict[str, str]] = {
    "same_ins": "Same INS number",
    "same_traits": "Same names, birth date and sex",
    "close_names": "Close names, same birth date",
}

INS_KIND_LABELS: Final[dict[str, str]] = {
    "nir": "NIR",
    "nia": "NIA (waiting number)",
    "test": "Test number",
}


def identity_words(locale: str) -> dict[str, Any]:
    """Return what the pages of identities need to say: tables of words, and functions."""
    say = translator(locale)
    labels = {**SEX_LABELS, **STATUS_LABELS, **SOURCE_LABELS, **DOCUMENT_LABELS}

    def trait(name: str, value: Any) -> str:
        if value is None or value == "":
            return "–"
        if isinstance(value, bool):
            return say("Yes") if value else say("No")
        if name == "birth_date":
            return say_day(value)
        return say(labels[value]) if value in labels else str(value)

    return {
        "sex_labels": SEX_LABELS,
        "status_labels": STATUS_LABELS,
        "documents": DOCUMENT_LABELS,
        "ins_kinds": INS_KIND_LABELS,
        "causes": CAUSE_LABELS,
        "trait_labels": TRAIT_LABELS,
        "trait": trait,
        "say_day": say_day,
        "say_ins": say_ins,
        "say_phone": say_phone,
    }


def say_day(day: date | str) -> str:
    """Write a day as on identity documents, 02/04/1951."""
    known = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{known:%d/%m/%Y}"


def role_label(role: str | None) -> str:
    """Return the msgid of a role; an unknown one is shown as it is."""
    return ROLE_LABELS.get(role or "", role or "")


def permission_label(permission: str) -> str:
    """Return the msgid of a right; an unknown one is shown as it is."""
    return PERMISSION_LABELS.get(permission, permission)


def say_phone(number: str) -> str:
    """Write a French telephone number in pairs, « 06 39 98 01 12 »; any other as it is."""
    digits = number.replace(" ", "")
    if len(digits) != 10 or not digits.isdigit():
        return number
    return " ".join(digits[i : i + 2] for i in range(0, 10, 2))
