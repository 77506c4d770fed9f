"""What this room adds to the timeline of a record: measurements summed up, alerts, what was done.

Measurements are those of the doorways of vitals, which leave out what was withdrawn.
"""

import json
from datetime import datetime
from typing import Final

from alerts.outcomes import OUTCOME_LABELS, Outcome
from alerts.page_words import EVENT_WORDS
from alerts.wording import item_word, say_value
from core.access import Permission
from core.changes import Change, ChangeSource
from core.doors import CareContext, PersonConnection
from core.i18n import Translate
from core.rows import fetch_all
from core.sqlfile import load_queries
from core.timeline import Entry, Grain, Line, Source, Weight, Window, entry_of
from core.vitals import VITALS, Quality, Vital

_SQL = load_queries("alerts")
UNUSABLE: Final = Quality.INVALID | Quality.IMPLAUSIBLE | Quality.DEMONSTRATION
SHOWN: Final = (
    "raised",
    "worsened",
    "owned",
    "seen",
    "calling_patient",
    "to_emergency",
    "visit_asked",
    "called_15",
    "asked",
    "replied",
    "asleep",
    "limits_proposed",
    "repeat_confirmed",
    "repeat_within",
    "closed",
)
"""Events of an alert that somebody reads a timeline for; the rest stands on the alert's page."""
TIMELINE_LABELS: Final[dict[str, str]] = {
    "readings": "Measurements",
    "alerts": "Alerts",
    "call_back": "Somebody asks to be called",
    "month": "Measurements in this month",
    "drill": "EXERCISE",
}
_WORD_OF_VITAL: Final = {vital: info.slug for vital, info in VITALS.items()}


def load_alerts(conn: PersonConnection, ctx: CareContext, window: Window) -> list[Entry]:
    """Return what happened to alerts and what was done about them."""
    params = {**window.params(ctx.patient), "shown": list(SHOWN)}
    lines = fetch_all(conn, _SQL["alert_lines"], params, Line)
    lines += fetch_all(conn, _SQL["call_back_lines"], window.params(ctx.patient), Line)
    return [_alert_entry(ctx, line) for line in lines]


def _alert_entry(ctx: CareContext, line: Line) -> Entry:
    link = f"/patients/{ctx.patient}/alerts/{line.thing}" if line.thing else None
    entry = entry_of("alerts", line, link)
    outcome, _, closer = (line.author or "").rpartition("|")
    weights = {"orange": Weight.ORANGE, "red": Weight.RED}
    loud = line.what in ("raised", "worsened")
    return Entry(
        at=entry.at,
        key=entry.key,
        kind=entry.kind,
        what=entry.what,
        facts={**entry.facts, "outcome": outcome},
        link=link,
        author=closer or None,
        weight=weights.get(line.more or "", Weight.USUAL) if loud else Weight.USUAL,
    )


def say_alert(entry: Entry, say: Translate, locale: str) -> str:
    """Write what happened to an alert: « SpO₂ (saturation) – prise en charge »."""
    if entry.what == "call_back":
        return say(TIMELINE_LABELS["call_back"])
    words = f"{item_word(entry.facts['name'], say)} – {say(EVENT_WORDS[entry.what])}"
    if entry.facts["outcome"] in Outcome.__members__.values():
        words += f" ({say(OUTCOME_LABELS[Outcome(entry.facts['outcome'])])})"
    return f"{say(TIMELINE_LABELS['drill'])} · {words}" if entry.facts["more"] == "drill" else words


def load_readings(conn: PersonConnection, ctx: CareContext, window: Window) -> list[Entry]:
    """Return what was measured, summed up as finely as the window asks."""
    params = {
        **window.params(ctx.patient),
        "until": window.until,
        "zone": window.zone,
        "unusable": int(UNUSABLE),
        "vitals": list(map(int, Vital)),
        "grain": str(window.grain),
    }
    match window.grain:
        case Grain.DAY | Grain.HOUR:
            lines = fetch_all(conn, _SQL["measured_spans"], params, Line)
        case Grain.EACH:
            lines = fetch_all(conn, _SQL["measured_each"], params, Line)
        case _:
            lines = fetch_all(conn, _SQL["measured_months"], params, Line)
    return [entry_of("readings", line) for line in lines]


def say_readings(entry: Entry, say: Translate, locale: str) -> str:
    """Write what was measured: « SpO₂ (saturation) : 91 à 95 % (12) »."""
    colon = " : " if locale == "fr" else ": "
    if entry.what == "month":
        return say(TIMELINE_LABELS["month"])
    if entry.what == "one":
        slug = _WORD_OF_VITAL[Vital(int(entry.facts["name"]))]
        value = say_value(slug, float(entry.facts["more"]), None, locale)
        return f"{item_word(slug, say)}{colon}{value}"
    found = sorted((int(vital), span) for vital, span in json.loads(entry.facts["name"]).items())
    return " · ".join(
        _say_span(_WORD_OF_VITAL[Vital(vital)], span, say, locale, colon) for vital, span in found
    )


def _say_span(
    slug: str, span: tuple[float, float, int], say: Translate, locale: str, colon: str
) -> str:
    low, high, times = span
    most = say_value(slug, high, None, locale)
    least = say_value(slug, low, None, locale)
    said = most if least == most else f"{least} – {most}"
    return f"{item_word(slug, say)}{colon}{said}" + (f" (× {times})" if times > 1 else "")


def load_changed(conn: PersonConnection, since: datetime, most: int) -> list[Change]:
    """Return in which records the actor follows alerts were raised or closed."""
    return fetch_all(conn, _SQL["changed_alerts"], {"since": since, "most": most}, Change)


READINGS: Final = Source(
    kind="readings",
    label=TIMELINE_LABELS["readings"],
    permissions=(Permission.VITALS_READ,),
    load=load_readings,
    say=say_readings,
)
ALERTS: Final = Source(
    kind="alerts",
    label=TIMELINE_LABELS["alerts"],
    permissions=(Permission.ALERTS_READ,),
    load=load_alerts,
    say=say_alert,
)
CHANGED: Final = ChangeSource(kind="alerts", label=TIMELINE_LABELS["alerts"], load=load_changed)
