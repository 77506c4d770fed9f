"""Reads a FHIR R4 Questionnaire in the subset that Chevet asks.

Pure. What lies outside the subset is named with its path and what to do about it; nothing is
ignored that could change what is asked. The subset: docs/reference/questionnaires.md.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from questionnaires import extensions as ext
from questionnaires.conditions import check_conditions, is_date
from questionnaires.expression import named
from questionnaires.fhir_items import Found, loinc_of, read_items
from questionnaires.fhir_reading import Reader, is_language
from questionnaires.outside import Fault, Finding, OutsideSubset
from questionnaires.questionnaire import ASKED, Item, Kind, Questionnaire
from questionnaires.sounds import MOST_BYTES_IN_ALL, weight
from questionnaires.wire import Json, digest_of, read_json

_ASKED_OF: Final = frozenset(
    {
        "extension",
        "resourceType",
        "language",
        "url",
        "version",
        "name",
        "title",
        "_title",
        "status",
        "copyright",
        "publisher",
        "code",
        "date",
        "item",
    }
)
_KEPT: Final = frozenset(
    {
        "meta",
        "text",
        "identifier",
        "subjectType",
        "contact",
        "description",
        "purpose",
        "jurisdiction",
        "useContext",
        "approvalDate",
        "lastReviewDate",
        "effectivePeriod",
        "derivedFrom",
        "experimental",
    }
)
"""Kept in the stored resource and not shown: they change nothing of what is asked."""
_NAME = re.compile(r"^[A-Za-z][A-Za-z0-9_-]{0,62}$")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[a-z])|_")


def parse_questionnaire(given: str | bytes | Mapping[str, Any]) -> Questionnaire | OutsideSubset:
    """Return the questionnaire, or every reason why it is not taken. Never raises."""
    resource = given if isinstance(given, Mapping) else read_json(given)
    if isinstance(resource, Finding):
        return OutsideSubset((resource,))
    if resource.get("resourceType") != "Questionnaire":
        finding = Finding(path="resourceType", fault=Fault.NOT_A_QUESTIONNAIRE)
        return OutsideSubset((finding,))
    reader = Reader()
    questionnaire = _read(reader, resource)
    if reader.findings or questionnaire is None:
        return OutsideSubset(tuple(reader.findings))
    return questionnaire


def slug_of(name: str) -> str:
    """Return a FHIR name as a short name: « HomeDaily » is home-daily, « PostDischarge7 » …-7."""
    return re.sub(r"-+", "-", _HUMP.sub("-", name)).strip("-").lower()


def _read(reader: Reader, here: Json) -> Questionnaire | None:
    language = here.get("language")
    if not isinstance(language, str) or not is_language(language):
        reader.note("language", Fault.BAD_LANGUAGE if language else Fault.MISSING, language or "")
        return None
    reader.language = language
    reader.only(here, "", _ASKED_OF | _KEPT)
    told = reader.extensions(here, "", ext.OF_QUESTIONNAIRE)
    place, proposed = told.get(ext.PROPOSED, ("", False))
    if not isinstance(proposed, bool):
        reader.note(place, Fault.WRONG_TYPE, proposed)
    title = reader.words(here, "title", "")
    found = Found(reader)
    items = read_items(found, here, "")
    _check_whole(reader, items, found.places)
    return Questionnaire(
        digest=digest_of(here),
        url=reader.text(here, "url", "", needed=True),
        name=_name(reader, here),
        version=_version(reader, here),
        title=title,
        licence=reader.text(here, "copyright", "", needed=True),
        source=reader.text(here, "publisher", "", needed=True),
        proposed=proposed is True,
        languages=(language, *sorted(reader.languages - {language})),
        loinc=loinc_of(reader, here, ""),
        issued=_issued(reader, here),
        items=items,
    )


def _check_whole(reader: Reader, items: tuple[Item, ...], places: Mapping[str, str]) -> None:
    flat = list(_flat(items))
    asked = {item.link_id for item in flat if item.kind in ASKED}
    if not asked:
        reader.note("item", Fault.NOTHING_ASKED)
    check_conditions(reader, items, places)
    if sum(weight(sound) for item in flat for sound in item.sounds.values()) > MOST_BYTES_IN_ALL:
        reader.note("item", Fault.BAD_SOUND)
    for item in flat:
        if item.kind is Kind.SCORE and item.expression and not named(item.expression) & asked:
            reader.note(places[item.link_id], Fault.BAD_EXPRESSION, item.expression)


def _flat(items: tuple[Item, ...]) -> list[Item]:
    return [one for item in items for one in (item, *_flat(item.items))]


def _name(reader: Reader, here: Json) -> str:
    raw = reader.text(here, "name", "", needed=True)
    if raw and not _NAME.match(raw):
        reader.note("name", Fault.BAD_NAME, raw)
    return slug_of(raw)


def _version(reader: Reader, here: Json) -> str:
    version = reader.text(here, "version", "", needed=True)
    if len(version) > 40:
        reader.note("version", Fault.WRONG_TYPE, version)
    status = reader.text(here, "status", "", needed=True)
    if status not in ("draft", "active", ""):
        reader.note("status", Fault.NOT_IN_FORCE, status)
    return version


def _issued(reader: Reader, here: Json) -> date | None:
    raw = reader.text(here, "date", "")
    if not raw:
        return None
    if not is_date(raw[:10]):
        reader.note("date", Fault.WRONG_TYPE, raw)
        return None
    return date.fromisoformat(raw[:10])
