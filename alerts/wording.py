"""Says in one sentence why an alert stands, for the queue, the alert's page and the GP's page."""

from typing import Final

from alerts.evidence import Evidence
from core.i18n import Translate, say_number, translator
from core.vitals import VITAL_BY_SLUG, VITALS
from scoring.item import BOUND_LABELS

ITEM_WORDS: Final = {
    "spo2": "SpO2 (saturation)",
    "respiratory_rate": "Respiratory rate",
    "pulse": "Pulse",
    "temperature": "Temperature",
    "dyspnoea": "Breathlessness",
    "faintness_or_confusion": "Faintness or confusion",
    "cannot_eat_or_drink": "Cannot eat or drink for 24 hours",
    "no_answer": "Unanswered",
    "systolic": "Blood pressure, upper value",
    "diastolic": "Blood pressure, lower value",
    "weight": "Weight",
    "prescription_end": "Monitoring prescription",
    "no_measure": "No transmission",
    "spo2_and_breathing": "SpO₂ and respiratory rate out of limits",
    "spo2_and_pulse": "SpO₂ and pulse out of limits",
    "spo2_and_breathlessness": "SpO₂ out of limits and breathlessness",
    "fever_and_pulse": "Temperature and pulse out of limits",
}
"""English msgid of each item of profiles, prescriptions and combinations, as the files say it."""

ANSWER_WORDS: Final = {
    "none": "no breathlessness",
    "effort": "on effort",
    "rest": "at rest",
    "no": "no",
    "yes": "yes",
    "missed": "a questionnaire was due and did not come",
    "missed_in_a_row": "two questionnaires or more in a row did not come",
}
"""English msgid of each answer code."""


def item_word(item: str, tr: Translate) -> str:
    """Return the name of an item as shown."""
    return tr(ITEM_WORDS.get(item, item))


def evidence_sentence(evidence: Evidence, locale: str) -> str:
    """Return « SpO₂ (saturation) : 91 % (rouge : 92 % ou moins) », or the answer that was given."""
    tr = translator(locale)
    if evidence.said is not None:
        return evidence.said.sentence(locale)
    colon = " : " if locale == "fr" else ": "
    said = item_word(evidence.item, tr) + colon + _value(evidence, locale, tr)
    limit = _limit(evidence, locale, tr)
    doubt = f" · {tr('to verify')}" if evidence.to_verify else ""
    return said + (f" ({limit})" if limit else "") + doubt


def _value(evidence: Evidence, locale: str, tr: Translate) -> str:
    if evidence.value is None:
        return tr(ANSWER_WORDS.get(evidence.code or "", evidence.code or ""))
    return say_value(evidence.item, evidence.value, evidence.unit, locale)


def say_value(item: str, value: float, unit: str | None, locale: str) -> str:
    """Return a value with the decimals and the unit its vital is shown with: « 38,4 °C »."""
    vital = VITAL_BY_SLUG.get(item)
    if vital is None:
        return f"{say_number(value, locale, 0)} {unit or ''}".strip()
    info = VITALS[vital]
    return f"{say_number(value, locale, info.decimals)} {translator(locale)(info.unit_shown)}"


def _limit(evidence: Evidence, locale: str, tr: Translate) -> str:
    if evidence.threshold is None or evidence.bound is None:
        return ""
    number = say_value(evidence.item, evidence.threshold, evidence.unit, locale)
    colon = " : " if locale == "fr" else ": "
    return tr(evidence.level.label) + colon + tr(BOUND_LABELS[evidence.bound]).format(limit=number)
