"""Reads the items of a FHIR R4 Questionnaire into typed items. Pure."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from questionnaires import extensions as ext
from questionnaires.fhir_conditions import are_all_needed, conditions_of
from questionnaires.fhir_numbers import number_of
from questionnaires.fhir_reading import Reader
from questionnaires.outside import Fault
from questionnaires.questionnaire import (
    ASKED,
    Item,
    Kind,
    Option,
    Urgency,
    Words,
)
from questionnaires.sounds import sounds_of
from questionnaires.wire import Json
from scoring.level import LEVEL_BY_CODE, Level

MOST_ITEMS: Final = 200
MOST_OPTIONS: Final = 60

_LINK_ID = re.compile(r"^[A-Za-z0-9/][A-Za-z0-9/._-]{0,63}$")
_CODE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
_ELEMENTS = frozenset(
    {
        "extension",
        "linkId",
        "definition",
        "code",
        "text",
        "_text",
        "type",
        "enableWhen",
        "enableBehavior",
        "required",
        "repeats",
        "readOnly",
        "answerOption",
        "item",
    }
)
_KINDS: Final = {
    "group": Kind.GROUP,
    "display": Kind.DISPLAY,
    "boolean": Kind.BOOLEAN,
    "choice": Kind.CHOICE,
    "integer": Kind.INTEGER,
    "decimal": Kind.DECIMAL,
    "string": Kind.TEXT,
    "text": Kind.TEXT,
    "date": Kind.DATE,
    "attachment": Kind.PHOTO,
}
RESERVED: Final = frozenset({"client_key", "key", "task", "act", "reason"})
"""Names that forms use for themselves: no linkId may be one of them."""


@dataclass(slots=True)
class Found:
    """The items met so far: where each one stands."""

    reader: Reader
    places: dict[str, str] = field(default_factory=dict)
    count: int = 0


def read_items(found: Found, here: Json, path: str) -> tuple[Item, ...]:
    """Return the items of a questionnaire or a group."""
    items = []
    for place, one in found.reader.objects(here, "item", path):
        found.count += 1
        if found.count > MOST_ITEMS:
            found.reader.note(place, Fault.TOO_MANY)
            break
        item = _item(found, one, place)
        if item is not None:
            items.append(item)
    return tuple(items)


def _item(found: Found, here: Json, path: str) -> Item | None:
    reader = found.reader
    reader.only(here, path, _ELEMENTS)
    link_id = _link_id(found, here, path)
    kind = _kind(reader, here, path)
    if link_id is None or kind is None:
        return None
    needs_words = kind is not Kind.GROUP
    words = reader.words(here, "text", path, needed=needs_words)
    number = number_of(reader, here, path, kind)
    conditions = conditions_of(reader, here, path)
    return Item(
        link_id=link_id,
        kind=kind,
        words=words,
        required=reader.flag(here, "required", path),
        options=_options(reader, here, path, kind),
        unit=number.unit,
        lowest=number.lowest,
        highest=number.highest,
        decimals=number.decimals,
        vital=number.vital,
        loinc=loinc_of(reader, here, path),
        expression=number.expression,
        enable_when=conditions,
        enable_all=are_all_needed(reader, here, path, len(conditions)),
        sounds=sounds_of(reader, here, path, asked=kind in ASKED),
        help=_help(found, here, path) if kind is not Kind.GROUP else None,
        items=read_items(found, here, path) if kind is Kind.GROUP else (),
    )


def _link_id(found: Found, here: Json, path: str) -> str | None:
    link_id = here.get("linkId")
    where = f"{path}.linkId"
    if not isinstance(link_id, str) or not _LINK_ID.match(link_id) or link_id in RESERVED:
        found.reader.note(where, Fault.BAD_LINK_ID if link_id else Fault.MISSING, link_id or "")
        return None
    if link_id in found.places:
        found.reader.note(where, Fault.LINK_ID_TWICE, link_id)
        return None
    found.places[link_id] = path
    return link_id


def _kind(reader: Reader, here: Json, path: str) -> Kind | None:
    raw = here.get("type")
    kind = _KINDS.get(raw) if isinstance(raw, str) else None
    if kind is None:
        reader.note(f"{path}.type", Fault.UNKNOWN_KIND if raw else Fault.MISSING, raw or "")
        return None
    if kind in (Kind.INTEGER, Kind.DECIMAL) and _is_calculated(here.get("extension")):
        kind = Kind.SCORE
    if reader.flag(here, "readOnly", path) and kind is not Kind.SCORE:
        reader.note(f"{path}.readOnly", Fault.UNKNOWN_ELEMENT, "readOnly")
    if reader.flag(here, "repeats", path):
        if kind is not Kind.CHOICE:
            reader.note(f"{path}.repeats", Fault.REPEATS)
        else:
            kind = Kind.CHOICES
    return kind


def _is_calculated(extensions: object) -> bool:
    return isinstance(extensions, list) and any(
        isinstance(one, dict) and one.get("url") == ext.CALCULATED for one in extensions
    )


def loinc_of(reader: Reader, here: Json, path: str) -> str | None:
    """Return the LOINC code among the codes of an element; codes of other systems are kept."""
    codes = []
    for place, coding in reader.objects(here, "code", path):
        code = reader.text(coding, "code", place, needed=True)
        if coding.get("system") == ext.LOINC:
            codes.append(code)
    if len(codes) > 1:
        reader.note(f"{path}.code" if path else "code", Fault.TOO_MANY, ", ".join(codes))
    return codes[0] if codes else None


def _options(reader: Reader, here: Json, path: str, kind: Kind) -> tuple[Option, ...]:
    choice = kind in (Kind.CHOICE, Kind.CHOICES)
    if not choice:
        if "answerOption" in here:
            reader.note(f"{path}.answerOption", Fault.OPTIONS_HERE)
        return ()
    options: list[Option] = []
    for place, one in reader.objects(here, "answerOption", path):
        option = _option(reader, one, place)
        if option is None:
            continue
        if any(option.code == other.code for other in options):
            reader.note(place, Fault.OPTION_TWICE, option.code)
            continue
        options.append(option)
    if len(here.get("answerOption") or ()) < 2:
        reader.note(f"{path}.answerOption", Fault.FEW_OPTIONS)
    elif len(options) > MOST_OPTIONS:
        reader.note(f"{path}.answerOption", Fault.TOO_MANY)
    return tuple(options)


def _option(reader: Reader, here: Json, path: str) -> Option | None:
    reader.only(here, path, frozenset({"extension", "valueCoding"}))
    told = reader.extensions(here, path, ext.OF_OPTION)
    coding = here.get("valueCoding")
    where = f"{path}.valueCoding"
    if not isinstance(coding, dict):
        reader.note(path, Fault.NOT_AN_OPTION)
        return None
    reader.only(coding, where, frozenset({"system", "version", "code", "display", "_display"}))
    code = reader.text(coding, "code", where, needed=True)
    system = reader.text(coding, "system", where) or None
    words = reader.words(coding, "display", where)
    if not _CODE.match(code):
        if code:
            reader.note(f"{where}.code", Fault.BAD_LINK_ID, code)
        return None
    level, urgency = told.get(ext.LEVEL), told.get(ext.URGENCY)
    return Option(
        code=code,
        system=system,
        words=words,
        level=_level(reader, *level) if level else None,
        urgency=_urgency(reader, *urgency) if urgency else None,
    )


def _level(reader: Reader, path: str, raw: Any) -> Level | None:
    level = LEVEL_BY_CODE.get(raw) if isinstance(raw, str) else None
    if level is None or level is Level.UNKNOWN:
        reader.note(path, Fault.BAD_WORD, raw)
        return None
    return level


def _urgency(reader: Reader, path: str, raw: Any) -> Urgency | None:
    if raw not in tuple(Urgency):
        reader.note(path, Fault.BAD_WORD, raw)
        return None
    return Urgency(raw)


def _help(found: Found, here: Json, path: str) -> Words | None:
    """Return the help text: the one child a question may have (item control « help »)."""
    reader = found.reader
    said: Words | None = None
    for place, child in reader.objects(here, "item", path):
        control = reader.extensions(child, place, ext.OF_HELP).get(ext.CONTROL)
        if child.get("type") != "display" or not _is_help(control) or said is not None:
            reader.note(place, Fault.CHILDREN_HERE)
            continue
        reader.only(child, place, frozenset({"extension", "linkId", "type", "text", "_text"}))
        _link_id(found, child, place)
        said = reader.words(child, "text", place)
    return said


def _is_help(control: tuple[str, Any] | None) -> bool:
    codings = control[1].get("coding") if control and isinstance(control[1], dict) else None
    if not isinstance(codings, list) or len(codings) != 1 or not isinstance(codings[0], dict):
        return False
    return codings[0].get("code") == "help"
