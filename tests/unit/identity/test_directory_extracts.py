"""Extracts of the national directory: what is read, and why a thing is refused."""

import pytest

from identity.directory import ProfessionalEntry, Refusal, role_of
from identity.directory_csv import read_csv
from identity.directory_fhir import read_fhir
from tests.integration.identity.extracts import (
    DOCTOR,
    HOSPITAL,
    bundle,
    lines,
    organisation,
    practitioner,
    role,
    whole,
)


def wrong_key(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def reasons(refusals: list[Refusal]) -> list[str]:
    return [one.reason for one in refusals]


def test_fhir_of_the_present_guide_is_read() -> None:
    extract = read_fhir([bundle(*whole())])
    assert extract.refusals == []
    hospital, practice = extract.organisations
    assert (hospital.finess, hospital.kind, hospital.sector) == (HOSPITAL, "hospital", "SA01")
    assert practice.parent == "id:o1"
    doctor, nurse = extract.professionals
    assert (doctor.rpps, doctor.profession, doctor.shown_name) == (DOCTOR, "10", "Dr Zoé Églantine")
    assert doctor.mssante == "églantine@exemple.mssante.fr"
    assert [(post.professional, post.organisation) for post in extract.posts] == [
        ("id:p1", "id:o1"),
        ("id:p2", "id:o2"),
    ]
    assert nurse.profession == "60"
    assert extract.posts[1].practice_mode == "L"


def test_the_older_shape_tells_names_in_the_professional_role() -> None:
    bare = {**practitioner("p1", DOCTOR, "x", "y", "10"), "name": [{"prefix": "DR"}]}
    del bare["qualification"]
    named = {
        "resourceType": "PractitionerRole",
        "id": "e1",
        "practitioner": {"reference": "Practitioner/p1"},
        "code": [{"coding": [{"system": "urn:oid:1.2.250.1.71.1.2.7", "code": "21"}]}],
        "extension": [
            {
                "url": "https://apifhir.annuaire.sante.fr/x/practitionerRole-name",
                "valueHumanName": {"family": "CHÂTEAU", "given": ["David"]},
            }
        ],
    }
    extract = read_fhir([bundle(bare, named)])
    (person,) = extract.professionals
    assert (person.family_name, person.given_names, person.profession) == ("CHÂTEAU", "David", "21")
    assert extract.refusals == []


def test_a_comma_too_many_is_forgiven_and_a_broken_file_is_not() -> None:
    name, text = bundle(practitioner("p1", DOCTOR, "A, ]", "B", "10"))
    forgiven = read_fhir([(name, text.replace('"usual"', '"usual",'))])
    assert [one.family_name for one in forgiven.professionals] == ["A, ]"]
    broken = read_fhir([(name, text[:-2])])
    assert broken.refusals == [Refusal("extrait.json:1", "The file is not JSON.")]


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        (practitioner("p", DOCTOR[:-1] + "x", "A", "B", "10"), "An RPPS number has 11 digits."),
        (
            practitioner("p", wrong_key(DOCTOR), "A", "B", "10"),
            "The key (the last digit) does not fit the RPPS number.",
        ),
        (practitioner("p", DOCTOR, "", "B", "10"), "It has no family name."),
        (
            {**practitioner("p", DOCTOR, "A", "B", "10"), "identifier": []},
            "It has neither an RPPS nor an ADELI number.",
        ),
        (
            organisation("o", wrong_key(HOSPITAL), "Hôpital", "SA01"),
            "The key (the last digit) does not fit the FINESS number.",
        ),
        (organisation("o", HOSPITAL, " ", "SA01"), "It has no name."),
        ({**role("r", "p", "o"), "practitioner": None}, "It does not say whose post it is."),
        ({**role("r", "p", "o"), "period": {"start": "hier"}}, "The resource has not the shape"),
        ({"resourceType": "Patient", "id": "x"}, "This kind of resource is not of the directory."),
        ({**role("r", "p", "o"), "practitioner": {"identifier": "x"}}, "The resource has not the"),
        ({**whole()[0], "identifier": "x"}, "The resource has not the shape"),
    ],
)
def test_what_is_refused_says_where_and_why(resource: dict[str, object], reason: str) -> None:
    extract = read_fhir([bundle(resource)])
    (refusal,) = extract.refusals
    assert refusal.reason.startswith(reason)
    assert refusal.ref.startswith("extrait.json ")
    assert [*extract.organisations, *extract.professionals, *extract.posts] == []


def test_csv_has_a_line_for_each_activity() -> None:
    extract = read_csv(
        [
            lines(
                f"8|{DOCTOR}|ÉGLANTINE|Zoé|10|SM26|L||Cabinet sans numéro|SA07",
                f"8|{DOCTOR}|ÉGLANTINE|Zoé|10|SM26|S|{HOSPITAL}|Hôpital Fictif|SA01",
                f"8|{DOCTOR}|ÉGLANTINE|Zoé|10|SM26|S|{HOSPITAL}|Hôpital Fictif|SA01",
            )
        ]
    )
    assert extract.refusals == []
    (person,) = extract.professionals
    assert isinstance(person, ProfessionalEntry)
    assert person.specialty == "SM26"
    assert [place.finess for place in extract.organisations] == [HOSPITAL]
    assert len(extract.posts) == 1


def test_csv_refusals_name_their_line() -> None:
    extract = read_csv(
        [
            lines(
                f"8|{DOCTOR[:-1]}|ÉGLANTINE|Zoé|10|||||",
                f"8|{DOCTOR}|ÉGLANTINE|Zoé|10||L|123456789|Cabinet|SA07",
                f"8|{DOCTOR}|ÉGLANTINE",
            ),
            ("autre.csv", "a;b\n1;2"),
        ]
    )
    assert [one.ref for one in extract.refusals] == [
        "extrait.csv:2",
        "extrait.csv:3",
        "extrait.csv:4",
        "autre.csv:1",
    ]
    assert "FINESS" in reasons(extract.refusals)[1]


@pytest.mark.parametrize(
    ("profession", "kind", "mode", "role"),
    [
        ("10", "hospital", "S", "hospital_doctor"),
        ("10", "practice", "L", "gp"),
        ("21", "pharmacy", "L", "pharmacist"),
        ("70", "practice", "L", "physiotherapist"),
        ("60", "practice", "L", "home_nurse"),
        ("60", "home_care", "S", "home_nurse"),
        ("60", "hospital", "S", ""),
        ("93", "practice", "L", ""),
        (None, "practice", None, ""),
    ],
)
def test_a_post_has_the_role_of_its_profession_or_none(
    profession: str | None, kind: str, mode: str | None, role: str
) -> None:
    assert role_of(profession, None, kind, mode) == role
