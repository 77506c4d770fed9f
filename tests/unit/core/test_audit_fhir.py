"""An event leaves as an AuditEvent with all that IHE BALP asks for, and nothing that is a value."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from core.audit.events import Event
from core.audit.fhir import to_audit_event

SERVER = "https://chevet.example.org"
PERSON, POST, SESSION, PATIENT, ITEM, ORGANISATION = (UUID(int=n) for n in range(1, 7))
READ = Event(
    id=7,
    xid="800",
    at=datetime(2026, 11, 22, 9, 12, tzinfo=UTC),
    person=PERSON,
    post=POST,
    session=SESSION,
    service=None,
    purpose="TREAT",
    action="R",
    permission="vitals:read",
    patient_id=PATIENT,
    outcome="success",
    role="gp",
    basis="care_team",
    entity_kind="vitals",
    entity_id=str(ITEM),
    source="web",
    detail="{}",
)
BALP = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit."
CODES = {"R": ("PatientRead", "read"), "C": ("PatientCreate", "create")} | {
    "U": ("PatientUpdate", "update"),
    "D": ("PatientDelete", "delete"),
}
"""Profile and restful-interaction of each action (IHE ITI BALP 1.1.4, §3:5.7.3 to 3:5.7.7)."""


def made(event: Event) -> dict[str, Any]:
    resource = to_audit_event(event, organisation=ORGANISATION, server=SERVER)
    return json.loads(json.dumps(resource))  # type: ignore[no-any-return]


def lacking(resource: dict[str, Any], action: str) -> list[str]:
    """What the BALP profile of a patient's record asks for and the resource does not have."""
    profile, interaction = CODES[action]
    agents = {
        agent["type"]["coding"][0]["code"]: agent
        for agent in resource.get("agent", [])
        if "type" in agent
    }
    entities = {one["role"]["code"]: one for one in resource.get("entity", [])}
    user = agents.get("IRCP" if action == "R" else "AUT", {})
    asked = {
        "profile": resource.get("meta", {}).get("profile") == [BALP + profile],
        "type": resource.get("type", {}).get("code") == "rest",
        "subtype": [one["code"] for one in resource.get("subtype", [])] == [interaction],
        "action": resource.get("action") == action,
        "recorded": str(resource.get("recorded", "")).endswith("+00:00"),
        "outcome": resource.get("outcome") == "0",
        "purpose": bool(resource.get("purposeOfEvent")),
        "user": user.get("requestor") is True and "who" in user,
        "purpose of use": bool(user.get("purposeOfUse")),
        "through which right": user.get("policy") == ["urn:chevet:basis:care_team"],
        "post": user.get("altId") == f"urn:uuid:{POST}",
        "client and server": {"110152", "110153"} <= set(agents),
        "one requestor": [a["requestor"] for a in agents.values()].count(True) == 1,
        "source": "observer" in resource.get("source", {}),
        "patient": entities.get("1", {}).get("what") == {"reference": f"Patient/{PATIENT}"},
        "data": "what" in entities.get("4", {}),
    }
    return [part for part, there in asked.items() if not there]


@pytest.mark.promise("S10")
@pytest.mark.parametrize("action", sorted(CODES))
def test_an_access_has_all_that_the_profile_asks_for(action: str) -> None:
    assert lacking(made(replace(READ, action=action)), action) == []


@pytest.mark.parametrize(
    ("part", "takes"),
    [
        ("profile", "meta"),
        ("type", "type"),
        ("subtype", "subtype"),
        ("recorded", "recorded"),
        ("outcome", "outcome"),
        ("purpose", "purposeOfEvent"),
        ("user", "agent"),
        ("source", "source"),
        ("patient", "entity"),
    ],
)
def test_a_part_that_is_missing_is_found(part: str, takes: str) -> None:
    resource = made(READ)
    del resource[takes]
    assert part in lacking(resource, "R")


def test_data_flows_to_the_client_when_it_reads_and_to_the_server_else() -> None:
    def client(event: Event) -> str:
        agents = made(event)["agent"]
        ours = next(a for a in agents if "110" in a["type"]["coding"][0]["code"])
        return str(ours["type"]["coding"][0]["code"])

    assert client(READ) == "110152"
    assert client(replace(READ, action="U")) == "110153"


def test_a_refusal_is_a_failure_and_claims_no_profile() -> None:
    refused = made(replace(READ, outcome="refused", role=None, basis=None))
    assert (refused["outcome"], refused["outcomeDesc"]) == ("4", "refused")
    assert "meta" not in refused
    assert {one["role"]["code"] for one in refused["entity"]} == {"1", "4"}


def test_a_list_of_patients_is_a_query() -> None:
    listing = made(replace(READ, patient_id=None, permission="queue:read"))
    assert listing["meta"]["profile"] == [BALP + "Query"]
    assert (listing["action"], listing["subtype"][0]["code"]) == ("E", "search")
    assert {one["role"]["code"] for one in listing["entity"]} == {"24"}


def test_a_run_of_a_machine_is_an_activity_of_the_application() -> None:
    run = made(replace(READ, person=None, service="review", purpose="a run", patient_id=None))
    assert run["type"]["code"] == "110100"
    assert run["agent"][0]["who"]["identifier"]["value"] == "review"
    assert run["purposeOfEvent"] == [{"text": "a run"}]


def test_breaking_the_glass_is_told_by_its_code() -> None:
    resource = made(replace(READ, purpose="BTG", basis="break_glass", role="emergency"))
    coding = resource["purposeOfEvent"][0]["coding"][0]
    assert coding["code"] == "BTG"
    assert coding["system"].endswith("/v3-ActReason")


def test_a_detail_never_leaves() -> None:
    """Counts and identifiers of a detail stay in the trail, so no value can leave by it."""
    assert "CANARY" not in json.dumps(made(replace(READ, detail='{"x": "CANARY"}')))
