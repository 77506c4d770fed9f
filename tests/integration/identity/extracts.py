"""Small fictitious extracts of the national directory, in the shape the ANS publishes."""

import json
from typing import Any

from stdnum import luhn


def rpps(start: str) -> str:
    """Return an RPPS number with its key, of ten digits."""
    return start + luhn.calc_check_digit(start)


def finess(start: str) -> str:
    """Return a FINESS number with its key, of eight digits."""
    return start + luhn.calc_check_digit(start)


DOCTOR, NURSE, HOSPITAL = rpps("1000000001"), rpps("1000000002"), finess("99000001")
PRACTICE = finess("99000002")
OLD = "https://simplifier.net/FrenchProfiledFHIRAr/"
NOS = "https://mos.esante.gouv.fr/NOS/"


def _number(kind: str, value: str) -> dict[str, Any]:
    return {"type": {"coding": [{"code": kind}]}, "value": value, "use": "official"}


def organisation(id: str, number: str, name: str, sector: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Organization",
        "id": id,
        "identifier": [_number("IDNST", f"1{number}"), _number("FINEG", number)],
        "name": name,
        "type": [{"coding": [{"system": "urn:oid:1.2.250.1.71.4.2.4", "code": sector}]}],
        "active": True,
        **more,
    }


def practitioner(id: str, number: str, family: str, given: str, job: str) -> dict[str, Any]:
    profession = f"{NOS}TRE_G15-ProfessionSante/FHIR/TRE-G15-ProfessionSante"
    return {
        "resourceType": "Practitioner",
        "id": id,
        "identifier": [_number("IDNPS", f"8{number}"), _number("RPPS", number)],
        "name": [{"prefix": "DR", "family": family, "given": [given], "use": "usual"}],
        "telecom": [
            {"system": "email", "value": "personnel@example.fr"},
            {"system": "email", "value": f"{family.lower()}@exemple.mssante.fr"},
        ],
        "qualification": [{"code": {"coding": [{"system": profession, "code": job}]}}],
        "active": True,
    }


def role(id: str, who: str, place: str, mode: str = "S", **more: Any) -> dict[str, Any]:
    way = f"{NOS}TRE_R23-ModeExercice/FHIR/TRE-R23-ModeExercice"
    return {
        "resourceType": "PractitionerRole",
        "id": id,
        "practitioner": {"reference": f"Practitioner/{who}"},
        "organization": {"reference": f"Organization/{place}"},
        "code": [{"coding": [{"system": way, "code": mode}]}],
        "active": True,
        **more,
    }


def bundle(*resources: dict[str, Any]) -> tuple[str, str]:
    """Return a file of resources, wrapped as the directory wraps them."""
    wrapped = [{"fullUrl": "https://example.fr", "resource": one} for one in resources]
    return "extrait.json", json.dumps(wrapped)


def whole() -> list[dict[str, Any]]:
    """Return two places, a doctor and a nurse, and where they work."""
    return [
        organisation("o1", HOSPITAL, "Hôpital Fictif", "SA01"),
        organisation(
            "o2", PRACTICE, "Cabinet Fictif", "SA07", partOf={"reference": "Organization/o1"}
        ),
        practitioner("p1", DOCTOR, "Églantine", "Zoé", "10"),
        practitioner("p2", NURSE, "D’Aubépine", "Luc", "60"),
        role("r1", "p1", "o1", period={"start": "2020-01-01"}),
        role("r2", "p2", "o2", "L"),
    ]


HEADING = (
    "Type d'identifiant PP|Identifiant PP|Nom d'exercice|Prénom d'exercice|Code profession|"
    "Code savoir-faire|Code mode exercice|Numéro FINESS site|Raison sociale site|"
    "Code secteur d'activité"
)


def lines(*rows: str) -> tuple[str, str]:
    """Return a CSV file of activities."""
    return "extrait.csv", "\n".join([HEADING, *rows])
