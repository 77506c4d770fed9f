"""An event of the trail as a FHIR R4 AuditEvent, after IHE Basic Audit Log Patterns. Pure.

Source: IHE ITI BALP 1.1.4 (PatientRead, PatientCreate, PatientUpdate, PatientDelete, Query).
People, posts and sessions are named by identifier alone: no name leaves with the trail, and no
value can, for an event holds none. An address of the client is not kept, which BALP asks for: it
is marked as absent.
"""

from base64 import b64encode
from datetime import UTC
from typing import Any, Final
from uuid import UUID

from core.audit.events import Event

Json = dict[str, Any]

_PROFILES: Final = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
_TERMS: Final = "http://terminology.hl7.org/CodeSystem/"
_DICOM: Final = "http://dicom.nema.org/resources/ontology/DCM"
_REASONS: Final = frozenset(
    {
        *("TREAT", "ETREAT", "BTG", "PATRQT", "FAMRQT", "CAREMGT", "COC"),
        *("HOPERAT", "HSYSADMIN", "PATADMIN", "DIRECT"),
    }
)
"""PurposeOfUse of HL7 v3 ActReason that Chevet may write."""
_INTERACTIONS: Final = {
    "C": ("create", "Create"),
    "R": ("read", "Read"),
    "U": ("update", "Update"),
    "D": ("delete", "Delete"),
    "E": ("search", "Query"),
}
_ABSENT: Final = {
    "extension": [
        {
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
            "valueCode": "unknown",
        }
    ]
}


def to_audit_event(event: Event, *, organisation: UUID | None, server: str) -> Json:
    """Return the event as FHIR JSON; `server` is the public address it was recorded at."""
    return _run(event, server) if event.service else _access(event, organisation, server)


def _access(event: Event, organisation: UUID | None, server: str) -> Json:
    """What a person did, or was refused."""
    listing = event.patient_id is None and event.action in ("R", "E")
    code, profile = _INTERACTIONS["E" if listing else event.action]
    refused = event.outcome == "refused"
    return {
        **_head(event),
        **({} if refused else {"meta": {"profile": [_profile(event, profile)]}}),
        "type": _coding(f"{_TERMS}audit-event-type", "rest", "Restful Operation"),
        "subtype": [_coding("http://hl7.org/fhir/restful-interaction", code, code)],
        "action": "E" if listing else event.action,
        "outcome": "4" if refused else "0",
        **({"outcomeDesc": "refused"} if refused else {}),
        "purposeOfEvent": [_purpose(event.purpose)],
        "agent": [
            _user(event),
            *_organisation(organisation),
            *_ends(event, server, to_client=event.action == "R" and not listing),
        ],
        "source": _source(event, server),
        "entity": [*_patient(event), _query(event) if listing else _data(event, server)],
    }


def _run(event: Event, server: str) -> Json:
    """What a machine did, once per run."""
    return {
        **_head(event),
        "type": _coding(_DICOM, "110100", "Application Activity"),
        "action": event.action,
        "outcome": "0" if event.outcome == "success" else "4",
        "purposeOfEvent": [{"text": event.purpose}],
        "agent": [
            {
                "type": _concept(_DICOM, "110150", "Application"),
                "who": {"identifier": {"system": f"{server}/ns/service", "value": event.service}},
                "requestor": False,
            }
        ],
        "source": _source(event, server),
        "entity": [
            {
                "what": {"display": event.purpose},
                "type": _coding(f"{_TERMS}audit-entity-type", "2", "System Object"),
                "role": _coding(f"{_TERMS}object-role", "20", "Job"),
            }
        ],
    }


def _head(event: Event) -> Json:
    return {
        "resourceType": "AuditEvent",
        "id": f"event-{event.id}",
        "recorded": event.at.astimezone(UTC).isoformat(timespec="milliseconds"),
    }


def _profile(event: Event, name: str) -> str:
    return f"{_PROFILES}{'Patient' if event.patient_id else ''}{name}"


def _user(event: Event) -> Json:
    reads = event.action in ("R", "E")
    part = ("IRCP", "information recipient") if reads else ("AUT", "author (originator)")
    agent: Json = {
        "type": _concept(f"{_TERMS}v3-ParticipationType", *part),
        "who": {"identifier": _uuid(event.person)},
        "requestor": True,
        "purposeOfUse": [_purpose(event.purpose)],
    }
    if event.post:
        agent["altId"] = f"urn:uuid:{event.post}"
    if event.role:
        agent["role"] = [{"text": event.role}]
    if event.basis:
        agent["policy"] = [f"urn:chevet:basis:{event.basis}"]
    return agent


def _organisation(organisation: UUID | None) -> list[Json]:
    if organisation is None:
        return []
    return [
        {
            "type": _concept(f"{_TERMS}v3-RoleClass", "PROV", "healthcare provider"),
            "who": {"type": "Organization", "identifier": _uuid(organisation)},
            "requestor": False,
        }
    ]


def _ends(event: Event, server: str, *, to_client: bool) -> list[Json]:
    """The two machines: data flow to the client when it reads, a request to the server else."""
    source = _concept(_DICOM, "110153", "Source Role ID")
    target = _concept(_DICOM, "110152", "Destination Role ID")
    who = {"identifier": _uuid(event.session)} if event.session else {"display": "unknown session"}
    return [
        {
            "type": target if to_client else source,
            "who": who,
            "requestor": False,
            "network": _ABSENT,
        },
        {
            "type": source if to_client else target,
            "who": {"identifier": {"value": server}},
            "requestor": False,
            "network": {"address": server, "type": "5"},
        },
    ]


def _source(event: Event, server: str) -> Json:
    return {
        "site": server,
        "observer": {"identifier": {"value": event.source or "chevet"}},
        "type": [_coding(f"{_TERMS}security-source-type", "4", "Application Server")],
    }


def _patient(event: Event) -> list[Json]:
    if event.patient_id is None:
        return []
    return [
        {
            "what": {"reference": f"Patient/{event.patient_id}"},
            "type": _coding(f"{_TERMS}audit-entity-type", "1", "Person"),
            "role": _coding(f"{_TERMS}object-role", "1", "Patient"),
        }
    ]


def _data(event: Event, server: str) -> Json:
    kind = event.entity_kind or event.permission.partition(":")[0]
    what: Json = {"display": kind}
    if event.entity_id:
        what = {"identifier": {"system": f"{server}/ns/{kind}", "value": event.entity_id}}
    return {
        "what": what,
        "type": _coding(f"{_TERMS}audit-entity-type", "2", "System Object"),
        "role": _coding(f"{_TERMS}object-role", "4", "Domain Resource"),
        "description": event.permission,
    }


def _query(event: Event) -> Json:
    return {
        "type": _coding(f"{_TERMS}audit-entity-type", "2", "System Object"),
        "role": _coding(f"{_TERMS}object-role", "24", "Query"),
        "description": event.permission,
        "query": b64encode(event.permission.encode()).decode(),
    }


def _purpose(code: str) -> Json:
    if code in _REASONS:
        return {"coding": [{"system": f"{_TERMS}v3-ActReason", "code": code}]}
    return {"text": code}


def _uuid(value: UUID | None) -> Json:
    return {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{value}"}


def _coding(system: str, code: str, display: str) -> Json:
    return {"system": system, "code": code, "display": display}


def _concept(system: str, code: str, display: str) -> Json:
    return {"coding": [_coding(system, code, display)]}
