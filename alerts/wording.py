"""Says in one sentence why an alert stands, for the queue, the alert's page and the GP's page."""

from typing import Final

from alerts.rules import Evidence
from core.i18n import Translate, say_number, translator
from core.vitals import VITALS, Vital
from scoring.item import BOUND_LABELS

ITEM_WORDS: Final = {
    "spo2": "SpO2 (saturation)",
    "respiratory_rate": "Respiratory rate",
    "pulse": "Pulse",
    "temperature": "Temperature",
    "dyspnoea": "Breathlessness",
    "faintness_or_confusion": "Faintness or confusion",
    "cannot_eat_or_drink": "Cannot eat or drink for 24 hours",
}
"""English msgid of each item of the profiles: the same words as the titles in the profile files."""

ANSWER_WORDS: Final = {
    "none": "no breathlessness",
    "effort": "on effort",
    "rest": "at rest",
    "no": "no",
    "yes": "yes",
}
"""English msgid of each answer code."""

UNIT_WORDS: Final = {"%": "%", "/min": "/min", "Cel": "°C", "mm[Hg]": "mmHg", "kg": "kg"}
"""How a UCUM unit is written on screens."""

_VITAL_OF_ITEM: Final = {info.slug: vital for vital, info in VITALS.items()}


def item_word(item: str, tr: Translate) -> str:
    """Return the name of an item as shown."""
    return tr(ITEM_WORDS.get(item, item))


def evidence_sentence(evidence: Evidence, locale: str) -> str:
    """Return « SpO₂ (saturation) : 91 % (rouge : 92 % ou moins) », or the answer that was given."""
    tr = translator(locale)
    colon = " : " if locale == "fr" else ": "
    said = item_word(evidence.item, tr) + colon + _value(evidence, locale, tr)
    limit = _limit(evidence, locale, tr)
    doubt = f" · {tr('to verify')}" if evidence.to_verify else ""
    return said + (f" ({limit})" if limit else "") + doubt


def _value(evidence: Evidence, locale: str, tr: Translate) -> str:
    if evidence.value is None:
        return tr(ANSWER_WORDS.get(evidence.code or "", evidence.code or ""))
    return _number(evidence, evidence.value, locale)


def _number(evidence: Evidence, value: float, locale: str) -> str:
    vital = _VITAL_OF_ITEM.get(evidence.item, Vital.PULSE)
    unit = UNIT_WORDS.get(evidence.unit or "", evidence.unit or "")
    return f"{say_number(value, locale, VITALS[vital].decimals)} {unit}".strip()


def _limit(evidence: Evidence, locale: str, tr: Translate) -> str:
    if evidence.threshold is None or evidence.bound is None:
        return ""
    number = _number(evidence, evidence.threshold, locale)
    colon = " : " if locale == "fr" else ": "
    return tr(evidence.level.label) + colon + tr(BOUND_LABELS[evidence.bound]).format(limit=number)
