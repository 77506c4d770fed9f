"""Writes a questionnaire as the FHIR R4 JSON that `questionnaires.fhir` reads: its inverse."""

from typing import Any

from core.vitals import VITALS
from questionnaires import extensions as ext
from questionnaires.fhir_reading import TRANSLATION
from questionnaires.questionnaire import Condition, Item, Kind, Option, Questionnaire, Words
from questionnaires.units import UCUM

_TYPES = {
    Kind.CHOICES: "choice",
    Kind.TEXT: "text",
    Kind.PHOTO: "attachment",
}


def write_questionnaire(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return the resource of a questionnaire; reading it gives the same, but for the digest."""
    language = questionnaire.languages[0]
    resource: dict[str, Any] = {
        "resourceType": "Questionnaire",
        "language": language,
        "url": questionnaire.url,
        "version": questionnaire.version,
        "name": questionnaire.name,
        "status": "active",
        "copyright": questionnaire.licence,
        "publisher": questionnaire.source,
        "item": [_item(item, language) for item in questionnaire.items],
    }
    _say(resource, "title", questionnaire.title, language)
    if questionnaire.proposed:
        resource["extension"] = [{"url": ext.PROPOSED, "valueBoolean": True}]
    if questionnaire.loinc:
        resource["code"] = [{"system": ext.LOINC, "code": questionnaire.loinc}]
    if questionnaire.issued:
        resource["date"] = questionnaire.issued.isoformat()
    return resource


def _say(here: dict[str, Any], name: str, words: Words, language: str) -> None:
    if language in words:
        here[name] = words[language]
    others = {lang: text for lang, text in words.items() if lang != language}
    if others:
        here[f"_{name}"] = {
            "extension": [
                {
                    "url": TRANSLATION,
                    "extension": [
                        {"url": "lang", "valueCode": lang},
                        {"url": "content", "valueString": text},
                    ],
                }
                for lang, text in others.items()
            ]
        }


def _item(item: Item, language: str) -> dict[str, Any]:
    kind = item.kind
    written: dict[str, Any] = {
        "linkId": item.link_id,
        "type": _type(item),
    }
    _say(written, "text", item.words, language)
    extensions = _extensions(item)
    if extensions:
        written["extension"] = extensions
    if item.loinc:
        written["code"] = [{"system": ext.LOINC, "code": item.loinc}]
    if item.required:
        written["required"] = True
    if kind is Kind.CHOICES:
        written["repeats"] = True
    if kind is Kind.SCORE:
        written["readOnly"] = True
    if item.options:
        written["answerOption"] = [_option(option, language) for option in item.options]
    if item.enable_when:
        written["enableWhen"] = [_condition(one, item) for one in item.enable_when]
        written["enableBehavior"] = "all" if item.enable_all else "any"
    children = [_item(child, language) for child in item.items]
    if item.help is not None:
        children.append(_help(item, item.help, language))
    if children:
        written["item"] = children
    return written


def _type(item: Item) -> str:
    if item.kind is Kind.SCORE:
        return "decimal" if item.decimals else "integer"
    return _TYPES.get(item.kind, item.kind.value)


def _extensions(item: Item) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = []
    if item.vital is not None:
        said.append({"url": ext.VITAL, "valueCode": VITALS[item.vital].slug})
    if item.unit:
        said.append({"url": ext.UNIT, "valueCoding": {"system": UCUM, "code": item.unit}})
    for url, bound in ((ext.LOWEST, item.lowest), (ext.HIGHEST, item.highest)):
        if bound is not None:
            said.append({"url": url, "valueDecimal": bound})
    if item.kind is Kind.DECIMAL or (item.kind is Kind.SCORE and item.decimals):
        said.append({"url": ext.DECIMALS, "valueInteger": item.decimals})
    if item.expression:
        expression = {"language": "text/fhirpath", "expression": item.expression}
        said.append({"url": ext.CALCULATED, "valueExpression": expression})
    return said


def _option(option: Option, language: str) -> dict[str, Any]:
    coding: dict[str, Any] = {"code": option.code}
    if option.system:
        coding["system"] = option.system
    _say(coding, "display", option.words, language)
    written: dict[str, Any] = {"valueCoding": coding}
    said = []
    if option.level is not None:
        said.append({"url": ext.LEVEL, "valueCode": option.level.code})
    if option.urgency is not None:
        said.append({"url": ext.URGENCY, "valueCode": option.urgency.value})
    if said:
        written["extension"] = said
    return written


def _condition(condition: Condition, item: Item) -> dict[str, Any]:
    value = condition.value
    written: dict[str, Any] = {
        "question": condition.link_id,
        "operator": condition.operator.value,
    }
    if isinstance(value, bool):
        written["answerBoolean"] = value
    elif isinstance(value, int):
        written["answerInteger"] = value
    elif isinstance(value, float):
        written["answerDecimal"] = value
    else:
        written["answerCoding"] = {"code": value}
    return written


def _help(item: Item, words: Words, language: str) -> dict[str, Any]:
    coding = {"system": ext.ITEM_CONTROL, "code": "help"}
    written: dict[str, Any] = {
        "linkId": f"{item.link_id}.help"[-64:],
        "type": "display",
        "extension": [{"url": ext.CONTROL, "valueCodeableConcept": {"coding": [coding]}}],
    }
    _say(written, "text", words, language)
    return written
