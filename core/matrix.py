"""The proposed matrix of rights, a block a role; to be validated by whoever deploys Chevet.

After the frame of coordination in French law (CSP L.1110-4, L.1110-12, R.1110-2: only what is
strictly necessary to the mission). `c` of that frame, "with explicit consent", is `by_agreement`.
"""

from collections.abc import Mapping
from typing import Final

from core.access import MISSIONS, Permission, Rights, Role

_P = Permission
_FINDS = frozenset({_P.DIRECTORY_READ, _P.PATIENTS_SEARCH})
_VALUES = frozenset(
    {
        _P.VITALS_READ,
        _P.VITALS_WRITE,
        _P.ALERTS_READ,
        _P.ALERTS_ACKNOWLEDGE,
        _P.ANSWERS_READ,
        _P.ANSWERS_WRITE,
    }
)
_SHARES = frozenset(
    {
        _P.NOTES_READ,
        _P.NOTES_WRITE,
        _P.DOCUMENTS_READ,
        _P.DOCUMENTS_WRITE,
        _P.ITEMS_HIDE,
    }
)
_CHATS = frozenset({_P.CHAT_READ, _P.CHAT_WRITE})
_KNOWS = frozenset({_P.IDENTITY_READ, _P.CIRCLE_READ})
_READS_PLAN = frozenset({_P.PLAN_READ, _P.ACTIONS_READ, _P.VISITS_READ, _P.STAYS_READ})
_WRITES_PLAN = frozenset({_P.PLAN_WRITE, _P.ACTIONS_WRITE, _P.VISITS_REPORT})
_ASKS_SUPPORT = frozenset({_P.SUPPORT_READ, _P.SUPPORT_REQUEST})
_CAREGIVER = (
    _KNOWS | _FINDS | _VALUES | _SHARES | _CHATS | _READS_PLAN | _WRITES_PLAN | _ASKS_SUPPORT
)
_DOCTOR = _CAREGIVER | {
    _P.STAYS_WRITE,
    _P.IDENTITY_WRITE,
    _P.CIRCLE_MANAGE,
    _P.SOCIAL_READ,
    _P.LEGAL_READ,
    _P.AUDIT_READ,
    _P.PATIENTS_INCLUDE,
    _P.MONITORING_WRITE,
    _P.TELEMONITORING_REQUEST,
}
_NURSE = _CAREGIVER | {_P.LEGAL_FLAG}
_FAMILY_BY_AGREEMENT = frozenset(
    {
        _P.IDENTITY_READ,
        _P.VITALS_READ,
        _P.VITALS_WRITE,
        _P.ANSWERS_READ,
        _P.ANSWERS_WRITE,
        _P.NOTES_READ,
        _P.DOCUMENTS_READ,
        *_READS_PLAN,
        *_CHATS,
    }
)

ROLE_PERMISSIONS: Final[Mapping[str, frozenset[Permission]]] = {
    Role.PATIENT: _KNOWS
    | _CHATS
    | _READS_PLAN
    | {
        _P.VITALS_READ,
        _P.VITALS_WRITE,
        _P.ANSWERS_READ,
        _P.ANSWERS_WRITE,
        _P.NOTES_READ,
        _P.DOCUMENTS_READ,
        _P.PLAN_COMMENT,
        _P.SOCIAL_READ,
        _P.LEGAL_READ,
        _P.ITEMS_HIDE,
        _P.AUDIT_READ,
    },
    Role.CARER: frozenset({_P.CIRCLE_READ}),
    Role.TRUSTED_PERSON: frozenset({_P.CIRCLE_READ}),
    Role.LEGAL_REPRESENTATIVE: _KNOWS
    | _CHATS
    | _READS_PLAN
    | {
        _P.PLAN_COMMENT,
        _P.SOCIAL_READ,
        _P.LEGAL_READ,
        _P.ITEMS_HIDE,
        _P.AUDIT_READ,
    },
    Role.PROPERTY_REPRESENTATIVE: _KNOWS | _CHATS | {_P.SOCIAL_READ, _P.LEGAL_READ},
    Role.GP: _DOCTOR,
    Role.COORDINATING_DOCTOR: _DOCTOR | {_P.INSTRUMENTS_MANAGE, _P.ROTA_MANAGE},
    Role.HOME_NURSE: _NURSE | {_P.PATIENTS_INCLUDE, _P.MONITORING_WRITE, _P.STAYS_WRITE},
    Role.PHARMACIST: _NURSE,
    Role.PHYSIOTHERAPIST: _NURSE,
    Role.TELEMONITORING_NURSE: _KNOWS
    | _READS_PLAN
    | _ASKS_SUPPORT
    | _FINDS
    | _VALUES
    | _CHATS
    | {
        _P.NOTES_READ,
        _P.NOTES_WRITE,
        _P.DOCUMENTS_READ,
        _P.ITEMS_HIDE,
        _P.LEGAL_FLAG,
        _P.ACTIONS_WRITE,
        _P.STAYS_WRITE,
        _P.QUEUE_READ,
        _P.QUARANTINE_READ,
        _P.QUARANTINE_RESOLVE,
        _P.PATIENTS_INCLUDE,
        _P.INSTRUMENTS_MANAGE,
        _P.ROTA_MANAGE,
        _P.MONITORING_WRITE,
    },
    Role.SOCIAL_WORKER: _KNOWS
    | _CHATS
    | _READS_PLAN
    | _ASKS_SUPPORT
    | {
        _P.DIRECTORY_READ,
        _P.ITEMS_HIDE,
        _P.VISITS_REPORT,
        _P.SOCIAL_READ,
        _P.SOCIAL_WRITE,
        _P.LEGAL_READ,
        _P.LEGAL_WRITE,
    },
    Role.HOME_HELP: _KNOWS | {_P.STAYS_READ, _P.ACTIONS_READ, _P.VISITS_READ, _P.VISITS_REPORT},
    Role.DAC_COORDINATOR: _KNOWS
    | _FINDS
    | _CHATS
    | _READS_PLAN
    | _WRITES_PLAN
    | {
        _P.STAYS_WRITE,
        _P.IDENTITY_WRITE,
        _P.CIRCLE_MANAGE,
        _P.VITALS_READ,
        _P.ALERTS_READ,
        _P.NOTES_WRITE,
        _P.ITEMS_HIDE,
        _P.SOCIAL_READ,
        _P.SOCIAL_WRITE,
        _P.LEGAL_READ,
        _P.LEGAL_WRITE,
        _P.PATIENTS_INCLUDE,
        _P.TELEMONITORING_REQUEST,
        _P.SUPPORT_READ,
        _P.SUPPORT_ANSWER,
    },
    Role.HOSPITAL_DOCTOR: _KNOWS
    | _FINDS
    | _READS_PLAN
    | _ASKS_SUPPORT
    | {
        _P.STAYS_WRITE,
        _P.VITALS_READ,
        _P.ALERTS_READ,
        _P.ANSWERS_READ,
        _P.LEGAL_FLAG,
        _P.PATIENTS_INCLUDE,
        _P.MONITORING_WRITE,
        _P.TELEMONITORING_REQUEST,
        _P.BREAK_GLASS,
    },
    Role.EMERGENCY: _KNOWS
    | _READS_PLAN
    | {
        _P.VITALS_READ,
        _P.ALERTS_READ,
        _P.ANSWERS_READ,
        _P.NOTES_READ,
        _P.DOCUMENTS_READ,
        _P.LEGAL_FLAG,
    },
    Role.ADMINISTRATOR: frozenset({_P.ACCOUNTS_MANAGE, _P.DIRECTORY_READ, _P.DIRECTORY_IMPORT}),
    Role.IDENTITY_OFFICER: frozenset({_P.PATIENTS_SEARCH, _P.PATIENTS_MERGE, _P.DIRECTORY_READ}),
    Role.ACCESS_REVIEWER: frozenset({_P.BREAK_GLASS_REVIEW, _P.DIRECTORY_READ}),
    **dict.fromkeys(sorted(MISSIONS), frozenset()),
}

AGREEMENT_PERMISSIONS: Final[Mapping[str, frozenset[Permission]]] = {
    Role.CARER: _FAMILY_BY_AGREEMENT,
    Role.TRUSTED_PERSON: _FAMILY_BY_AGREEMENT,
    Role.LEGAL_REPRESENTATIVE: frozenset(
        {_P.VITALS_READ, _P.ANSWERS_READ, _P.ANSWERS_WRITE, _P.NOTES_READ, _P.DOCUMENTS_READ}
    ),
    Role.HOME_NURSE: frozenset({_P.SOCIAL_READ}),
    Role.PHARMACIST: frozenset({_P.SOCIAL_READ}),
    Role.PHYSIOTHERAPIST: frozenset({_P.SOCIAL_READ}),
    Role.HOME_HELP: frozenset(
        {_P.NOTES_READ, _P.NOTES_WRITE, _P.ITEMS_HIDE, _P.PLAN_READ, *_CHATS}
    ),
    Role.DAC_COORDINATOR: frozenset({_P.NOTES_READ, _P.DOCUMENTS_READ}),
    Role.HOSPITAL_DOCTOR: frozenset({_P.NOTES_READ, _P.DOCUMENTS_READ}),
}

PROPOSED: Final = Rights(always=ROLE_PERMISSIONS, by_agreement=AGREEMENT_PERMISSIONS)

OF_POSTS: Final = frozenset(
    {
        _P.QUEUE_READ,
        _P.QUARANTINE_READ,
        _P.QUARANTINE_RESOLVE,
        _P.BREAK_GLASS,
        _P.BREAK_GLASS_REVIEW,
        _P.PATIENTS_SEARCH,
        _P.PATIENTS_INCLUDE,
        _P.PATIENTS_MERGE,
        _P.TELEMONITORING_REQUEST,
        _P.SUPPORT_ANSWER,
        _P.DIRECTORY_READ,
        _P.DIRECTORY_IMPORT,
        _P.ACCOUNTS_MANAGE,
        _P.INSTRUMENTS_MANAGE,
        _P.ROTA_MANAGE,
    }
)
"""Permissions on lists and tools of an organisation; all others are on a record."""

NO_RECORD: Final = frozenset(
    {Role.ADMINISTRATOR, Role.IDENTITY_OFFICER, Role.ACCESS_REVIEWER, *MISSIONS}
)
"""Roles that open no record in any deployment."""

KEPT: Final[Mapping[str, frozenset[Permission]]] = {
    Role.PATIENT: frozenset({_P.IDENTITY_READ, _P.CIRCLE_READ, _P.AUDIT_READ}),
}
"""What no deployment may take away: a person sees who is around him and who looked (RGPD 15)."""


class RightsError(ValueError):
    """A deployment's table of rights asks for what cannot be; the text says which line and why."""


def with_changes(changes: Mapping[str, Mapping[str, str]]) -> Rights:
    """Return the proposed table with a deployment's changes.

    `changes` is `{role: {permission: "yes" | "agreement" | "no"}}`.

    Raises RightsError for an unknown word, a record right given to a role that opens no record, a
    right on an organisation's lists given on agreement, or a right of the patient's taken away.
    """
    always = {role: set(granted) for role, granted in ROLE_PERMISSIONS.items()}
    agreed = {role: set(AGREEMENT_PERMISSIONS.get(role, ())) for role in ROLE_PERMISSIONS}
    for raw_role, cells in changes.items():
        for raw_permission, word in cells.items():
            role, permission = _cell(raw_role, raw_permission, word)
            always[role].discard(permission)
            agreed[role].discard(permission)
            if word == "yes":
                always[role].add(permission)
            elif word == "agreement":
                agreed[role].add(permission)
    return Rights(
        always={role: frozenset(granted) for role, granted in always.items()},
        by_agreement={role: frozenset(granted) for role, granted in agreed.items() if granted},
    )


def _cell(raw_role: str, raw_permission: str, word: str) -> tuple[Role, Permission]:
    where = f"[{raw_role}] {raw_permission} = {word!r}"
    if raw_role not in Role.__members__.values():
        raise RightsError(f"{where}: there is no role {raw_role}")
    if raw_permission not in Permission.__members__.values():
        raise RightsError(f"{where}: there is no permission {raw_permission}")
    if word not in ("yes", "agreement", "no"):
        raise RightsError(f'{where}: write "yes", "agreement" or "no"')
    role, permission = Role(raw_role), Permission(raw_permission)
    if word != "no" and role in NO_RECORD and permission not in OF_POSTS:
        raise RightsError(f"{where}: {role} opens no record")
    if word != "no" and role in MISSIONS:
        raise RightsError(f"{where}: a mission of an organisation grants nothing, posts do")
    if word == "agreement" and permission in OF_POSTS:
        raise RightsError(f"{where}: a right of a post depends on no patient's agreement")
    if word != "yes" and permission in KEPT.get(role, frozenset()):
        raise RightsError(f"{where}: nobody may take this away from {role}")
    return role, permission
