"""What stands of the model on a page, in words: always beside what the rules say. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from alerts.risk_line import OXYGEN, ShownRisk, Silence, risk_of
from alerts.risk_words import risk_words
from alerts.wording import item_word
from core.i18n import Translate, translator
from scoring.level import Level
from scoring.model.card import WARNING
from scoring.news2 import LOWEST_AGE

BEHIND: Final = timedelta(minutes=2)
"""A line so much older than the state beside it says how old it is: in a minute and some seconds
the model has been asked, unless nobody asks. Source: proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskBeside:
    """The state by the rules and, beside it, the newest line of the model; `version` in use.

    There is none without the other: `line` None is a model that was not asked yet.
    """

    level: Level
    judged_at: datetime
    version: str | None
    line: ShownRisk | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskCard:
    """Line by line in the reader's language; `band` is low, raised, high, or None: nothing said.

    `behind` says how much older this is than the state, where it is; `asked_at` is for the page to
    say. Without a model in use there is a headline and nothing else.
    """

    headline: str
    band: str | None = None
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    behind: str | None = None
    version: str | None = None
    asked_at: datetime | None = None
    warning: str | None = None


def risk_card(beside: RiskBeside, locale: str) -> RiskCard:
    """Return what the page says of the model: its argument, or why there is none.

    What a model said that is not in use any more is not shown: it was taken back for a reason.
    """
    tr = translator(locale)
    line = beside.line
    if beside.version is None:
        return RiskCard(headline=tr("No model is in use: the rules speak alone"))
    at_home = tr(
        "At home, where little is measured, the percentage may be several times off: it says who "
        "comes first, not the chance."
    )
    warning = f"{WARNING['fr' if locale == 'fr' else 'en']} {at_home}"
    version = tr("Model {version}").format(version=beside.version)
    if line is None or line.version != beside.version:
        headline = tr("The model has not been asked about this patient yet")
        return RiskCard(headline=headline, version=version, warning=warning)
    behind = _behind(beside.judged_at - line.asked_at, tr)
    oxygen = [tr("Oxygen not answered: taken as room air")] if OXYGEN in line.missing else []
    if line.risk is None or line.band is None:
        return RiskCard(
            headline=_silence(line, tr),
            behind=behind,
            version=version,
            asked_at=line.asked_at,
            warning=warning,
        )
    risk = risk_of(line.version, line.risk, line.band, line.reasons, line.instead, line.missing)
    said = risk_words(risk, locale)
    return RiskCard(
        headline=said.headline,
        band=line.band,
        reasons=said.reasons,
        notes=tuple(one for one in (said.instead, said.missing, *oxygen) if one),
        behind=behind,
        version=said.version,
        asked_at=line.asked_at,
        warning=warning,
    )


def _silence(line: ShownRisk, tr: Translate) -> str:
    if line.silence == Silence.TOO_YOUNG:
        said = tr("The model says nothing: it is not meant for anybody under {age}")
        return said.format(age=LOWEST_AGE)
    named = " · ".join(item_word(one, tr) for one in line.missing if one != OXYGEN)
    said = tr("The model says nothing: not measured within 24 hours: {vitals}")
    return said.format(vitals=named)


def _behind(lasting: timedelta, tr: Translate) -> str | None:
    if lasting <= BEHIND:
        return None
    minutes = lasting // timedelta(minutes=1)
    if minutes < 60:
        span = f"{minutes} min"
    elif minutes < 48 * 60:
        span = f"{minutes // 60} h {minutes % 60:02d}"
    else:
        span = tr("{days} days").format(days=minutes // 1440)
    return tr("Older than the state beside it, by {span}").format(span=span)
