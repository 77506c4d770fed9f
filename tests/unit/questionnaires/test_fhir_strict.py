"""Numbers, JSON and conditions that could be read in two ways are refused."""

from typing import Any

import pytest

from questionnaires import extensions as ext
from questionnaires.fhir import parse_questionnaire, slug_of
from questionnaires.outside import Fault, OutsideSubset
from tests.unit.questionnaires.test_fhir import Resource, found, small


def numbered(**changes: Any) -> Resource:
    """Changes the second item's number: unit, bounds or vital sign."""
    resource = small()
    told = {one["url"]: one for one in resource["item"][1]["extension"]}
    for url, value in changes.pop("urls").items():
        told[url] = {"url": url, **value} if value else {}
    resource["item"][1]["extension"] = [one for one in told.values() if one]
    return resource


UCUM = "http://unitsofmeasure.org"


@pytest.mark.parametrize(
    ("urls", "fault"),
    [
        ({ext.UNIT: None}, Fault.BAD_UNIT),
        ({ext.UNIT: {"valueCoding": {"system": UCUM, "code": "furlong"}}}, Fault.BAD_UNIT),
        ({ext.UNIT: {"valueCoding": {"system": "x", "code": "1"}}}, Fault.BAD_UNIT),
        ({ext.LOWEST: None}, Fault.BAD_BOUNDS),
        ({ext.LOWEST: {"valueInteger": 99}}, Fault.BAD_BOUNDS),
        ({ext.LOWEST: {"valueInteger": True}}, Fault.WRONG_TYPE),
        ({ext.VITAL: {"valueCode": "mood"}}, Fault.BAD_VITAL),
        ({ext.VITAL: {"valueCode": "spo2"}}, Fault.BAD_VITAL),
        ({ext.DECIMALS: {"valueInteger": 2}}, Fault.BAD_BOUNDS),
    ],
)
def test_a_number_without_its_unit_and_bounds_is_refused(urls: Any, fault: Fault) -> None:
    assert fault in [one for _, one in found(numbered(urls=urls))]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"", Fault.NOT_JSON),
        (b"\xff\xfe", Fault.NOT_JSON),
        (b"[]", Fault.NOT_A_QUESTIONNAIRE),
        (b'{"a": 1, "a": 2}', Fault.TWICE),
        (b'{"a": NaN}', Fault.NO_NUMBER),
        (b'{"a": -Infinity}', Fault.NO_NUMBER),
        (b'{"a": 1e999}', Fault.NO_NUMBER),
        (b'{"a": ' + b"9" * 5000 + b"}", Fault.NO_NUMBER),
        (b'{"a": "\\ud800"}', Fault.BAD_TEXT),
        (b'{"a": "\\u0000"}', Fault.BAD_TEXT),
        (b"[" * 5000 + b"]" * 5000, Fault.TOO_DEEP),
        (b'{"a": "' + b"x" * 1_000_000 + b'"}', Fault.TOO_LARGE),
    ],
)
def test_json_that_could_be_read_in_two_ways_is_refused(text: bytes, fault: Fault) -> None:
    read = parse_questionnaire(text)
    assert isinstance(read, OutsideSubset)
    assert [one.fault for one in read.findings] == [fault]


def test_names_become_short_names() -> None:
    assert slug_of("PostDischarge30") == "post-discharge-30"
    assert slug_of("HomeDaily") == "home-daily"
    assert slug_of("covid-orientation-fr") == "covid-orientation-fr"


def test_conditions_that_go_in_a_circle_are_refused() -> None:
    resource = small()
    resource["item"][0]["enableWhen"] = [{"question": "times", "operator": ">", "answerInteger": 3}]
    assert ("item[0]", Fault.CIRCLE) in found(resource)
    assert ("item[1]", Fault.CIRCLE) in found(resource)


def test_a_group_that_hangs_on_what_it_holds_is_refused() -> None:
    resource = small()
    first, *others = resource["item"]
    resource["item"] = [
        {
            "linkId": "group",
            "type": "group",
            "item": [first],
            "enableWhen": [{"question": "cough", "operator": "=", "answerCoding": {"code": "yes"}}],
        },
        *others,
    ]
    assert ("item[0]", Fault.CIRCLE) in found(resource)
