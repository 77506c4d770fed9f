"""Reading FHIR R4 Questionnaires: what is taken, and how each thing outside the subset is named."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from questionnaires import extensions as ext
from questionnaires.fhir import parse_questionnaire
from questionnaires.outside import FAULT_WORDS, Fault, OutsideSubset
from questionnaires.questionnaire import Questionnaire
from tests.unit.questionnaires.library import names, shipped, text_of
from tests.unit.questionnaires.writing import write_questionnaire

Resource = dict[str, Any]


def small() -> Resource:
    """A questionnaire that holds every kind, small enough to be read at once."""
    return {
        "resourceType": "Questionnaire",
        "language": "fr",
        "url": "https://example.org/Questionnaire/small",
        "version": "1",
        "name": "SmallOne",
        "title": "Petit",
        "status": "active",
        "copyright": "CC0-1.0",
        "publisher": "Quelqu’un",
        "item": [
            {
                "linkId": "cough",
                "type": "choice",
                "text": "Toussez-vous ?",
                "required": True,
                "answerOption": [
                    {"valueCoding": {"code": "no", "display": "Non"}},
                    {"valueCoding": {"code": "yes", "display": "Oui"}},
                ],
            },
            {
                "linkId": "times",
                "type": "integer",
                "text": "Combien de fois ?",
                "extension": [
                    {
                        "url": ext.UNIT,
                        "valueCoding": {"system": "http://unitsofmeasure.org", "code": "1"},
                    },
                    {"url": ext.LOWEST, "valueInteger": 0},
                    {"url": ext.HIGHEST, "valueInteger": 99},
                ],
                "enableWhen": [
                    {"question": "cough", "operator": "=", "answerCoding": {"code": "yes"}}
                ],
            },
            {
                "linkId": "twice",
                "type": "integer",
                "text": "Le double",
                "readOnly": True,
                "extension": [
                    {
                        "url": ext.CALCULATED,
                        "valueExpression": {
                            "language": "text/fhirpath",
                            "expression": "item.where(linkId='times').answer.value * 2",
                        },
                    }
                ],
            },
        ],
    }


def found(resource: Resource) -> list[tuple[str, Fault]]:
    read = parse_questionnaire(json.dumps(resource))
    assert isinstance(read, OutsideSubset), read
    return [(one.path, one.fault) for one in read.findings]


def test_the_small_one_is_read() -> None:
    read = parse_questionnaire(json.dumps(small()))
    assert isinstance(read, Questionnaire), read
    assert (read.name, read.version, read.languages) == ("small-one", "1", ("fr",))


@pytest.mark.parametrize("name", names())
def test_the_library_is_in_the_subset_in_two_languages_with_licence_and_source(name: str) -> None:
    one = shipped(name)
    assert one.name == name
    assert one.languages == ("fr", "en")
    for item in one.flat():
        said = [item.words, *(option.words for option in item.options)]
        assert all(set(words) == {"fr", "en"} for words in said if words), item.link_id
    assert one.licence
    assert len(one.source) > 20


@pytest.mark.parametrize("name", names())
def test_writing_and_reading_the_library_gives_it_back(name: str) -> None:
    one = shipped(name)
    again = parse_questionnaire(json.dumps(write_questionnaire(one)))
    assert isinstance(again, Questionnaire), again
    assert again.items == one.items
    assert (again.name, again.title, again.languages) == (one.name, one.title, one.languages)


def test_the_digest_does_not_depend_on_order_or_on_how_numbers_are_written() -> None:
    text = text_of("respiratory-oxygen-daily").decode()
    resource = json.loads(text)
    shuffled = json.dumps(dict(reversed(resource.items())), indent=3)
    one = parse_questionnaire(text)
    other = parse_questionnaire(shuffled.replace(": 24,", ": 24.0,").replace(": 24\n", ": 24.0\n"))
    assert isinstance(one, Questionnaire)
    assert isinstance(other, Questionnaire)
    assert one.digest == other.digest


def test_any_change_of_a_word_makes_another_digest() -> None:
    changed = small()
    changed["item"][0]["answerOption"][0]["valueCoding"]["display"] = "Non !"
    one, other = parse_questionnaire(small()), parse_questionnaire(changed)
    assert isinstance(one, Questionnaire)
    assert isinstance(other, Questionnaire)
    assert one.digest != other.digest


def item(place: int, **changes: Any) -> Callable[[Resource], None]:
    return lambda resource: resource["item"][place].update(changes)


def top(**changes: Any) -> Callable[[Resource], None]:
    return lambda resource: resource.update(changes)


def condition(**changes: Any) -> Callable[[Resource], None]:
    return lambda resource: resource["item"][1]["enableWhen"][0].update(changes)


def expression(text: str) -> Callable[[Resource], None]:
    def change(resource: Resource) -> None:
        resource["item"][2]["extension"][0]["valueExpression"]["expression"] = text

    return change


TWO = [{"valueCoding": {"code": "a", "display": "A"}}] * 2
CASES: list[tuple[Callable[[Resource], None], str, Fault]] = [
    (top(resourceType="Patient"), "resourceType", Fault.NOT_A_QUESTIONNAIRE),
    (top(language=None), "language", Fault.MISSING),
    (top(language="français"), "language", Fault.BAD_LANGUAGE),
    (top(status="retired"), "status", Fault.NOT_IN_FORCE),
    (top(copyright=None), "copyright", Fault.MISSING),
    (top(publisher=" "), "publisher", Fault.WRONG_TYPE),
    (top(name="7 jours"), "name", Fault.BAD_NAME),
    (top(date="hier"), "date", Fault.WRONG_TYPE),
    (top(implicitRules="x"), "implicitRules", Fault.UNKNOWN_ELEMENT),
    (top(modifierExtension=[]), "modifierExtension", Fault.MODIFIER),
    (top(extension=[{"url": "x", "valueBoolean": True}]), "extension[0]", Fault.UNKNOWN_EXTENSION),
    (top(item=[]), "item", Fault.WRONG_TYPE),
    (item(0, type="open-choice"), "item[0].type", Fault.UNKNOWN_KIND),
    (item(0, linkId="a b"), "item[0].linkId", Fault.BAD_LINK_ID),
    (item(0, linkId="client_key"), "item[0].linkId", Fault.BAD_LINK_ID),
    (item(1, linkId="cough"), "item[1].linkId", Fault.LINK_ID_TWICE),
    (item(0, text=None), "item[0].text", Fault.MISSING),
    (item(0, prefix="1."), "item[0].prefix", Fault.UNKNOWN_ELEMENT),
    (item(0, maxLength=3), "item[0].maxLength", Fault.UNKNOWN_ELEMENT),
    (item(0, initial=[{"valueBoolean": True}]), "item[0].initial", Fault.UNKNOWN_ELEMENT),
    (item(0, answerValueSet="x"), "item[0].answerValueSet", Fault.UNKNOWN_ELEMENT),
    (item(0, required="yes"), "item[0].required", Fault.WRONG_TYPE),
    (item(0, readOnly=True), "item[0].readOnly", Fault.UNKNOWN_ELEMENT),
    (item(0, answerOption=TWO), "item[0].answerOption[1]", Fault.OPTION_TWICE),
    (item(0, answerOption=TWO[:1]), "item[0].answerOption", Fault.FEW_OPTIONS),
    (item(0, answerOption=[{"valueString": "a"}, *TWO]), "item[0].answerOption[0].valueString",
     Fault.UNKNOWN_ELEMENT),
    (item(0, item=[{"linkId": "x", "type": "text", "text": "X"}]), "item[0].item[0]",
     Fault.CHILDREN_HERE),
    (item(1, repeats=True), "item[1].repeats", Fault.REPEATS),
    (item(1, answerOption=TWO), "item[1].answerOption", Fault.OPTIONS_HERE),
    (item(1, extension=[]), "item[1].extension", Fault.WRONG_TYPE),
    (condition(question="nobody"), "item[1].enableWhen[0]", Fault.UNKNOWN_QUESTION),
    (condition(question="twice"), "item[1].enableWhen[0]", Fault.UNKNOWN_QUESTION),
    (condition(operator="~"), "item[1].enableWhen[0].operator", Fault.BAD_OPERATOR),
    (condition(operator=">"), "item[1].enableWhen[0]", Fault.BAD_OPERATOR),
    (condition(operator="exists"), "item[1].enableWhen[0]", Fault.BAD_COMPARISON),
    (condition(answerCoding={"code": "perhaps"}), "item[1].enableWhen[0]", Fault.BAD_COMPARISON),
    (condition(answerBoolean=True), "item[1].enableWhen[0]", Fault.BAD_COMPARISON),
    (condition(question="times", answerCoding={"code": "1"}), "item[1].enableWhen[0]",
     Fault.BAD_COMPARISON),
    (expression("item.where("), "item[2].extension[0]", Fault.BAD_EXPRESSION),
    (expression("1 + 1"), "item[2].extension[0]", Fault.BAD_EXPRESSION),
    (expression("item.where(linkId='nobody').answer.value"), "item[2]", Fault.BAD_EXPRESSION),
    (expression("item.where(linkId.matches('times'))"), "item[2].extension[0]",
     Fault.BAD_EXPRESSION),
    (expression("repeat(item).where(linkId='times')"), "item[2].extension[0]",
     Fault.BAD_EXPRESSION),
    (expression("%ucum + item.where(linkId='times')"), "item[2].extension[0]",
     Fault.BAD_EXPRESSION),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "fault"), CASES)
def test_each_thing_outside_the_subset_is_named_with_its_place(
    change: Callable[[Resource], None], path: str, fault: Fault
) -> None:
    resource = small()
    change(resource)
    assert (path, fault) in found({k: v for k, v in resource.items() if v is not None})


def test_every_fault_is_said_in_words() -> None:
    assert set(FAULT_WORDS) == set(Fault)


def test_all_that_is_wrong_is_named_at_once() -> None:
    resource = small()
    resource["item"][0]["type"] = "url"
    resource["item"][1]["prefix"] = "2."
    resource["derived"] = True
    assert len(found(resource)) >= 3
