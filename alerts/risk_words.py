"""Says the model's risk and its argument in words. Pure.

Never shown alone: whoever shows it shows the rule-based state beside it, and the warning with it.
"""

from dataclasses import dataclass
from typing import Final

from alerts.wording import item_word, say_value
from core.i18n import Translate, translator
from core.vitals import VITALS, Vital
from scoring.model.argument import Instead, Reason, Risk, RiskBand
from scoring.model.card import WARNING

BAND_SENTENCES: Final = {
    RiskBand.LOW: "Risk of deterioration within 12 hours: low ({percent} %)",
    RiskBand.RAISED: "Risk of deterioration within 12 hours: raised ({percent} %)",
    RiskBand.HIGH: "Risk of deterioration within 12 hours: high ({percent} %)",
}
STRENGTHS: Final = (
    (1.0, "raises the risk strongly", "lowers the risk strongly"),
    (0.4, "raises the risk", "lowers the risk"),
    (0.0, "raises the risk a little", "lowers the risk a little"),
)
"""From so many log-odds on. Source: proposed; 1.0 multiplies the odds by 2.7, 0.4 by 1.5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskWords:
    """What stands on a page, line by line, in the reader's language."""

    headline: str
    reasons: tuple[str, ...]
    instead: str | None
    missing: str | None
    version: str
    warning: str


def risk_words(risk: Risk, locale: str) -> RiskWords:
    """Return the risk, its reasons, what would calm it, what is not known, and the warning."""
    tr = translator(locale)
    missing = " · ".join(_name(vital, tr) for vital in risk.missing)
    return RiskWords(
        headline=tr(BAND_SENTENCES[risk.band]).format(percent=round(risk.risk * 100)),
        reasons=tuple(_reason(reason, locale, tr) for reason in risk.reasons)
        or (tr("No single value explains it"),),
        instead=_instead(risk, locale, tr),
        missing=tr("Not known to the model: {vitals}").format(vitals=missing) if missing else None,
        version=tr("Model {version}").format(version=risk.version),
        warning=WARNING["fr" if locale == "fr" else "en"],
    )


def _reason(reason: Reason, locale: str, tr: Translate) -> str:
    raises, lowers = next((up, down) for least, up, down in STRENGTHS if abs(reason.moved) >= least)
    colon = " : " if locale == "fr" else ": "
    value = say_value(VITALS[reason.vital].slug, reason.value, None, locale)
    said = tr(raises if reason.moved > 0 else lowers)
    if reason.worst is not None:
        worst = say_value(VITALS[reason.vital].slug, reason.worst, None, locale)
        value = tr("{worst} within two days, {value} now").format(worst=worst, value=value)
    return f"{_name(reason.vital, tr)}{colon}{value}, {said}"


def _instead(risk: Risk, locale: str, tr: Translate) -> str | None:
    """Return « it would be low with … »: of a band only the side that was left is named."""
    if risk.instead is None:
        return None
    return tr("It would be low with {vital}: {bounds}").format(
        vital=_name(risk.instead.vital, tr), bounds=_bounds(risk, risk.instead, locale, tr)
    )


def _bounds(risk: Risk, instead: Instead, locale: str, tr: Translate) -> str:
    slug = VITALS[instead.vital].slug
    low, high = (
        say_value(slug, limit, None, locale) for limit in (instead.lowest, instead.highest)
    )
    value = instead.value
    if value is None:
        value = next((one.value for one in risk.reasons if one.vital is instead.vital), None)
    if instead.highest >= VITALS[instead.vital].highest or (
        value is not None and value < instead.lowest
    ):
        return tr("{limit} or more").format(limit=low)
    return tr("{limit} or less").format(limit=high)


def _name(vital: Vital, tr: Translate) -> str:
    return item_word(VITALS[vital].slug, tr)
